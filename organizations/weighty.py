"""Decisions before which a person proves once more to be the one who signed in.

Only where the last proof is older than ``CONFIRM_AGAIN_SECONDS``: an unlocked
screen is not enough to hand out rights, to take a published text back or to end
a response. Declaring a response and changing its level are not among them:
nobody looks for a telephone at three in the morning while the water rises.
What was typed is kept in the session and sent on after the proof; a password is
not kept anywhere in the clear, so the page that holds one is filled in again.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from foundation.idleness import SIGNED_IN
from organizations.models import User

Decides = Callable[[HttpRequest, Mapping[str, Any]], bool]
# The fields of the account's pages in the admin.
PASSWORDS = ("password", "new_password")
TYPE_AGAIN = "请先验证身份，验证后会回到原页。密码不会暂存，请重新填写后再保存。"
API_SENTENCE = "距上次验证身份已久。请在网页上办理这一项，或退出后重新登录再试。"
NO_WAY = "距上次验证身份已久，而账号既没有密码也没有两步验证。请退出后重新登录，再办理这一项。"


def _always(request: HttpRequest, kwargs: Mapping[str, Any]) -> bool:
    return True


def _step(*names: str) -> Decides:
    return lambda request, kwargs: kwargs.get("step") in names


def _ends_response(request: HttpRequest, kwargs: Mapping[str, Any]) -> bool:
    return request.POST.get("level") == "end" and request.GET.get("exercise") != "1"


def _deletes(request: HttpRequest, kwargs: Mapping[str, Any]) -> bool:
    return request.POST.get("action") == "delete_selected" and "post" in request.POST


# By the names of the views, as the rooms above are not known here.
WEIGHTY: dict[str, Decides] = {
    "admin:organizations_roleassignment_add": _always,
    "admin:organizations_roleassignment_delete": _always,
    "admin:organizations_roleassignment_changelist": _deletes,
    "admin:organizations_user_add": _always,
    "admin:organizations_user_change": _always,
    "admin:floodresponse_networkaccount_add": _always,
    "admin:floodresponse_networkaccount_delete": _always,
    "admin:floodresponse_networkaccount_changelist": _deletes,
    "security:token_new": _always,
    "accounts:token_new": _always,
    "accounts:leave": _always,
    "accounts:factor_reset": _always,
    "accounts:verify": _always,
    "accounts:identity_unbind": _always,
    "gazette:merge_step": _step("confirm"),
    "gazette:issue_step": _step("withdraw"),
    "events:event_step": _step("withdraw"),
    "directives:directive_step": _step("withdraw"),
    "directives:status_step": _step("confirm"),
    "floodresponse:decide": _ends_response,
    "api:event-publication": _step("withdraw"),
    "api:directive-publication": _step("withdraw"),
    "api:directive-settle-status": _always,
    "api:flood-response-terminate": _always,
}


def is_weighty(request: HttpRequest, name: str, kwargs: Mapping[str, Any]) -> bool:
    """Whether this call carries out one of them."""
    return request.method == "POST" and name in WEIGHTY and WEIGHTY[name](request, kwargs)


def proved_recently(request: HttpRequest, *, now: float) -> bool:
    """Whether the last sign-in or proof of this session is younger than ``CONFIRM_AGAIN_SECONDS``."""
    proofs = [float(record.get("at", 0)) for record in get_authentication_records(request, request.user)]
    last = max([*proofs, float(request.session.get(SIGNED_IN, 0))])
    return bool(now - last < settings.CONFIRM_AGAIN_SECONDS)


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks; a program is told, and so is whoever has nothing to be asked for."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": API_SENTENCE}, status=403, json_dumps_params={"ensure_ascii": False})
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        return render(request, "error.html", {"message": NO_WAY}, status=403)
    page = ways[0]["url"]
    if any(request.POST.get(name) for name in PASSWORDS):
        messages.info(request, TYPE_AGAIN)
        return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
    asked: HttpResponse = suspend_request(request, page)
    return asked


def has_to_prove(request: HttpRequest, name: str, kwargs: Mapping[str, Any], *, now: float) -> bool:
    """Whether a signed-in person, not a program with a token, has to prove it first."""
    if not isinstance(request.user, User) or not is_weighty(request, name, kwargs):
        return False
    return not proved_recently(request, now=now)
