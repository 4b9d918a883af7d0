"""Issues in the browser: the public list, one issue, its composing."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.errors import DomainError
from foundation.models import AuditEntry
from foundation.publication import DRAFT, PUBLISHED, STEPS
from foundation.publishing import Rights, step_on_page, steps_for
from foundation.workbooks import CONTENT_TYPE, workbook_of
from gazette.issues.contents import (
    chosen_document_corrections,
    chosen_documents,
    documents_at_hand,
    due_corrections,
    due_document_corrections,
    events_between,
    months_of,
    waiting_entries,
)
from gazette.issues.filters import IssueFilter
from gazette.issues.forms import IssueForm, initial_of, initial_on
from gazette.issues.paper import printout_of
from gazette.issues.printing import withdrawn_since
from gazette.models import Issue, IssueDocument
from gazette.querysets import COMPOSE, SIGN
from gazette.services import issues as services
from organizations.access import StaffRequest, staff_page
from printing.delivery import order_ahead

COMPOSING, PAGE_SIZE, AT_HAND = "编排公报", 30, 20
RIGHTS = Rights(change=COMPOSE, sign=SIGN)
HEADER = ("年度", "期号", "刊名", "大事记自", "大事记至", "文件数", "状态", "出版日期", "签发人")
WORDS = {
    "create": "建立本期",
    "edit": "修改刊名、期号或月份",
    "documents": "调整文件",
    "corrections": "调整更正",
} | {name: step.word for name, step in STEPS.items()}


def _listed(request: HttpRequest) -> IssueFilter:
    return IssueFilter(request.GET, Issue.objects.visible_to(request.user).defer("frozen_html"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Issues that were published; the desk also sees those in the making."""
    filters = _listed(request)
    rows = filters.qs.prefetch_related(Prefetch("documents", IssueDocument.objects.only("issue")))
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": filters.form,
        "filtered": any(request.GET.get(name) for name in filters.filters),
        "may_compose": request.user.has_perm(COMPOSE),
    }
    return render(request, "gazette/issues/index.html", context)


