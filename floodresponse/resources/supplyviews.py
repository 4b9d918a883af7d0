"""Supplies in the browser: what is where, what is short, each move."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.matrix import Badge
from floodresponse.models import Supply, SupplyMove
from floodresponse.numbers import for_reader, sees_numbers
from floodresponse.resources import supplysheets
from floodresponse.resources.forms import FIELD, MAX_WORDS, SheetForm, owners_for, the_only
from floodresponse.resources.situation import level_to_prepare_for, running_responses
from floodresponse.roster.forms import units_named
from floodresponse.services.resources import PERMISSION as KEEPING
from floodresponse.services.stocktaking import take_stock
from floodresponse.services.supplies import (
    SupplyContent,
    change_keeper,
    move_supply,
    open_stock,
    transfer_supply,
)
from floodresponse.standing import acts_for
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_command_post", "查看防汛物资"
PAGE_SIZE = 50
SORTS = {"unit": "unit__name", "name": "name", "place": "place", "quantity": "quantity"}
NUMBER = forms.NumberInput({**FIELD, "inputmode": "decimal", "min": 0, "step": "0.01"})
SHORT = [("", "全部"), ("1", "低于最低储备")]


class SupplyFilter(forms.Form):
    """Words, unit, and what is short."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    unit = forms.ModelChoiceField(
        Department.objects.none(), label="单位", required=False, empty_label="全部", to_field_name="slug"
    )
    short = forms.ChoiceField(label="储备", required=False, choices=SHORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Department.objects.filter(flood_supplies__isnull=False).distinct()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class StockForm(forms.Form):
    """A new stock."""

    unit = forms.ModelChoiceField(
        Department.objects.none(), label="单位", empty_label="请选择", widget=forms.Select(FIELD)
    )
    name = forms.CharField(label="物资", max_length=60, widget=forms.TextInput(FIELD))
    place = forms.CharField(label="存放地点", max_length=120, required=False, widget=forms.TextInput(FIELD))
    measure = forms.CharField(label="计量单位", max_length=12, widget=forms.TextInput(FIELD))
    quantity = forms.DecimalField(label="数量", min_value=0, decimal_places=2, max_digits=11, widget=NUMBER)
    keeper = forms.CharField(label="保管人", max_length=40, required=False, widget=forms.TextInput(FIELD))
    phone = forms.CharField(label="电话", max_length=40, required=False, widget=forms.TextInput(FIELD))

    def __init__(self, *args: Any, owners: QuerySet[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = owners  # type: ignore[attr-defined]
        self.fields["unit"].initial = the_only(owners)


class MoveForm(forms.Form):
    """In, out or counted."""

    kind = forms.ChoiceField(
        label="动作",
        choices=[("in", "入库"), ("out", "出库"), ("counted", "盘点（填实有数）")],
        widget=forms.Select(FIELD),
    )
    quantity = forms.DecimalField(label="数量", min_value=0, decimal_places=2, max_digits=11, widget=NUMBER)
    reason = forms.CharField(label="事由", max_length=200, widget=forms.TextInput(FIELD))


class TransferForm(forms.Form):
    """To whom, how much, why."""

    unit = forms.ModelChoiceField(
        Department.objects.none(), label="调往单位", empty_label="请选择", widget=forms.Select(FIELD)
    )
    place = forms.CharField(label="存放地点", max_length=120, required=False, widget=forms.TextInput(FIELD))
    quantity = forms.DecimalField(label="数量", min_value=0, decimal_places=2, max_digits=11, widget=NUMBER)
    reason = forms.CharField(label="事由", max_length=200, widget=forms.TextInput(FIELD))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            Department.objects.active().exclude(kind=Department.Kind.COLLECTIVE)
        )


class KeeperForm(forms.Form):
    """Whom to ask."""

    keeper = forms.CharField(label="保管人", max_length=40, required=False, widget=forms.TextInput(FIELD))
    phone = forms.CharField(label="电话", max_length=40, required=False, widget=forms.TextInput(FIELD))


def _asked(request: StaffRequest, level: int) -> tuple[SupplyFilter, QuerySet[Any]]:
    form = SupplyFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows: QuerySet[Any] = Supply.objects.with_minimum(level).select_related("unit")
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        found = Q(name__icontains=word) | Q(place__icontains=word) | Q(keeper__icontains=word)
        rows = rows.filter(found | Q(unit__name__icontains=word))
    if chosen.get("unit"):
        rows = rows.filter(unit=chosen["unit"])
    if chosen.get("short"):
        rows = rows.filter(minimum__gt=F("held"))
    order = request.GET.get("sort", "")
    if place := SORTS.get(order.removeprefix("-")):
        rows = rows.order_by(f"-{place}" if order.startswith("-") else place, "pk")
    return form, rows


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """All stocks with what should be there at the level that holds."""
    level = level_to_prepare_for(running_responses())
    form, rows = _asked(request, level)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for_reader(page, request.user)
    context = {
        "page": page,
        "numbers": sees_numbers(request.user),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": request.GET.get("sort", ""),
        "badge": Badge(level),
        "keeps": request.user.has_perm(KEEPING),
        "here": "supplies",
    }
    return render(request, "floodresponse/resources/supplies.html", context)


@require_safe
@staff_page(PERMISSION, "导出防汛物资")
def supplies_xlsx(request: StaffRequest) -> HttpResponse:
    """The stocks asked for."""
    _, rows = _asked(request, level_to_prepare_for(running_responses()))
    lines = supplysheets.rows_of(for_reader(rows, request.user))
    return workbook_response("防汛物资", "flood-supplies", supplysheets.HEADER, lines)


@staff_page(KEEPING, "导入防汛物资")
def supplies_import(request: StaffRequest) -> HttpResponse:
    """A filled-in sheet: new stocks, and known ones put right by what was counted; all or nothing."""
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    owners = list(owners_for(request.user))
    if form.is_valid():
        try:
            opened, corrected = _take_in(request, form.cleaned_data["file"], owners)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, f"已导入：新增 {opened} 处，盘点更正 {corrected} 处。")
            return redirect("floodresponse:supplies")
    context = {"form": form, "header": supplysheets.TYPED, "owners": owners, "here": "supplies"}
    return render(
        request, "floodresponse/resources/supplies_import.html", context, status=400 if form.errors else 200
    )


def _take_in(request: StaffRequest, upload: Any, owners: Sequence[Department]) -> tuple[int, int]:
    checked = check_file(upload)
    if checked.kind != XLSX:
        raise InvalidInput("请选择 Excel 表格（xlsx）。")
    most_rows, most_columns = supplysheets.MOST_ROWS + 1, supplysheets.MOST_COLUMNS
    lines = table_from(checked.content, most_rows=most_rows, most_columns=most_columns)
    counted = supplysheets.read_stocks(lines, units_named(owners))
    return take_stock(actor=request.user, lines=counted, at=timezone.now())


@staff_page(KEEPING, "登记防汛物资")
def new(request: StaffRequest) -> HttpResponse:
    """Begin to keep an article at a place."""
    owners = owners_for(request.user)
    form = StockForm(request.POST if request.method == "POST" else None, owners=owners)
    if form.is_valid():
        values = dict(form.cleaned_data)
        quantity = values.pop("quantity")
        try:
            made = open_stock(
                actor=request.user, content=SupplyContent(**values), quantity=quantity, at=timezone.now()
            )
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, "已登记。")
            return redirect(made)
    context = {"form": form, "here": "supplies"}
    return render(
        request, "floodresponse/resources/supply_new.html", context, status=400 if form.errors else 200
    )


