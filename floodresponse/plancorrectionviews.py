"""Corrections of a plan: compared with what is in force, signed by another person or voided."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.models import Plan, PlanCorrection
from floodresponse.services import confirm_plan_texts, void_plan_texts
from floodresponse.services.plans import PERMISSION
from foundation.comparing import FieldChange, compare
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page

SHOWN = 20


@require_safe
@staff_page(PERMISSION, "查看方案更正")
def plan_corrections(request: StaffRequest, pk: int) -> HttpResponse:
    """What waits and what was settled, the newest first."""
    plan = get_object_or_404(Plan, pk=pk)
    rows = plan.text_corrections.select_related("proposed_by", "settled_by")[:SHOWN]
    context = {"plan": plan, "corrections": [(row, changes_of(row)) for row in rows]}
    return render(request, "floodresponse/plan_corrections.html", context)


def changes_of(correction: PlanCorrection) -> list[FieldChange]:
    """Each text beside the one it replaces."""
    before = {told["name"]: told["before"] for told in correction.texts}
    after = {told["name"]: told["after"] for told in correction.texts}
    return compare(
        before, after, labels={name: name for name in after}, in_lines=lambda _, text: text.splitlines()
    )


@require_POST
@staff_page(PERMISSION, "办理方案更正")
def plan_correction_step(request: StaffRequest, pk: int, correction: int, step: str) -> HttpResponse:
    """Sign (``confirm``) or void a correction."""
    found = get_object_or_404(PlanCorrection.objects.select_related("plan"), pk=correction, plan=pk)
    try:
        if step == "confirm":
            count = confirm_plan_texts(actor=request.user, at=timezone.now(), correction=found)
            messages.success(request, f"已签发，方案的 {count} 处文字已更正。")
        elif step == "void":
            reason = request.POST.get("reason", "")
            void_plan_texts(actor=request.user, at=timezone.now(), correction=found, reason=reason)
            messages.success(request, "已作废，方案没有改动，记载保留。")
        else:
            raise Http404("没有这一步，请用页面上的按钮。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("floodresponse:plan_corrections", pk=pk)