@require_safe
def index_xlsx(request: HttpRequest) -> HttpResponse:
    """The same list as a workbook."""
    rows = _listed(request).qs.select_related("published_by").prefetch_related("documents")
    content = workbook_of("公报目录", HEADER, [_row(issue) for issue in rows])
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    name = quote(f"公报目录-{timezone.localdate()}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"issues.xlsx\"; filename*=UTF-8''{name}"
    return response


def _row(issue: Issue) -> Sequence[Decimal | str | date]:
    day = timezone.localdate(issue.published_at) if issue.published_at else ""
    months = (f"{issue.first_month:%Y-%m}", f"{issue.last_month:%Y-%m}")
    signer = str(issue.published_by) if issue.published_by else ""
    count = len(issue.documents.all())
    return [
        Decimal(issue.year),
        Decimal(issue.number),
        issue.title,
        *months,
        Decimal(count),
        issue.get_publication_display(),
        day,
        signer,
    ]


@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue: what stands in it; for the desk, what may still be taken in."""
    visible = Issue.objects.visible_to(request.user).defer("frozen_html")
    found = get_object_or_404(visible.select_related("created_by", "published_by"), pk=pk)
    context: dict[str, Any] = {
        "issue": found,
        "months": _months(found),
        "documents": chosen_documents(found),
        "corrections": found.corrections.select_related("event").order_by("event__start_date", "pk"),
        "document_corrections": chosen_document_corrections(found),
        "withdrawn": withdrawn_since(found),
        "composing": request.user.has_perm(COMPOSE),
        "steps": steps_for(request.user, found.publication, RIGHTS),
        "may_edit": found.publication == DRAFT and request.user.has_perm(COMPOSE),
    }
    if context["composing"]:
        context |= _desk(request, found)
    return render(request, "gazette/issues/issue.html", context)


def _months(found: Issue) -> list[tuple[date, int]]:
    """The months with the number of public entries."""
    days = list(events_between(found).published().values_list("start_date", flat=True))
    return [
        (month, sum((day.year, day.month) == (month.year, month.month) for day in days))
        for month in months_of(found)
    ]


def _desk(request: HttpRequest, found: Issue) -> dict[str, Any]:
    """What only those who compose see."""
    words = request.GET.get("q", "").strip()[:100]
    at_hand = documents_at_hand(found)
    if words:
        at_hand = at_hand.filter(title__icontains=words)
    entries = AuditEntry.objects.about(found).order_by("-sequence")[:50]
    return {
        "q": words,
        "page": Paginator(at_hand, AT_HAND).get_page(request.GET.get("page")),
        "due": due_corrections(found),
        "chosen": set(found.corrections.values_list("pk", flat=True)),
        "due_of_documents": due_document_corrections(found),
        "chosen_of_documents": set(found.document_corrections.values_list("pk", flat=True)),
        "waiting": waiting_entries(found),
        "entries": [
            (row.at, WORDS.get(row.action.removeprefix("issue."), "改动"), row.actor_label, row.reason)
            for row in entries
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(COMPOSE, COMPOSING)
def create(request: StaffRequest) -> HttpResponse:
    """Begin an issue."""
    posted = request.POST if request.method == "POST" else None
    form = IssueForm(posted, initial=initial_on(timezone.localdate()))

    def save() -> Issue:
        return services.create_issue(actor=request.user, at=timezone.now(), **form.values)

    return _form_page(request, form, None, save)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(COMPOSE, COMPOSING)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change name, number or months."""
    found = get_object_or_404(Issue, pk=pk)
    form = IssueForm(request.POST if request.method == "POST" else None, initial=initial_of(found))

    def save() -> Issue:
        version = form.cleaned_data["version"] or 0
        return services.edit_issue(
            actor=request.user, at=timezone.now(), issue=found, version=version, **form.values
        )

    return _form_page(request, form, found, save)


def _form_page(
    request: HttpRequest, form: IssueForm, found: Issue | None, save: Callable[[], Issue]
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            return redirect(save())
        except DomainError as refusal:
            status = refusal.status
            field = next(iter(getattr(refusal, "fields", None) or {}), None)
            form.add_error(field if field in form.fields else None, refusal.message)
    return render(request, "gazette/issues/form.html", {"form": form, "issue": found}, status=status)


@require_POST
@staff_page(COMPOSE, COMPOSING)
def documents(request: StaffRequest, pk: int) -> HttpResponse:
    """Take documents into the issue."""

    def add(found: Issue) -> None:
        services.add_documents(
            actor=request.user,
            at=timezone.now(),
            issue=found,
            version=_number(request, "version"),
            documents=_chosen(request, "document"),
        )

    return _done(request, pk, add)


@require_POST
@staff_page(COMPOSE, COMPOSING)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Move a document, or take it out."""

    def carry(found: Issue) -> None:
        where, _, document = request.POST.get("move", "").partition(":")
        services.move_document(
            actor=request.user,
            at=timezone.now(),
            issue=found,
            version=_number(request, "version"),
            document=_read(document),
            where=where,
        )

    return _done(request, pk, carry)


@require_POST
@staff_page(COMPOSE, COMPOSING)
def corrections(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose among the corrections due."""

    def choose(found: Issue) -> None:
        services.choose_corrections(
            actor=request.user,
            at=timezone.now(),
            issue=found,
            version=_number(request, "version"),
            corrections=_chosen(request, "correction"),
            document_corrections=_chosen(request, "document_correction"),
        )

    return _done(request, pk, choose)


def _chosen(request: HttpRequest, name: str) -> list[int]:
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 10]


def _done(request: HttpRequest, pk: int, act: Callable[[Issue], None]) -> HttpResponse:
    found = get_object_or_404(Issue, pk=pk)
    try:
        act(found)
    except DomainError as refusal:
        notes.error(request, refusal.message)
    else:
        notes.success(request, "已保存。")
    return redirect(found)


def _number(request: HttpRequest, name: str) -> int:
    return _read(request.POST.get(name, ""))


def _read(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
@staff_page(COMPOSE, COMPOSING)
def step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Take one step of publication; what was published is set at once in the background."""

    def take(record: Issue, reason: str) -> None:
        done = services.step_issue(
            actor=request.user,
            at=timezone.now(),
            issue=record,
            step=step,
            reason=reason,
            version=_number(request, "version"),
        )
        if done.publication == PUBLISHED:
            order_ahead(printout_of(done))

    visible = Issue.objects.visible_to(request.user)
    return step_on_page(request, visible=visible, pk=pk, step=step, move=take, elsewhere="gazette:issues")
