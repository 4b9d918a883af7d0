"""Writing a new document, and changing one that stands."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from directives.contents import LABELS, in_lines, read_directive
from directives.models import Directive
from directives.services import (
    DirectiveContent,
    create_directive,
    directive_values,
    move_directive,
    save_directive,
    step_directive_revision,
)
from directives.services.files import CHANGE
from directives.writing.forms import DirectiveTextForm, initial_of, places_in
from directives.writing.reading import errors_in, parts_from
from directives.writing.rows import Rows, read_rows, rows_of, take_step
from foundation.comparing import compare
from foundation.errors import DomainError, InvalidInput
from foundation.models import Revision, Version
from foundation.publication import DRAFT, PUBLISHED
from foundation.seen import FIELD, carry_mark, show_anew
from foundation.services.revisions import Writing
from foundation.versions import REVISION_STEPS, Content, StaleText, content_mark
from organizations.access import StaffRequest, staff_page
from organizations.services import NameDirectory

PAGE = "directives/edit.html"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document opened for changing: the text that the form starts from and what is stored."""

    directive: Directive
    revision: Revision | None
    stored: Content
    shown: Content
    restored: int | None

    @property
    def closed(self) -> str:
        """Why it cannot be changed now; empty when it can."""
        if self.revision and self.revision.state == Revision.State.REVIEW:
            return "更正稿已提交签发，不能再改；请先由签发人退回，或放弃后重新提出。"
        if self.directive.publication not in (DRAFT, PUBLISHED):
            state = self.directive.get_publication_display()
            return f"文件现在是“{state}”，不能修改；待签发的请先退回修改，已撤回的请先重新起草。"
        return ""


def opened(directive: Directive, number: str) -> Opened:
    """What the form shows: the open correction, else the document; or an older version to start from."""
    under_way = None
    if directive.publication == PUBLISHED:
        under_way = Revision.objects.of(directive).open().select_related("head").first()
    stored = under_way.head.content if under_way else read_directive(directive)
    older = None
    if number.isdecimal() and len(number) < 9:
        older = get_object_or_404(Version.objects.of(directive), number=int(number))
    shown = older.content if older else stored
    return Opened(directive, under_way, stored, shown, older.number if older else None)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "起草政策文件")
def new(request: StaffRequest) -> HttpResponse:
    """A new document: a draft that nobody but the desk sees."""
    form, rows = DirectiveTextForm(request.POST or None, is_new=True), read_rows(request.POST)
    if form.is_bound and "step" not in request.POST:
        content = _content(form, rows)
        if content is not None:
            try:
                return redirect(_created(request, content))
            except DomainError as refusal:
                _refuse(form, refusal)
        return _page(request, form, rows, status=400)
    return _page(request, form, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "修改政策文件")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft, or propose another text beside a published document."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    found = opened(directive, request.GET.get("from", ""))
    if found.closed:
        messages.error(request, found.closed)
        return redirect(directive)
    form = DirectiveTextForm(request.POST or None, is_new=False, initial=initial_of(found.shown))
    carry_mark(form, content_mark(found.stored))
    if not form.is_bound:
        return _page(request, form, rows_of(found.shown), opened=found)
    rows = read_rows(request.POST)
    if "step" in request.POST:
        return _page(request, form, rows, opened=found)
    typed = _content(form, rows)
    if typed is None:
        return _page(request, form, rows, opened=found, status=400)
    try:
        return redirect(_saved(request, form, found, typed))
    except StaleText as refusal:
        show_anew(form, refusal)
        both = {
            "stale": refusal,
            "changes": compare(refusal.stored, typed, labels=LABELS, in_lines=in_lines),
        }
        return _page(request, form, rows, opened=found, status=refusal.status, **both)
    except DomainError as refusal:
        _refuse(form, refusal)
        return _page(request, form, rows, opened=found, status=refusal.status)


def _content(form: DirectiveTextForm, rows: Rows) -> Content | None:
    """What was typed; None when something is wrong with it."""
    parts = parts_from(rows)
    wrong = errors_in(rows)
    if not form.is_valid() or wrong:
        if wrong:
            form.add_error(
                None, f"有 {len(wrong)} 处条目、附件、名单或阶段需要更正，没有保存，见下面的提示。"
            )
        return None
    return form.content(parts)


def _refuse(form: DirectiveTextForm, refusal: DomainError) -> None:
    field = next((name for name in refusal.fields if name in form.fields), None)
    form.add_error(field, refusal.message)


def _page(
    request: StaffRequest, form: DirectiveTextForm, rows: Rows, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The form; a button of the parts moved, added or took one out first."""
    if "step" in request.POST:
        take_step(rows, request.POST["step"])
    found: Opened | None = context.get("opened")
    context |= {
        "form": form,
        "rows": rows,
        "directive": found.directive if found else None,
        "places": places_in(rows),
        "depths": [("1", "一、"), ("2", "（一）"), ("3", "1."), ("4", "（1）")],
        # A button of the parts stores nothing, so nothing is wrong yet.
        "checked": "step" not in request.POST,
    }
    return render(request, PAGE, context, status=status)


@transaction.atomic
def _created(request: StaffRequest, content: Content) -> Directive:
    now = timezone.now()
    directive = create_directive(
        actor=request.user,
        at=now,
        content=DirectiveContent(**directive_values(content)),
        publication=DRAFT,
        directory=NameDirectory(actor=request.user, at=now),
        reason="起草",
        origin=Directive.Origin.PORTAL,
    )
    if "submit" in request.POST:
        move_directive(actor=request.user, at=now, directive=directive, step="submit")
        messages.success(request, "已保存并提交签发，另一位签发人签发后公众可见。")
    else:
        messages.success(request, "已存为草稿，公众看不到。")
    return directive


@transaction.atomic
def _saved(request: StaffRequest, form: DirectiveTextForm, found: Opened, typed: Content) -> Directive:
    submits = "submit" in request.POST
    writing = Writing(
        request.user,
        timezone.now(),
        form.cleaned_data["reason"],
        seen=form.cleaned_data[FIELD],
        submits=submits,
        restored=found.restored,
    )
    try:
        saved = save_directive(actor=request.user, directive=found.directive, content=typed, writing=writing)
    except InvalidInput as refusal:
        # What is handed in unchanged is handed in all the same.
        if not submits or refusal.fields:
            raise
        saved = found.revision or found.directive
    if submits:
        _submit(request, saved)
    if isinstance(saved, Directive):
        messages.success(request, "已保存并提交签发。" if submits else "已保存，公众看不到草稿。")
    else:
        done = "更正稿已提交签发" if submits else "更正稿已保存，提交并签发后才会替换"
        messages.success(request, f"{done}；公众看到的仍是原文。")
    return found.directive


def _submit(request: StaffRequest, saved: Directive | Revision) -> None:
    if isinstance(saved, Directive):
        move_directive(actor=request.user, at=timezone.now(), directive=saved, step="submit")
    elif saved.state == Revision.State.DRAFT:
        step_directive_revision(actor=request.user, at=timezone.now(), revision=saved, step="submit")


@require_POST
@staff_page(CHANGE, "处理更正稿")
def revision_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Submit, publish, return or discard the open correction of a document."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    if step not in REVISION_STEPS:
        raise Http404("没有这一步，请用页面上的按钮。")
    revision = Revision.objects.of(directive).open().first()
    if revision is None:
        messages.error(request, "没有待处理的更正稿，可能已被签发或放弃。")
        return redirect(directive)
    seen = request.POST.get("version", "")
    try:
        step_directive_revision(
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
    return redirect(directive)
