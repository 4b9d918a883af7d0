"""Periodic reports in the browser: who owes what in a list, and one report."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from foundation.errors import DomainError, InvalidInput
from organizations.access import StaffRequest, staff_page
from taskboard.acting import SUPERVISE
from taskboard.looks import look_of
from taskboard.models import PeriodicReport, ReportingRule, ReportObligation, TaskList
from taskboard.periodic.forms import PeriodicReportForm, RhythmForm
from taskboard.periodic.rhythm import READING
from taskboard.services import ReportingRuleContent
from taskboard.services.periodic import file_periodic_report, rules_of, unit_that_reports
from taskboard.services.rhythm import rhythm_mark, set_rhythm
from taskboard.supervision.past import as_it_stood

PERMISSION, LOOKING = "taskboard.view_task", "查看定期报送"
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """An obligation with its light and word of the day."""

    obligation: ReportObligation
    light: str
    word: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rhythm with the days as this portal reads them."""

    rule: ReportingRule
    reading: str


@require_safe
@staff_page(PERMISSION, LOOKING)
def of_list(request: StaffRequest, pk: int) -> HttpResponse:
    """All periods of a list, the newest first: who has reported, who is late, who still owes."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user).select_related("directive"), pk=pk)
    look = look_of(request)
    owed = found.report_obligations.visible_to(request.user).select_related("department")
    owed = owed.seen(look.day, look.moment)
    page = Paginator(owed, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "task_list": found,
        "rules": _rules_of(found),
        "rows": [_row(as_it_stood(obligation), look.day) for obligation in page],
        "page": page,
        "overdue": owed.overdue(look.day, look.moment).count(),
        "may_set": look.moment is None and _may_set(request, found),
        **look.context(),
    }
    return render(request, "taskboard/periodic/list.html", context)


def _may_set(request: StaffRequest, found: TaskList) -> bool:
    return found.state != TaskList.State.ARCHIVED and request.user.has_perm(SUPERVISE)


def _rules_of(found: TaskList) -> list[RuleLine]:
    return [RuleLine(rule, READING[rule.rhythm]) for rule in rules_of(found)]


def _row(obligation: ReportObligation, today: date) -> Row:
    return Row(obligation, obligation.light(today), obligation.word(today))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(SUPERVISE, "登记报送频次")
def rhythm(request: StaffRequest, pk: int) -> HttpResponse:
    """Set how often the list is reported on, or change it from a day on."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user).select_related("directive"), pk=pk)
    today = timezone.localdate()
    initial = {"seen": rhythm_mark(found), "starts_on": today + timedelta(days=1)}
    form = RhythmForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        given = dict(form.cleaned_data)
        seen = given.pop("seen") or 0
        content = ReportingRuleContent(**given)
        try:
            set_rhythm(actor=request.user, at=timezone.now(), task_list=found, content=content, seen=seen)
        except DomainError as refusal:
            status = refusal.status
            for field, sentences in refusal.fields.items():
                form.add_error(field, sentences)
            if not refusal.fields:
                form.add_error(None, refusal.message)
        else:
            notes.success(request, "报送频次已登记。已经到期的期次不变，以后的期次按新的频次报送。")
            return redirect("taskboard:periodic_reports", found.pk)
    context = {"task_list": found, "rules": _rules_of(found), "form": form}
    return render(request, "taskboard/periodic/rhythm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, LOOKING)
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """One report: read by all, written by the department that owes it."""
    seen = ReportObligation.objects.visible_to(request.user)
    found = get_object_or_404(seen.select_related("task_list", "department", "rule"), pk=pk)
    form = PeriodicReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        refusal = _filed(request, found, form)
        if refusal is None:
            notes.success(request, "已报送。")
            return redirect(found)
        status = refusal.status
    context = {
        "obligation": found,
        "row": _row(found, timezone.localdate()),
        "report": PeriodicReport.objects.filter(obligation=found).select_related("actor").first(),
        "form": form,
        "may_report": unit_that_reports(request.user, found) is not None,
    }
    return render(request, "taskboard/periodic/report.html", context, status=status)


def _filed(request: StaffRequest, found: ReportObligation, form: PeriodicReportForm) -> DomainError | None:
    """Hand it in; what stood against it is shown above what was typed."""
    if not form.is_valid():
        return InvalidInput("请改正标出的内容。")
    try:
        file_periodic_report(actor=request.user, at=timezone.now(), obligation=found, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        found.refresh_from_db()
        return refusal
    return None
