"""Bulletins in the browser: the list, one of them, its draft."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.errors import DomainError
from foundation.models import AuditEntry
from foundation.publication import DRAFT, PUBLISHED, STEPS, WITHDRAWN
from foundation.publishing import Rights, step_on_page, steps_for
from foundation.workbooks import CONTENT_TYPE, workbook_of
from organizations.access import StaffRequest, staff_page
from taskboard.bulletins.filters import BulletinFilter
from taskboard.bulletins.forms import BulletinForm, ComposeForm
from taskboard.bulletins.printing import parts_of
from taskboard.bulletins.querysets import READ, SIGN, WRITE
from taskboard.looks import Look, look_of, strict_look_of
from taskboard.models import Bulletin
from taskboard.services import bulletins as services
from taskboard.supervision.past import as_it_stood

READING, PAGE_SIZE = "查看通报", 30
RIGHTS = Rights(change=WRITE, sign=SIGN)
HEADER = ("文号", "标题", "统计期自", "统计期至", "清单", "状态", "印发日期", "起草人", "签发人", "撤回理由")


def _listed(request: StaffRequest, look: Look) -> BulletinFilter:
    visible: Any = Bulletin.objects.visible_to(request.user).seen(look.moment)
    if not _writes(request):
        visible = visible.filter(publication_then__in=(PUBLISHED, WITHDRAWN))
    return BulletinFilter(request.GET, visible.select_related("task_list", "created_by", "published_by"))


def _writes(request: StaffRequest) -> bool:
    """Whether the reader sees drafts too."""
    return request.user.has_perm(WRITE) or request.user.has_perm(SIGN)


@require_safe
@staff_page(READ, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Bulletins that the reader may see, as they stood on the day."""
    look = look_of(request)
    filters = _listed(request, look)
    page = Paginator(filters.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = [as_it_stood(row) for row in page.object_list]
    context = {
        "page": page,
        "form": filters.form,
        "filtered": any(request.GET.get(name) for name in filters.filters),
        "may_write": look.moment is None and request.user.has_perm(WRITE),
        **look.context(),
    }
    return render(request, "taskboard/bulletins/index.html", context)


@require_safe
@staff_page(READ, "导出通报目录")
def index_xlsx(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook."""
    look = strict_look_of(request)
    found = _listed(request, look).qs
    content = workbook_of("通报目录", HEADER, [_line(as_it_stood(row)) for row in found])
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = quote(f"通报目录-{look.day}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"bulletins.xlsx\"; filename*=UTF-8''{name}"
    return response


def _line(row: Bulletin) -> list[str | Decimal | date]:
    published = timezone.localdate(row.published_at) if row.published_at else ""
    people = [str(person) if person else "" for person in (row.created_by, row.published_by)]
    list_title = row.task_list.title if row.task_list else "全部清单"
    span = (row.period_start, row.period_end)
    state = row.get_publication_display()
    return [row.full_number, row.title, *span, list_title, state, published, *people, row.withdrawal_reason]


@require_safe
@staff_page(READ, READING)
def bulletin(request: StaffRequest, pk: int) -> HttpResponse:
    """One bulletin with its figures and what became of it."""
    visible = Bulletin.objects.visible_to(request.user)
    found = get_object_or_404(visible.select_related("task_list", "created_by", "published_by"), pk=pk)
    steps = steps_for(request.user, found.publication, RIGHTS)
    context = {
        "bulletin": found,
        "parts": parts_of(found),
        "figures": found.figures,
        "steps": [(code, step) for code, step in steps if code in services.STEPS_TAKEN],
        "may_edit": found.publication == DRAFT and request.user.has_perm(WRITE),
        "entries": _entries(found) if _inside(request) else [],
    }
    return render(request, "taskboard/bulletins/bulletin.html", context)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of what became of a bulletin."""

    at: datetime
    word: str
    who: str
    reason: str


WORDS = {"compose": "取数起草", "recompose": "重新取数", "edit": "修改"} | {
    name: step.word for name, step in STEPS.items()
}


def _entries(found: Bulletin) -> list[Entry]:
    rows = AuditEntry.objects.about(found).order_by("-sequence")[:50]
    return [
        Entry(row.at, WORDS[row.action.removeprefix("bulletin.")], row.actor_label, row.reason)
        for row in rows
    ]


def _inside(request: StaffRequest) -> bool:
    """Whether the reader writes or signs bulletins."""
    return request.user.has_perm(WRITE) or request.user.has_perm(SIGN)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(WRITE, "起草通报")
def compose(request: StaffRequest) -> HttpResponse:
    """Choose the period; the draft is written from its figures."""
    form = ComposeForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            made = services.compose_bulletin(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            status = _refused(form, refusal)
        else:
            notes.success(request, "已按统计期的数据写出草稿，请核对后修改、提交签发。")
            return redirect(made)
    return render(request, "taskboard/bulletins/compose.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(WRITE, "修改通报")
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft; what was typed stays when it is refused."""
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    if found.publication != DRAFT and request.method != "POST":
        return redirect(found)
    form = BulletinForm(request.POST if request.method == "POST" else None, bulletin=found)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            services.edit_bulletin(
                actor=request.user,
                at=timezone.now(),
                bulletin=found,
                version=form.cleaned_data["version"],
                changes=form.changes,
            )
        except DomainError as refusal:
            status = _refused(form, refusal)
        else:
            notes.success(request, "已保存。")
            return redirect(found)
    return render(request, "taskboard/bulletins/edit.html", {"form": form, "bulletin": found}, status=status)


@require_POST
@staff_page(WRITE, "修改通报")
def recompose(request: StaffRequest, pk: int) -> HttpResponse:
    """Count again and write the draft anew."""
    found = get_object_or_404(Bulletin.objects.visible_to(request.user), pk=pk)
    try:
        services.recompose_bulletin(
            actor=request.user, at=timezone.now(), bulletin=found, version=_version(request)
        )
    except DomainError as refusal:
        notes.error(request, refusal.message)
    else:
        notes.success(request, "已重新取数并重写草稿。")
    return redirect(found)


@require_POST
@staff_page(READ, "办理通报")
def step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Take one step of publication."""

    def move(record: Bulletin, reason: str) -> None:
        services.move_bulletin(
            actor=request.user,
            at=timezone.now(),
            bulletin=record,
            step=step,
            reason=reason,
            version=_version(request),
        )

    visible = Bulletin.objects.visible_to(request.user)
    return step_on_page(
        request, visible=visible, pk=pk, step=step, move=move, elsewhere="taskboard:bulletins"
    )


def _version(request: StaffRequest) -> int:
    """The version of the text on the page that was sent; 0, which no bulletin has, where it is missing."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0


def _refused(form: Any, refusal: DomainError) -> int:
    for field, sentences in refusal.fields.items():
        form.add_error(field if field in form.fields else None, sentences)
    if not refusal.fields:
        form.add_error(None, refusal.message)
    return refusal.status
