"""Pages of the chronicle."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def index(request: HttpRequest) -> HttpResponse:
    """Years and months."""
    return render(request, "base.html")


def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year."""
    return render(request, "base.html")


def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month."""
    return render(request, "base.html")


def day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """One day."""
    return render(request, "base.html")


def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry."""
    return render(request, "base.html")
