"""Proposals of links, for editors."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from directives.models import Directive
from events.models import Event
from foundation.background import give
from foundation.errors import DomainError, InvalidInput
from foundation.tables import refuse_errors, table_file
from organizations.access import StaffRequest, staff_page
from taskboard import tasks
from taskboard.linking.filters import PAIR_NAMES, LinkFilter
from taskboard.models import RecordLink, Task
from taskboard.services.linking import PERMISSION, WHAT, add_link, decide_links

PAGE_SIZE = 50
ORDERS: dict[str, tuple[str, ...]] = {
    "-strength": ("-strength", "pk"),
    "strength": ("strength", "pk"),
    "-proposed_at": ("-proposed_at", "-strength", "pk"),
    "proposed_at": ("proposed_at", "-strength", "pk"),
}
HEADER = ("大事记", "文件", "任务", "依据", "把握", "状态", "确认人", "确认时间")
ADDRESS = re.compile(r"/(?:(events/entries)|(directives)|(tasks))/(\d{1,12})/")
MODELS: tuple[Any, ...] = (Event, Directive, Task)


@require_safe
@staff_page(PERMISSION, WHAT)
def links(request: StaffRequest) -> HttpResponse:
    """What the portal proposes, the surest first; what was decided under its state."""
    found, order = _found(request)
    context = {
        "page": Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": found.form,
        "order": order,
        "pairs": PAIR_NAMES,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "pair")),
        "waiting": RecordLink.objects.proposed().count(),
    }
    return render(request, "taskboard/linking/links.html", context)


@require_safe
@staff_page(PERMISSION, WHAT)
def links_table(request: StaffRequest, form: str) -> HttpResponseBase:
    """The same, to take along."""
    found, _ = _found(request)
    refuse_errors(found.form)
    rows = (_row(link) for link in found.qs)
    return table_file(form, stem="links", title="记录关联", header=HEADER, rows=rows)


def _found(request: StaffRequest) -> tuple[LinkFilter, str]:
    order = request.GET.get("sort", "-strength")
    order = order if order in ORDERS else "-strength"
    asked = request.GET.copy()
    if "state" not in asked:
        asked["state"] = RecordLink.State.PROPOSED
    return LinkFilter(asked, queryset=_all().order_by(*ORDERS[order]), request=request), order


def _all() -> QuerySet[RecordLink]:
    return RecordLink.objects.select_related("event", "directive", "task", "decided_by")


def _row(link: RecordLink) -> tuple[str, ...]:
    ends = [end.title if end else "" for end in (link.event, link.directive, link.task)]
    decided = timezone.localtime(link.decided_at).strftime("%Y-%m-%d %H:%M") if link.decided_at else ""
    who = str(link.decided_by or "")
    return (*ends, "；".join(link.reasons), str(link.strength), link.get_state_display(), who, decided)


@require_POST
@staff_page(PERMISSION, WHAT)
def decide(request: StaffRequest) -> HttpResponse:
    """Confirm or refuse one (its button) or those that are ticked."""
    way = request.POST.get("way", "")
    word, _, one = way.partition(":")
    chosen = [one] if one else request.POST.getlist("link")
    keys = [int(key) for key in chosen if key.isdecimal() and len(key) < 15]
    try:
        if word not in ("confirm", "refuse") or not keys:
            raise InvalidInput("没有选中任何一条。请先勾选，再按确认或不关联。")
        done = decide_links(actor=request.user, at=timezone.now(), links=keys, confirmed=word == "confirm")
        messages.success(request, f"已{'关联' if word == 'confirm' else '定为不关联'} {done} 条。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(request)


@require_POST
@staff_page(PERMISSION, WHAT)
def add(request: StaffRequest) -> HttpResponse:
    """Link two records by the addresses of their pages."""
    try:
        ends = [_record(request.POST.get(name, "")) for name in ("one", "other")]
        link = add_link(actor=request.user, at=timezone.now(), one=ends[0], other=ends[1])
        messages.success(request, f"已关联：{link}")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return _back(request)


def _record(text: str) -> Any:
    """The record of an address; InvalidInput where it names none."""
    named = ADDRESS.search(text)
    if named is not None:
        model = next(model for model, part in zip(MODELS, named.groups()[:3], strict=True) if part)
        found = model.objects.filter(pk=int(named[4])).first()
        if found is not None:
            return found
    raise InvalidInput(
        f"“{text[:60]}”不是记录的网址。请从大事记条目、文件或任务的页面复制，如 /directives/3/。"
    )


@require_POST
@staff_page(PERMISSION, WHAT)
def propose(request: StaffRequest) -> HttpResponse:
    """Look for what belongs together, in the background."""
    give(tasks.propose_record_links)
    messages.success(request, "已在后台查找；新的提议出现在这里，每夜也自动查找一次。")
    return redirect("taskboard:links")


def _back(request: StaffRequest) -> HttpResponse:
    query, page = request.POST.get("query", ""), reverse("taskboard:links")
    return redirect(f"{page}?{query}" if query else page)
