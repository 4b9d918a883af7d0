"""What a person has to do after signing in, before anything else, and before decisions of weight."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from foundation.idleness import elsewhere
from organizations.models import User
from organizations.passwords import must_change_password
from organizations.secondfactor import needs_second_factor
from organizations.waiting import WAITING_PAGE
from organizations.weighty import ask_again, has_to_prove

# Pages on which it is done, and ways out.
PASSWORD_PAGES = frozenset({"account_change_password", "account_logout", "healthz"})
WAITING_PAGES = PASSWORD_PAGES | {WAITING_PAGE}
FACTOR_PAGES = PASSWORD_PAGES | {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
}
API = "/api/"


class GateMiddleware:
    """Leads to the page for a new password, then to that for the second factor, whoever still owes one.

    Between them waits whose password somebody else gave, until the security administrator has asked.

    Asks again for the factor, or the password where there is none, before a decision of weight.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before the page itself."""
        user = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not isinstance(user, User) or name in PASSWORD_PAGES:
            return None
        if must_change_password(user, at=timezone.now()):
            return _lead(request, "account_change_password", "请先修改密码：登录网页后按提示办理。")
        if name not in WAITING_PAGES and user.to_verify_since:
            return _lead(request, WAITING_PAGE, "密码由管理员重置过，请等安全管理员核实本人后再用。")
        if name not in FACTOR_PAGES and needs_second_factor(user):
            return _lead(request, "mfa_index", "您的角色须启用两步验证：请登录网页后按提示设置。")
        if has_to_prove(request, name, kwargs, now=time.time()):
            return ask_again(request)
        return None


def _lead(request: HttpRequest, page: str, sentence: str) -> HttpResponse:
    """To the page; a program is told so."""
    if request.path.startswith(API):
        return JsonResponse({"detail": sentence}, status=403, json_dumps_params={"ensure_ascii": False})
    return elsewhere(request, reverse(page))
