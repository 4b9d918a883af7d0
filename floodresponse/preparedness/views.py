"""The readiness panel, as a page, a workbook and in the interface."""

from collections import Counter

from django import forms
from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.models import Plan
from floodresponse.preparedness.checks import AMBER, GREEN, RED, WORDS, checks_of
from floodresponse.preparedness.facts import gather
from floodresponse.services.confirming import confirm_plan
from floodresponse.standing import keeps_office
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page

PERMISSION, READING = "floodresponse.view_command_post", "查看备勤检查"
CONFIRM = "floodresponse.confirm_plan"


class ConfirmForm(forms.Form):
    """On whose word the plan holds this year."""

    basis = forms.CharField(
        label="沿用依据（会议、文号或同意的领导）",
        max_length=200,
        widget=forms.TextInput({"class": "field"}),
    )


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """What is missing, the worst first."""
    facts = gather(timezone.now())
    lines = sorted(checks_of(facts), key=lambda check: (RED, AMBER, GREEN).index(check.colour))
    counts = Counter(check.colour for check in lines)
    context = {
        "checks": lines,
        "counts": [(colour, WORDS[colour], counts[colour]) for colour in (RED, AMBER, GREEN)],
        "facts": facts,
        "form": ConfirmForm(),
        "to_confirm": _may_confirm(request) and any(check.url == "#confirm" for check in lines),
        "year": timezone.localdate().year,
        "here": "readiness",
    }
    return render(request, "floodresponse/preparedness/index.html", context)


def _may_confirm(request: StaffRequest) -> bool:
    return request.user.has_perm(CONFIRM) and keeps_office(request.user)


@require_safe
@staff_page(PERMISSION, "导出备勤检查")
def readiness_xlsx(request: StaffRequest) -> HttpResponse:
    """The panel as a table: one line for each thing that is missing."""
    now = timezone.now()
    lines = [
        (check.title, check.word, check.sentence, item)
        for check in checks_of(gather(now))
        for item in check.items or ("",)
    ]
    title = f"备勤检查 {timezone.localtime(now):%Y-%m-%d %H%M}"
    return workbook_response(title, "flood-readiness", ("事项", "状态", "说明", "缺项"), lines)


@require_POST
@staff_page(CONFIRM, "确认沿用防内涝方案")
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan of another year holds in this one."""
    plan = get_object_or_404(Plan.objects.published(), pk=pk)
    now = timezone.now()
    try:
        confirm_plan(
            actor=request.user,
            plan=plan,
            year=timezone.localtime(now).year,
            basis=request.POST.get("basis", ""),
            at=now,
        )
        notes.success(request, "已确认沿用。")
    except (InvalidInput, StateConflict) as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:readiness")
