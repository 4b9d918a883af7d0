"""Who asks for a PDF or a Word file: a session as on every page, or an API token."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.settings import api_settings

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

REFUSED = "访问令牌无效或已停用，没有取得文件。请核对令牌，或登录后再试。"


def pdf_page(view: Page[P]) -> Page[P]:
    """Let a view be asked with ``Authorization: Token …`` too; the view still checks the right."""

    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # The token comes first among the ways in of the API.
        authentication: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES[0]
        try:
            found = authentication().authenticate(request)
        except AuthenticationFailed:
            response = render(request, "error.html", {"message": REFUSED}, status=401)
            response["WWW-Authenticate"] = "Token"
            return response
        if found:
            request.user = found[0]
        return view(request, *args, **kwargs)

    return asked  # type: ignore[return-value]  # require_safe has no precise type