@staff_page(PERMISSION, READING)
def supply(request: StaffRequest, pk: int) -> HttpResponse:
    """One stock: its moves, and for those who keep it what moves it."""
    found = get_object_or_404(Supply.objects.select_related("unit"), pk=pk)
    for_reader([found], request.user)
    sent = request.POST.get("step", "") if request.method == "POST" else ""
    forms_of_page: dict[str, Any] = {
        "move": MoveForm(request.POST if sent == "move" else None),
        "transfer": TransferForm(request.POST if sent == "transfer" else None),
        "keeper": KeeperForm(
            request.POST if sent == "keeper" else None,
            initial={"keeper": found.keeper, "phone": found.phone},
        ),
    }
    if sent in forms_of_page and forms_of_page[sent].is_valid():
        try:
            _do(request, found, sent, forms_of_page[sent].cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            forms_of_page[sent].add_error(None, refusal.message)
        else:
            notes.success(request, "已记录。")
            return redirect(found)
    moves = SupplyMove.objects.filter(supply=found).select_related("by", "other__unit")
    context = {
        "supply": found,
        "numbers": sees_numbers(request.user),
        "page": Paginator(moves, PAGE_SIZE).get_page(request.GET.get("page")),
        "forms": forms_of_page,
        "keeps": request.user.has_perm(KEEPING) and acts_for(request.user, found.unit),
        "here": "supplies",
    }
    refused = sent in forms_of_page and bool(forms_of_page[sent].errors)
    return render(request, "floodresponse/resources/supply.html", context, status=400 if refused else 200)


def _do(request: StaffRequest, found: Supply, step: str, values: dict[str, Any]) -> None:
    step_of = {"move": move_supply, "transfer": transfer_supply, "keeper": change_keeper}[step]
    step_of(actor=request.user, supply=found, at=timezone.now(), **values)  # type: ignore[operator]
