"""One's own page “登录与安全”."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import DomainError
from organizations.access import StaffRequest
from organizations.security.forms import TokenForm
from organizations.security.standing import standing_of
from organizations.services import end_session, end_sessions, issue_token, revoke_one_token


@require_safe
@login_required
@never_cache
def own(request: StaffRequest) -> HttpResponse:
    """Sessions, tokens, second factor and password of whoever reads."""
    return _page(request, TokenForm())


@require_POST
@login_required
def session_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End one of one's own sign-ins; for this very one there is signing out."""
    session = get_object_or_404(request.user.browser_sessions, pk=pk)
    if session.session_key == request.session.session_key:
        messages.info(request, "这是您正在使用的会话，请用“退出登录”结束。")
        return redirect("security:own")
    end_session(actor=request.user, at=timezone.now(), session=session)
    messages.success(request, "已结束这个会话，对方浏览器须重新登录。")
    return redirect("security:own")


@require_POST
@login_required
def sessions_end(request: StaffRequest) -> HttpResponse:
    """End all others of one's own."""
    ended = end_sessions(
        actor=request.user, at=timezone.now(), user=request.user, keep=request.session.session_key
    )
    if ended:
        messages.success(request, f"已结束其他 {ended} 个会话。")
    else:
        messages.info(request, "没有其他会话，无需结束。")
    return redirect("security:own")


@require_POST
@login_required
@never_cache
def token_new(request: StaffRequest) -> HttpResponse:
    """A token of one's own; the answer itself shows its text, and no page does so again."""
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            text = issue_token(
                actor=request.user, at=timezone.now(), username=request.user.username, **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return _page(request, TokenForm(), text)
    return _page(request, form)


@require_POST
@login_required
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Take one of one's own back."""
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    revoke_one_token(actor=request.user, at=timezone.now(), token=token)
    messages.success(request, f"已收回令牌“{token.name}”，使用它的程序不能再访问。")
    return redirect("security:own")


def _page(request: StaffRequest, form: TokenForm, new_token: str = "") -> HttpResponse:
    now = timezone.now()
    context = {
        "person": request.user,
        "standing": standing_of(request.user, at=now, here=request.session.session_key),
        "form": form,
        "new_token": new_token,
        "now": now,
    }
    return render(request, "security/own.html", context, status=400 if form.errors else 200)
