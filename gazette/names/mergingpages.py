"""Pages of departments taken into others: proposed, looked at, signed by a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.errors import DomainError
from gazette.models import DepartmentMerge
from gazette.names.merging import (
    PERMISSION,
    SIGN,
    WHAT,
    accounts_of,
    confirm_merge,
    propose_merge,
    void_merge,
    what_would_move,
)
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PAGE_SIZE = 30


class MergeForm(forms.Form):
    """Which department goes into which, and why."""

    source = forms.ModelChoiceField(
        queryset=Department.objects.filter(merged_into=None), label="被并入的部门", empty_label="请选择"
    )
    target = forms.ModelChoiceField(
        queryset=Department.objects.filter(merged_into=None), label="并入到", empty_label="请选择"
    )
    reason = forms.CharField(label="依据", max_length=200, help_text="如机构改革方案的名称和文号。")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, WHAT)
def merges(request: StaffRequest) -> HttpResponse:
    """All merges, and the form that proposes one."""
    form = MergeForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = propose_merge(actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, "已提出，待另一位签发人看过预览后签发。")
            return redirect("gazette:merge", made.pk)
        except DomainError as refusal:
            field = next((name for name in refusal.fields if name in form.fields), None)
            form.add_error(field, refusal.message)
    asked = _standing(request)
    found = DepartmentMerge.objects.select_related("target", "proposed_by", "settled_by")
    context = {
        "form": form,
        "page": Paginator(found.filter(**asked), PAGE_SIZE).get_page(request.GET.get("page")),
        "standings": DepartmentMerge.Standing.choices,
        "asked": asked.get("standing", ""),
    }
    return render(request, "gazette/names/merges.html", context, status=400 if form.is_bound else 200)


def _standing(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("standing", "")
    return {"standing": asked} if asked in DepartmentMerge.Standing.values else {}


@require_safe
@staff_page(PERMISSION, WHAT)
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """What a merge would change, or has changed."""
    rows = DepartmentMerge.objects.select_related("source", "target", "proposed_by", "settled_by")
    found = get_object_or_404(rows, pk=pk)
    waits = found.standing == DepartmentMerge.Standing.PROPOSED
    context = {
        "merge": found,
        "waits": waits,
        "lines": what_would_move(found.source) if waits else found.moved,
        "accounts": accounts_of(found.source) if waits else 0,
        "signs": request.user.has_perm(SIGN) and found.proposed_by_id != request.user.pk,
    }
    return render(request, "gazette/names/merge.html", context)


@require_POST
@staff_page(PERMISSION, WHAT)
def merge_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Sign (``confirm``) or drop a merge."""
    found = get_object_or_404(DepartmentMerge.objects.select_related("source", "target"), pk=pk)
    try:
        if step == "confirm":
            confirm_merge(actor=request.user, at=timezone.now(), merge=found)
            messages.success(request, f"已合并，“{found.source_name}”现为“{found.target}”的别名。")
        elif step == "void":
            reason = request.POST.get("reason", "")
            void_merge(actor=request.user, at=timezone.now(), merge=found, reason=reason)
            messages.success(request, "已作废，记载保留，没有改动任何记录。")
        else:
            raise Http404("没有这一步。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("gazette:merge", pk)
