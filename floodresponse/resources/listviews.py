"""The lists in the browser: reading, entering, sheets out and in."""

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from floodresponse.downloads import workbook_response
from floodresponse.numbers import for_reader, sees_numbers
from floodresponse.resources.forms import (
    ReasonForm,
    RegisterFilter,
    SheetForm,
    owner_without_choice,
    owners_for,
    record_form,
)
from floodresponse.resources.registers import NOT_PRINTED, REGISTERS, Register, lines_of
from floodresponse.resources.sheets import MOST_COLUMNS, MOST_ROWS, read_lines
from floodresponse.seen import FIELD, StalePage, carry_seen, show_anew
from floodresponse.services.households import note_list_taken
from floodresponse.services.resources import (
    PERMISSION as KEEPING,
)
from floodresponse.services.resources import (
    add_resource,
    change_resource,
    lock_resources,
    may_keep,
    remove_resource,
    require_keeping_of,
)
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.filetypes import XLSX
from foundation.services.attachments import check_file
from foundation.workbooks import table_from
from organizations.access import StaffRequest, staff_page
from organizations.models import Department
from organizations.permissions import require

READING = "floodresponse.view_command_post"
PAGE_SIZE = 50


def _register(request: StaffRequest, key: str) -> Register:
    if key not in REGISTERS:
        raise Http404
    register = REGISTERS[key]
    require(request.user, register.permission, f"查看{register.title}")
    return register


def _asked(request: StaffRequest, register: Register) -> tuple[RegisterFilter, QuerySet[Any]]:
    rows = register.rows(request.user)
    owned = rows.order_by().values(register.owner)
    form = RegisterFilter(
        request.GET, register=register, owners=list(Department.objects.filter(pk__in=owned))
    )
    found = form.apply(rows, register.searched(request.user))
    order = request.GET.get("sort", "")
    for column in register.columns:
        if column.name == order.removeprefix("-"):
            place = F(column.order)
            falling = order.startswith("-")
            found = found.order_by(
                place.desc(nulls_last=True) if falling else place.asc(nulls_last=True), "pk"
            )
    return form, found


@require_safe
@staff_page(READING, "查看备勤清单")
def index(request: StaffRequest, key: str) -> HttpResponse:
    """One list: by conditions, sorted, page by page."""
    register = _register(request, key)
    form, rows = _asked(request, register)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = for_reader(page, request.user)
    context = {
        "register": register,
        "columns": register.columns,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": request.GET.get("sort", ""),
        "page": page,
        "lines": [(line, may_keep(request.user, line.record)) for line in lines_of(register, shown)],
        "numbers": sees_numbers(request.user),
        "keeps": request.user.has_perm(KEEPING),
        "not_printed": NOT_PRINTED,
        "here": key,
    }
    return render(request, "floodresponse/resources/list.html", context)


@require_safe
@staff_page(READING, "导出备勤清单")
def list_xlsx(request: StaffRequest, key: str) -> HttpResponse:
    """The lines asked for, as a workbook that can be filled in and handed back."""
    register = _register(request, key)
    _, rows = _asked(request, register)
    if register.key == "households":
        note_list_taken(actor=request.user, households=len(rows), at=timezone.now())
    shown = for_reader(rows, request.user)
    lines = ([value for _, value in line.cells] for line in lines_of(register, shown))
    header = [column.label for column in register.columns]
    return workbook_response(register.title, f"flood-{key}", header, lines)


@staff_page(KEEPING, "登记备勤清单")
def edit(request: StaffRequest, key: str, pk: int | None = None) -> HttpResponse:
    """A new record, or one to change."""
    register = _register(request, key)
    stored = get_object_or_404(register.rows(request.user), pk=pk) if pk else None
    before = register.model._default_manager.get(pk=pk) if pk else None
    if before is not None:
        require_keeping_of(request.user, before)
    form = record_form(register, request.user)(
        request.POST if request.method == "POST" else None,
        instance=stored or register.model(),
        initial={} if pk else owner_without_choice(register, request.user),
    )
    if before is not None:
        carry_seen(form, before, register.fields)
    if form.is_valid():
        try:
            _save(request, form, before)
        except StalePage as refusal:
            show_anew(form, refusal)
        except (InvalidInput, StateConflict) as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("floodresponse:register", key=key)
    context = {
        "register": register,
        "form": form,
        "record": before,
        "may_remove": before is not None,
        "reason": ReasonForm(),
        "here": key,
    }
    return render(request, "floodresponse/resources/form.html", context, status=400 if form.errors else 200)


def _save(request: StaffRequest, form: Any, before: Any) -> None:
    now, values = timezone.now(), dict(form.cleaned_data)
    seen = values.pop(FIELD, None)
    if before is None:
        add_resource(actor=request.user, record=form.instance, at=now)
        notes.success(request, "已登记。")
    elif change_resource(actor=request.user, record=before, values=values, at=now, seen=seen):
        notes.success(request, "已保存。")
    else:
        notes.info(request, "没有改动。")


@staff_page(KEEPING, "删除备勤清单条目")
def remove(request: StaffRequest, key: str, pk: int) -> HttpResponse:
    """Off the list, with a reason."""
    register = _register(request, key)
    record = get_object_or_404(register.rows(request.user), pk=pk)
    try:
        reason = request.POST.get("reason", "")
        remove_resource(actor=request.user, record=record, reason=reason, at=timezone.now())
    except (InvalidInput, StateConflict) as refusal:
        notes.error(request, refusal.message)
        return redirect("floodresponse:register_edit", key=key, pk=pk)
    notes.success(request, "已删除，审计记录保留。")
    return redirect("floodresponse:register", key=key)


@staff_page(KEEPING, "导入备勤清单")
def list_import(request: StaffRequest, key: str) -> HttpResponse:
    """A filled-in sheet: all of it or nothing."""
    register = _register(request, key)
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            added, changed = _take_in(request, register, form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            notes.success(request, f"已导入：新增 {added} 条，修改 {changed} 条。")
            return redirect("floodresponse:register", key=key)
    context = {"register": register, "form": form, "owners": owners_for(request.user), "here": key}
    return render(request, "floodresponse/resources/import.html", context, status=400 if form.errors else 200)


@transaction.atomic
def _take_in(request: StaffRequest, register: Register, upload: Any) -> tuple[int, int]:
    checked = check_file(upload)
    if checked.kind != XLSX:
        raise InvalidInput("请选择 Excel 表格（xlsx）。")
    lines = table_from(checked.content, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS)
    form = record_form(register, request.user)
    read = read_lines(register, lines, form, request.user)
    lock_resources(line.record for line in read if not line.is_new)
    added = changed = 0
    for line in read:
        now = timezone.now()
        if line.is_new:
            add_resource(actor=request.user, record=line.record, at=now)
            added += 1
        else:
            changed += change_resource(actor=request.user, record=line.record, values=line.values, at=now)
    return added, changed
