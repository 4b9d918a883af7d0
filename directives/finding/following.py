"""Pages of following: the button of a document, and what a person follows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from directives.finding.filters import FollowFilter
from directives.models import Directive, Follow, LegalState
from directives.numbers import titled
from directives.services.following import follow_directive, unfollow_directive
from foundation.tables import table_file
from organizations.access import StaffRequest

PAGE_SIZE = 50
ORDERS: dict[str, tuple[Any, ...]] = {
    "-created_at": ("-created_at", "-pk"),
    "created_at": ("created_at", "pk"),
    "title": ("directive__title", "pk"),
    "-title": ("-directive__title", "-pk"),
    "issued_on": (F("directive__issued_on").asc(nulls_last=True), "pk"),
    "-issued_on": (F("directive__issued_on").desc(nulls_last=True), "-pk"),
}
HEADER = ("标题", "发文字号", "成文日期", "有效性", "关注时间")


def followed_by(user: AbstractBaseUser | AnonymousUser) -> Exists:
    """Of each document whether the user follows it; nobody does without an account."""
    return Exists(Follow.objects.filter(directive=OuterRef("pk"), user=user.pk))


@login_required
@require_safe
def followed(request: StaffRequest) -> HttpResponse:
    """What the person follows and may still see, the newest first."""
    found, order = _own(request)
    context = {
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": found.form,
        "order": order,
        "filtered": bool(request.GET.get("q")),
    }
    return render(request, "directives/followed.html", context)


@login_required
@require_safe
def followed_table(request: StaffRequest, form: str) -> HttpResponseBase:
    """The same, to take along."""
    rows = (_row(follow) for follow in _own(request)[0].qs)
    return table_file(form, stem="followed", title="关注的文件", header=HEADER, rows=rows)


def _own(request: StaffRequest) -> tuple[FollowFilter, str]:
    order = request.GET.get("sort", "-created_at")
    order = order if order in ORDERS else "-created_at"
    own = own_follows(request.user).order_by(*ORDERS[order])
    return FollowFilter(request.GET, queryset=own, request=request), order


def own_follows(user: Any) -> QuerySet[Follow]:
    """What a person follows and may still see, with the documents' state today."""
    visible = Directive.objects.visible_to(user).order_by().values("pk")
    with_state = Prefetch("directive", Directive.objects.with_status(timezone.localdate()))
    return Follow.objects.filter(user=user.pk, directive__in=visible).prefetch_related(with_state)


def _row(follow: Follow) -> tuple[str, ...]:
    found = follow.directive
    day = found.issued_on.isoformat() if found.issued_on else ""
    state = LegalState(found.status_code).label  # type: ignore[attr-defined]  # annotated
    since = timezone.localtime(follow.created_at).strftime("%Y-%m-%d %H:%M")
    return (found.title, found.number, day, str(state), since)


@login_required
@require_POST
def follow(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin to follow, from the document's page."""
    found = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    follow_directive(actor=request.user, at=timezone.now(), directive=found)
    messages.success(request, "已关注。文件被修改、废止、引用或失效时，会在消息里告诉您。")
    return redirect(found)


@login_required
@require_POST
def unfollow(request: StaffRequest, pk: int) -> HttpResponse:
    """Follow no more; back to the page one came from."""
    found = get_object_or_404(Directive.objects.filter(follows__user=request.user), pk=pk)
    unfollow_directive(actor=request.user, directive=found)
    messages.success(request, f"已取消关注{titled(found.title)}。")
    return redirect("directives:followed") if request.POST.get("from") == "list" else redirect(found)
