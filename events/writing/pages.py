"""Writing a new entry, and changing one that stands."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from events.contents import LABELS, content_of, in_lines
from events.models import Event
from events.services import (
    EventContent,
    create_event,
    event_values,
    move_event,
    save_event,
    step_event_revision,
)
from events.writing.forms import EventTextForm, initial_of
from events.writing.previewing import preview_of
from foundation.comparing import compare
from foundation.errors import DomainError, InvalidInput
from foundation.models import Revision, Version
from foundation.publication import DRAFT, PUBLISHED
from foundation.seen import FIELD, carry_mark, show_anew
from foundation.services.revisions import Writing
from foundation.versions import REVISION_STEPS, Content, StaleText, content_mark
from organizations.access import StaffRequest, staff_page
from organizations.services import NameDirectory

CHANGE = "events.change_event"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "登记大事记")
def new(request: StaffRequest) -> HttpResponse:
    """A new entry: a draft that nobody but the desk sees."""
    now = timezone.now()
    directory = NameDirectory(actor=request.user, at=now) if request.method == "POST" else None
    day = request.GET.get("date", "")
    form = EventTextForm(
        request.POST or None, directory=directory, is_new=True, initial={"start_date": day} if day else None
    )
    context: dict[str, Any] = {"form": form, "event": None}
    if not form.is_bound:
        return render(request, "events/writing/edit.html", context)
    if form.is_valid() and directory:
        if "preview" in request.POST:
            context |= {"preview": preview_of(form.content(), directory)}
            return render(request, "events/writing/edit.html", context)
        try:
            return redirect(_created(request, form, directory))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return render(request, "events/writing/edit.html", context, status=400)


@transaction.atomic
def _created(request: StaffRequest, form: EventTextForm, directory: NameDirectory) -> Event:
    event = create_event(
        actor=request.user,
        at=timezone.now(),
        content=EventContent(**event_values(form.content())),
        publication=DRAFT,
        directory=directory,
        reason="登记",
    )
    if "submit" in request.POST:
        move_event(actor=request.user, at=timezone.now(), event=event, step="submit")
        messages.success(request, "已登记并提交签发，签发人签发后公众可见。")
    else:
        messages.success(request, "已存为草稿，公众看不到。")
    return event


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry opened for changing: the text that the form starts from and what is stored."""

    event: Event
    revision: Revision | None
    stored: Content
    shown: Content
    restored: int | None

    @property
    def closed(self) -> str:
        """Why it cannot be changed now; empty when it can."""
        if self.revision and self.revision.state == Revision.State.REVIEW:
            return "更正稿已提交签发，不能再改；请先由签发人退回，或放弃后重新提出。"
        if self.event.publication not in (DRAFT, PUBLISHED):
            state = self.event.get_publication_display()
            return f"此条现在是“{state}”，不能修改；待签发的请先退回修改，已撤回的请先重新起草。"
        return ""


def opened(event: Event, number: str) -> Opened:
    """What the form shows: the open correction, else the entry (``with_mentions()``); or an older version."""
    under_way = Revision.objects.of(event).open().select_related("head").first()
    stored = under_way.head.content if under_way else content_of(event)
    older = (
        get_object_or_404(Version.objects.of(event), number=int(number))
        if number.isdecimal() and len(number) < 9
        else None
    )
    return Opened(
        event, under_way, stored, older.content if older else stored, older.number if older else None
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "修改大事记")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft, or propose another text beside a published entry."""
    event = get_object_or_404(Event.objects.visible_to(request.user).with_mentions(), pk=pk)
    found = opened(event, request.GET.get("from", ""))
    if found.closed:
        messages.error(request, found.closed)
        return redirect(event)
    directory = NameDirectory(actor=request.user, at=timezone.now()) if request.method == "POST" else None
    form = EventTextForm(
        request.POST or None, directory=directory, is_new=False, initial=initial_of(found.shown)
    )
    carry_mark(form, content_mark(found.stored))
    context: dict[str, Any] = {"form": form, "event": event, "opened": found}
    if not form.is_bound:
        return render(request, "events/writing/edit.html", context)
    status = 400
    if form.is_valid() and directory:
        typed = form.content(found.stored)
        if "preview" in request.POST:
            context |= {"preview": preview_of(typed, directory)}
            return render(request, "events/writing/edit.html", context)
        try:
            return redirect(_saved(request, form, found, typed))
        except StaleText as refusal:
            context |= _both(refusal, typed)
            show_anew(form, refusal)
            status = refusal.status
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    return render(request, "events/writing/edit.html", context, status=status)


@transaction.atomic
def _saved(request: StaffRequest, form: EventTextForm, found: Opened, typed: Content) -> Event:
    now = timezone.now()
    submits = "submit" in request.POST
    writing = Writing(
        request.user,
        now,
        form.cleaned_data["reason"],
        seen=form.cleaned_data[FIELD],
        submits=submits,
        restored=found.restored,
    )
    try:
        saved = save_event(actor=request.user, event=found.event, content=typed, writing=writing)
    except InvalidInput:
        if not submits:
            raise
        saved = found.revision or found.event
    if submits:
        _submit(request, saved)
    is_draft = isinstance(saved, Event)
    public = "" if is_draft else "公众仍看到原文，"
    done = "已保存并提交签发，" if submits else "已保存为草稿。" if is_draft else "更正稿已保存，"
    rest = "签发后公众可见。" if submits else "" if is_draft else "提交并签发后才会替换。"
    messages.success(request, f"{done}{public}{rest}".replace("，。", "。"))
    return found.event


def _submit(request: StaffRequest, saved: Event | Revision) -> None:
    if isinstance(saved, Event):
        move_event(actor=request.user, at=timezone.now(), event=saved, step="submit")
    elif saved.state == Revision.State.DRAFT:
        step_event_revision(actor=request.user, at=timezone.now(), revision=saved, step="submit")


def _both(refusal: StaleText, typed: Content) -> dict[str, Any]:
    """The stored text and what was typed, side by side."""
    fields = [name for name in LABELS if refusal.stored.get(name) != typed.get(name)]
    return {
        "stale": refusal,
        "changes": compare(refusal.stored, typed, labels=LABELS, in_lines=in_lines),
        "stored_fields": [(LABELS[name], in_lines(name, refusal.stored.get(name))) for name in fields],
        "typed_fields": [(LABELS[name], in_lines(name, typed.get(name))) for name in fields],
    }


@require_POST
@staff_page(CHANGE, "处理更正稿")
def revision_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Submit, publish, return or discard the open correction of an entry."""
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    revision = get_object_or_404(Revision.objects.of(event).open())
    if step not in REVISION_STEPS:
        return _not_found(request, event)
    seen = request.POST.get("version", "")
    try:
        step_event_revision(
            actor=request.user,
            at=timezone.now(),
            revision=revision,
            step=step,
            reason=request.POST.get("reason", "").strip(),
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None,
        )
        messages.success(request, f"已{REVISION_STEPS[step].word}。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(event)


def _not_found(request: HttpRequest, event: Event) -> HttpResponse:
    messages.error(request, "没有这一步，请用页面上的按钮。")
    return redirect(event)
