"""The home page and the error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """The home page."""
    return render(request, "zalantun/home.html")


def search(request: HttpRequest) -> HttpResponse:
    """Search in all records."""
    return render(request, "base.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: say what to do."""
    message = "页面已过期，未保存任何内容。请返回上一页，刷新后再提交。"
    return render(request, "error.html", {"message": message}, status=403)
