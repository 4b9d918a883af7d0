"""Losses, relief, rebuilding, costs, lessons, praise and blame: the list and what is entered."""

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.aftermath.forms import EntryForm, KindFilter
from floodresponse.aftermath.views import PERMISSION, may_write, response_of
from floodresponse.downloads import workbook_response
from floodresponse.models import AftermathEntry, Response
from floodresponse.reportsheets import DRILL
from floodresponse.services.aftermath import EntryContent, add_entry, strike_entry
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page

READING = "查看善后事项"
PAGE_SIZE, MAX_WORDS = 50, 8
SORTS = {"kind": "kind", "unit": "unit__name", "amount": "amount", "entered": "entered_at"}
HEADER = ("类别", "单位", "内容", "依据", "金额（元）", "任务", "登记时间", "登记人", "划销")


def _asked(request: StaffRequest, found: Response) -> tuple[KindFilter, QuerySet[AftermathEntry]]:
    form = KindFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = AftermathEntry.objects.filter(response=found)
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(text__icontains=word) | Q(basis__icontains=word) | Q(unit__name__icontains=word))
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    order = request.GET.get("sort", "")
    if place := SORTS.get(order.removeprefix("-")):
        rows = rows.order_by(f"-{place}" if order.startswith("-") else place, "pk")
    return form, rows.select_related("unit", "task", "entered_by", "struck_by")


@staff_page(PERMISSION, READING)
def entries(request: StaffRequest, pk: int) -> HttpResponse:
    """The list, and one more."""
    found = response_of(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = EntryForm(posted, plan=found.plan, user=request.user)
    if form.is_valid():
        try:
            content = EntryContent(**form.cleaned_data)
            add_entry(actor=request.user, response=found, content=content, at=timezone.now())
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已登记。重新生成报告后写入报告。")
            return redirect("floodresponse:aftermath", pk=pk)
    conditions, rows = _asked(request, found)
    context = {
        "response": found,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": conditions,
        "filtered": any(request.GET.get(name) for name in conditions.fields),
        "order": request.GET.get("sort", ""),
        "entry_form": form,
        "may_write": may_write(request.user) and found.terminated_at is not None,
    }
    return render(
        request, "floodresponse/aftermath/entries.html", context, status=400 if form.errors else 200
    )


@require_safe
@staff_page(PERMISSION, "导出善后事项")
def entries_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """The list asked for."""
    found = response_of(request, pk)
    _, rows = _asked(request, found)
    drill = DRILL if found.exercise else ""
    lines = (
        (
            entry.get_kind_display(),
            entry.unit.name if entry.unit else "",
            f"{drill}{entry.text}",
            entry.basis,
            "" if entry.amount is None else entry.amount,
            str(entry.task or ""),
            f"{timezone.localtime(entry.entered_at):%Y-%m-%d %H:%M}",
            str(entry.entered_by),
            entry.struck_reason,
        )
        for entry in rows
    )
    return workbook_response(f"{drill}善后事项", "flood-aftermath", HEADER, lines)


@require_POST
@staff_page(PERMISSION, READING)
def strike(request: StaffRequest, pk: int) -> HttpResponse:
    """Strike out what was entered by mistake."""
    entry = get_object_or_404(AftermathEntry.objects.select_related("response"), pk=pk)
    try:
        reason = request.POST.get("reason", "")
        strike_entry(actor=request.user, entry=entry, reason=reason, at=timezone.now())
        notes.success(request, "已划销，记录保留。")
    except (InvalidInput, StateConflict) as refusal:
        notes.error(request, refusal.message)
    return redirect("floodresponse:aftermath", pk=entry.response_id)
