"""The report on an ended response in the browser: reading, writing anew, editing, publishing."""

from datetime import datetime
from typing import Any

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.aftermath.facts import Facts, gather
from floodresponse.aftermath.forms import SectionForm
from floodresponse.aftermath.log import log_of
from floodresponse.aftermath.tables import losses_by_unit, punctuality
from floodresponse.aftermath.wording import SECTIONS, level_name
from floodresponse.models import AfterActionReport, ReportSection, Response
from floodresponse.services.aftermath import (
    PUBLISH,
    WRITE,
    Written,
    edit_section,
    move_report,
    restore_section,
    write_report,
)
from floodresponse.standing import keeps_office
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.publication import DRAFT, PUBLISHED, REVIEW, STEPS, steps_from
from organizations.access import StaffRequest, staff_page
from organizations.models import User

PERMISSION, READING = "floodresponse.view_command_post", "查看总结报告"
VERSIONS = 30


def response_of(request: StaffRequest, pk: int) -> Response:
    """The response, for those who work on its report: it names casualties and who is to blame."""
    if not may_read_all(request.user):
        raise Http404
    return _seen(request, pk)


def _seen(request: StaffRequest, pk: int) -> Response:
    found: Response = get_object_or_404(
        Response.objects.visible_to(request.user).select_related("plan"), pk=pk
    )
    return found


def may_read_all(user: User) -> bool:
    """The office and whoever signs the report; others read it once it is published, without its sources."""
    return keeps_office(user) or user.has_perm(PUBLISH)


def is_published(report: AfterActionReport | None) -> bool:
    """Whether the staff may read it."""
    return report is not None and report.publication == PUBLISHED


def sections_of(facts: Facts) -> list[Written]:
    """The report as the rows tell it."""
    return [Written(key, title, words(facts)) for key, title, words in SECTIONS]


def may_write(user: User) -> bool:
    """Whether the person keeps the office's papers."""
    return user.has_perm(WRITE) and keeps_office(user)


@require_safe
@staff_page(PERMISSION, READING)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The report with its tables; before it is written, what it would rest on."""
    found, now = _seen(request, pk), timezone.now()
    written = AfterActionReport.objects.select_related("event").filter(response=found).first()
    reads_all = may_read_all(request.user)
    if not reads_all and not is_published(written):
        raise Http404
    context = {
        "response": found,
        "report": written,
        "sections": list(written.sections.all()) if written else [],
        "may_write": may_write(request.user),
        "open": written is None or written.publication in {DRAFT, REVIEW},
        "steps": _steps(request, written),
        "reads_all": reads_all,
        **(tables_of(found, now) if reads_all else {}),
    }
    return render(request, "floodresponse/aftermath/report.html", context)


def _steps(request: StaffRequest, written: AfterActionReport | None) -> list[Any]:
    if written is None:
        return []
    may_sign = request.user.has_perm(PUBLISH)
    return steps_from(written.publication, may_change=may_write(request.user), may_sign=may_sign)


def tables_of(found: Response, now: datetime) -> dict[str, Any]:
    """What stands behind the text, always from the rows."""
    facts = gather(found, now, words=False)
    headings, losses = losses_by_unit(facts)
    return {
        "facts": facts,
        "levels": [(record, level_name(record.level)) for record in facts.levels],
        "punctuality": punctuality(facts.obligations, now),
        "loss_headings": headings,
        # Each number with what it counts: on a phone there is no row of headings.
        "losses": [(unit, list(zip(headings, cells, strict=True))) for unit, cells in losses],
        "log": log_of(facts),
    }


@require_POST
@staff_page(PERMISSION, READING)
def write(request: StaffRequest, pk: int) -> HttpResponse:
    """Write it, or write it anew; edited sections keep their text."""
    found, now = response_of(request, pk), timezone.now()
    try:
        sections = sections_of(gather(found, now))
        write_report(actor=request.user, response=found, sections=sections, at=now)
        notes.success(request, "已按记录生成，经人修改的部分保留原文字。")
    except StateConflict as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:after_action", pk=pk)


@staff_page(PERMISSION, READING)
def section(request: StaffRequest, pk: int, key: str) -> HttpResponse:
    """One section: to edit, to compare with what the rows tell, its versions."""
    found = response_of(request, pk)
    rows = ReportSection.objects.select_related("report")
    one = get_object_or_404(rows, report__response=found, key=key)
    form = SectionForm(
        request.POST if request.method == "POST" else None, initial={"text": one.text, "was": one.text}
    )
    if form.is_valid():
        try:
            _put(request, one, form)
        except (InvalidInput, StateConflict) as refusal:
            form.add_error("text" if "text" in refusal.fields else None, refusal.message)
        else:
            notes.success(request, "已保存为新的版本。")
            return redirect("floodresponse:after_action", pk=pk)
    context = {
        "response": found,
        "section": one,
        "form": form,
        "may_write": may_write(request.user) and one.report.publication in {DRAFT, REVIEW},
        "versions": one.history.select_related("history_user")[:VERSIONS],
    }
    return render(
        request, "floodresponse/aftermath/section.html", context, status=400 if form.errors else 200
    )


def _put(request: StaffRequest, one: ReportSection, form: SectionForm) -> None:
    now, was = timezone.now(), form.cleaned_data["was"]
    if request.POST.get("step") == "restore":
        restore_section(actor=request.user, section=one, was=was, at=now)
    else:
        edit_section(actor=request.user, section=one, text=form.cleaned_data["text"], was=was, at=now)


@require_POST
@staff_page(PERMISSION, READING)
def step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Submit, publish, return, withdraw, reopen."""
    found = response_of(request, pk)
    written = get_object_or_404(AfterActionReport.objects.select_related("response"), response=found)
    if step not in STEPS:
        raise Http404
    try:
        reason = request.POST.get("reason", "")
        move_report(actor=request.user, report=written, step=step, at=timezone.now(), reason=reason)
        notes.success(request, f"已{STEPS[step].word}。")
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:after_action", pk=pk)
