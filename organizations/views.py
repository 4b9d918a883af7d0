"""Pages of people and departments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def people(request: HttpRequest) -> HttpResponse:
    """All people."""
    return render(request, "base.html")


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person."""
    return render(request, "base.html")


def departments(request: HttpRequest) -> HttpResponse:
    """All departments."""
    return render(request, "base.html")


def department(request: HttpRequest, slug: str) -> HttpResponse:
    """One department."""
    return render(request, "base.html")
