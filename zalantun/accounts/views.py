"""Everybody's sign-ins for the security administrator; leaving."""

from collections.abc import Callable

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from foundation.tables import refuse_errors, table_file
from organizations.access import StaffRequest, staff_page
from organizations.models import ApiToken, User
from organizations.security.forms import TokenForm
from organizations.security.standing import standing_of
from organizations.services import end_sessions, revoke_one_token, unbind_identity
from zalantun.accounts import tables
from zalantun.accounts.duties import duties_of
from zalantun.accounts.filters import AccountFilter, TokenFilter
from zalantun.accounts.forms import LeavingForm, ReasonForm
from zalantun.accounts.plan import plan_for
from zalantun.accounts.services import (
    check_successor,
    free_of_factor,
    issue_network_token,
    leave,
    let_in_again,
)

PERMISSION, WHAT = "organizations.guard_sign_ins", "查看和处置他人的登录"
PAGE_SIZE = 50
ORDERS = {"name": "username", "-name": "-username", "seen": "last_login", "-seen": "-last_login"}
TOKEN_ORDERS = {
    "expires": "expires_at",
    "-expires": "-expires_at",
    "used": "last_used_at",
    "-used": "-last_used_at",
}


@require_safe
@staff_page(PERMISSION, WHAT)
def people(request: StaffRequest) -> HttpResponse:
    """All accounts."""
    found, order = _people(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "form": found.form, "order": order, "filtered": _asked(request, found)}
    return render(request, "accounts/people.html", context)


@require_safe
@staff_page(PERMISSION, WHAT)
def people_table(request: StaffRequest, form: str) -> HttpResponseBase:
    """The same as ``csv`` or ``xlsx``."""
    found, _ = _people(request)
    refuse_errors(found.form)
    rows = tables.people_rows(found.qs)
    return table_file(form, stem="accounts", title="账号安全", header=tables.PEOPLE, rows=rows)


@require_safe
@staff_page(PERMISSION, WHAT)
def tokens(request: StaffRequest) -> HttpResponse:
    """All tokens, by network and person."""
    found, order = _tokens(request)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = _asked(request, found)
    context = {"page": page, "form": found.form, "order": order, "filtered": asked, "now": timezone.now()}
    return render(request, "accounts/tokens.html", context)


@require_safe
@staff_page(PERMISSION, WHAT)
def tokens_table(request: StaffRequest, form: str) -> HttpResponseBase:
    """The same as ``csv`` or ``xlsx``."""
    found, _ = _tokens(request)
    refuse_errors(found.form)
    rows = tables.token_rows(found.qs, timezone.now())
    return table_file(form, stem="tokens", title="接口令牌", header=tables.TOKENS, rows=rows)


@require_safe
@staff_page(PERMISSION, WHAT)
@never_cache
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person's sessions, tokens and second factor."""
    return _person_page(request, _user(pk))


@require_POST
@staff_page(PERMISSION, WHAT)
def sessions_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End all sessions of the person."""

    def step(user: User, reason: str) -> str:
        ended = end_sessions(actor=request.user, at=timezone.now(), user=user, reason=reason)
        return f"已结束 {ended} 个会话。" if ended else "该账号没有登录中的会话。"

    return _with_reason(request, pk, step)


@require_POST
@staff_page(PERMISSION, WHAT)
def token_revoke(request: StaffRequest, pk: int, token: int) -> HttpResponse:
    """Take one token of the person back."""
    found = get_object_or_404(ApiToken, pk=token, user=pk)

    def step(user: User, reason: str) -> str:
        revoke_one_token(actor=request.user, at=timezone.now(), token=found, reason=reason)
        return f"已收回令牌“{found.name}”。"

    return _with_reason(request, pk, step)


@require_POST
@staff_page(PERMISSION, WHAT)
def factor_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """The person has lost the telephone."""

    def step(user: User, reason: str) -> str:
        free_of_factor(actor=request.user, at=timezone.now(), user=user, reason=reason)
        return "已解除两步验证并通知本人，其会话和令牌同时失效。"

    return _with_reason(request, pk, step)


@require_POST
@staff_page(PERMISSION, WHAT)
def verify(request: StaffRequest, pk: int) -> HttpResponse:
    """The person has said to be the one who uses the account."""

    def step(user: User, reason: str) -> str:
        let_in_again(actor=request.user, at=timezone.now(), user=user, reason=reason)
        return "已核实，账号恢复使用，并已通知本人。"

    return _with_reason(request, pk, step)


@require_POST
@staff_page(PERMISSION, WHAT)
def identity_unbind(request: StaffRequest, pk: int) -> HttpResponse:
    """The city's number opens the account no more."""

    def step(user: User, reason: str) -> str:
        unbind_identity(actor=request.user, at=timezone.now(), user=user, reason=reason)
        return "已解除统一身份绑定。"

    return _with_reason(request, pk, step)


@require_POST
@staff_page(PERMISSION, WHAT)
@never_cache
def token_new(request: StaffRequest, pk: int) -> HttpResponse:
    """A token for the account of a gauge network; the answer shows its text, and no page does again."""
    user, form = _user(pk), TokenForm(request.POST)
    if form.is_valid():
        try:
            text = issue_network_token(actor=request.user, at=timezone.now(), user=user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return _person_page(request, user, new_token=text)
    return _person_page(request, user, form)


@staff_page(PERMISSION, WHAT)
def leaving(request: StaffRequest, pk: int) -> HttpResponse:
    """What the person still owes and who takes over: the plan is shown first, then carried out."""
    user, now = _user(pk), timezone.now()
    duties = duties_of(user, at=now)
    form = LeavingForm(request.POST if request.method == "POST" else None, leaver=user)
    ready = form.is_valid()
    successor = form.cleaned_data.get("successor") if form.is_bound else None
    plan = plan_for(duties, successor)
    if ready:
        try:
            if successor:
                check_successor(actor=request.user, leaver=user, successor=successor)
            if form.cleaned_data["seen"]:
                moved = leave(actor=request.user, at=now, user=user, **form.cleaned_data)
                messages.success(request, f"已停用“{user}”的账号，移交 {moved} 项，双方已收到通知。")
                return redirect("accounts:person", pk)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    shown = ready and plan.is_free
    if form.is_bound:
        form.data = {**request.POST.dict(), "seen": plan.mark if shown else ""}
    context = {"person": user, "plan": plan, "form": form, "shown": shown, "asked": form.is_bound}
    return render(request, "accounts/leave.html", context, status=400 if form.errors else 200)


def _with_reason(request: StaffRequest, pk: int, step: Callable[[User, str], str]) -> HttpResponse:
    user, form = _user(pk), ReasonForm(request.POST)
    try:
        done = step(user, form.cleaned_data["reason"] if form.is_valid() else "")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("accounts:person", pk)


def _person_page(
    request: StaffRequest, user: User, form: TokenForm | None = None, new_token: str = ""
) -> HttpResponse:
    now = timezone.now()
    context = {
        "person": user,
        "roles": list(user.assignments.select_related("department")),
        "standing": standing_of(user, at=now),
        "network": getattr(user, "gauge_network", None),
        "identity": SocialAccount.objects.filter(user=user).first(),
        "form": form or TokenForm(initial={"scope": ApiToken.Scope.REPORT}),
        "new_token": new_token,
        "now": now,
    }
    return render(request, "accounts/person.html", context, status=400 if form and form.errors else 200)


def _user(pk: int) -> User:
    return get_object_or_404(User.objects.select_related("gauge_network", "successor"), pk=pk)


def _people(request: StaffRequest) -> tuple[AccountFilter, str]:
    order = request.GET.get("sort", "name")
    order = order if order in ORDERS else "name"
    return AccountFilter(request.GET, queryset=tables.people().order_by(ORDERS[order], "pk")), order


def _tokens(request: StaffRequest) -> tuple[TokenFilter, str]:
    order = request.GET.get("sort", "expires")
    order = order if order in TOKEN_ORDERS else "expires"
    rows: QuerySet[ApiToken] = tables.tokens().order_by(TOKEN_ORDERS[order], "pk")
    return TokenFilter(request.GET, queryset=rows), order


def _asked(request: StaffRequest, found: AccountFilter | TokenFilter) -> bool:
    return any(request.GET.get(name) for name in found.filters)
