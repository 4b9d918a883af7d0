"""Importing a gazette in the browser: hand in, look, confirm, report."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from directives.models import Directive
from events.models import Event
from foundation.background import BackgroundUnavailable, give
from foundation.context import current_origin
from foundation.errors import DomainError
from gazette import reviewing, tasks
from gazette.forms import UploadForm
from gazette.models import ImportRun
from gazette.services import (
    confirm_import,
    corrections_of,
    discard_import,
    drafts_of,
    publish_drafts,
    read_import,
    review_again,
    start_import,
)
from gazette.services.imports import progress_of
from gazette.services.planned import KEEP_MINE, LATER, TAKE_FILE
from organizations.access import StaffRequest, staff_page
from organizations.visitors import Visitor

PERMISSION, IMPORTING = "gazette.import_issue", "导入公报"
PUBLISHING = ("events.publish_event", "directives.publish_directive")
# Larger files are read and written in the background; a PDF takes some ten times as long as a text.
AT_ONCE_BYTES = 1024 * 1024
AT_ONCE_PDF_BYTES = 256 * 1024
AT_ONCE_RECORDS = 400
PAGE_SIZE = 30
SHOWN_RECORDS = 300
State = ImportRun.State
BUSY = frozenset({State.WAITING, State.READING, State.WRITING})


@staff_page(PERMISSION, IMPORTING)
def import_list(request: StaffRequest) -> HttpResponse:
    """Imports so far, the newest first."""
    runs = ImportRun.objects.select_related("started_by").defer("preview", "decisions")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "gazette/import_list.html", {"page": page})


@staff_page(PERMISSION, IMPORTING)
def import_upload(request: StaffRequest) -> HttpResponse:
    """Hand in a file; a small one is read at once."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            return redirect(_started(request, form))
        except DomainError as refusal:
            form.add_error("file", refusal.message)
    status = 400 if form.errors else 200
    return render(request, "gazette/import_upload.html", {"form": form}, status=status)


def _started(request: StaffRequest, form: UploadForm) -> ImportRun:
    file = form.cleaned_data["file"]
    run = start_import(actor=request.user, name=file.name, data=file.read(), at=timezone.now())
    return _reading(run)


def _reading(run: ImportRun) -> ImportRun:
    if _is_large(run):
        give(tasks.read_gazette, run.pk)
        return run
    return read_import(run=run, at=timezone.now())


def _is_large(run: ImportRun) -> bool:
    """Whether nobody should wait for it with an open request; of a PDF its name is a hint enough."""
    is_pdf = run.file_name.lower().endswith(".pdf")
    return run.size > (AT_ONCE_PDF_BYTES if is_pdf else AT_ONCE_BYTES)


@staff_page(PERMISSION, IMPORTING)
def import_run(request: StaffRequest, pk: int) -> HttpResponse:
    """One import: its progress, its preview or its report."""
    run = get_object_or_404(ImportRun.objects.select_related("started_by"), pk=pk)
    if is_busy(run):
        return render(request, "gazette/import_progress.html", _progress(run))
    if run.state == State.PREVIEW:
        return _preview(request, run)
    return render(request, "gazette/import_report.html", _report(request.user, run))


def _report(user: Visitor, run: ImportRun) -> dict[str, Any]:
    """The report, with what is still to be published where somebody may look at it."""
    drafts = (drafts_of(Event, run).count(), drafts_of(Directive, run).count())
    return {
        "run": run,
        "draft_events": drafts[0],
        "draft_directives": drafts[1],
        "draft_corrections": corrections_of(run).count(),
        "outcome": cache.get(tasks.published_key(run.pk), ""),
        "may_publish": all(user.has_perm(right) for right in PUBLISHING),
    }


def is_busy(run: ImportRun) -> bool:
    """Whether the background is at work on it."""
    return run.state in BUSY or bool(cache.get(tasks.waiting_key(run.pk)))


def _progress(run: ImportRun) -> dict[str, Any]:
    waiting = run.state in (State.WAITING, State.PREVIEW)
    return {
        "run": run,
        "waiting": waiting,
        "stale": ImportRun.objects.stale(timezone.now()).filter(pk=run.pk).exists(),
        "percent": progress_of(run) if run.state == State.WRITING else None,
    }


def _preview(
    request: HttpRequest, run: ImportRun, chosen: Mapping[str, str] | None = None, error: str = ""
) -> HttpResponse:
    chosen = chosen or {}
    review = reviewing.review_of(run.preview)
    refused = cache.get(tasks.refusal_key(run.pk), "")
    context = {
        "run": run,
        "review": review,
        "conflicts": [(record, chosen.get(record.key, "")) for record in review.conflicts],
        "shown": SHOWN_RECORDS,
        "error": error or refused,
    }
    return render(request, "gazette/import_preview.html", context, status=409 if error else 200)


@staff_page(PERMISSION, IMPORTING)
def import_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The moving part of the progress page; asks for a fresh page when the work is done."""
    run = get_object_or_404(ImportRun.objects.defer("preview", "decisions"), pk=pk)
    response = render(request, "gazette/_progress.html", _progress(run))
    if not is_busy(run):
        response["HX-Refresh"] = "true"
    return response


@require_POST
@staff_page(PERMISSION, IMPORTING)
def import_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Write the preview, once everything doubtful has been looked at."""
    run = get_object_or_404(ImportRun, pk=pk)
    chosen = decisions_from(request.POST)
    if run.state == State.PREVIEW and (missing := undecided(request.POST, run)):
        return _preview(request, run, chosen, missing)
    cache.delete(tasks.refusal_key(pk))
    if _is_large(run):
        _write_later(request, run, chosen)
        return redirect(run)
    try:
        run = confirm_import(actor=request.user, run=run, decisions=chosen, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(run)
    drafts = "新记录为草稿，另行发布；任务为未下发，不计时。" if run.report.get("created") else ""
    waiting = "已发布的记录没有改动，更正稿等待签发。" if run.report.get("proposed") else ""
    messages.success(request, f"已写入。{drafts}{waiting}")
    return redirect(run)


def decisions_from(posted: Mapping[str, Any]) -> dict[str, str]:
    """What the person chose for records in conflict: key to ``mine``, ``file`` or ``later``."""
    return {
        name.removeprefix("decision:"): value
        for name, value in posted.items()
        if name.startswith("decision:") and value in (KEEP_MINE, TAKE_FILE, LATER)
    }


def undecided(posted: Mapping[str, Any], run: ImportRun) -> str:
    """Why the preview cannot be written yet; empty when it can."""
    review = reviewing.review_of(run.preview)
    chosen = decisions_from(posted)
    open_conflicts = sum(record.key not in chosen for record in review.conflicts)
    if open_conflicts:
        return f"还有 {open_conflicts} 条人工改过的记录没有选择，未写入任何内容。请逐条选定后再确认。"
    unseen = sum(f"seen:{doubt.number}" not in posted for doubt in review.doubts)
    if unseen and "accept" not in posted:
        return f"还有 {unseen} 处存疑未看，未写入任何内容。请逐处勾选“已看”，或勾选“未看的存疑照此写入”。"
    return ""


@require_POST
@staff_page(PERMISSION, IMPORTING)
def import_again(request: StaffRequest, pk: int) -> HttpResponse:
    """The same file once more, to decide on the conflicts that its import left open."""
    run = get_object_or_404(ImportRun.objects.defer("preview"), pk=pk)
    try:
        return redirect(_reading(review_again(actor=request.user, run=run, at=timezone.now())))
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(run)


def _write_later(request: StaffRequest, run: ImportRun, chosen: dict[str, str]) -> None:
    """The mark stands before the worker can have ended, and goes where no worker comes."""
    waiting = tasks.waiting_key(run.pk)
    cache.set(waiting, True, tasks.WAIT_SECONDS)
    try:
        give(tasks.write_gazette, run.pk, request.user.pk, chosen, current_origin().request_id)
    except BackgroundUnavailable:
        cache.delete(waiting)
        raise


@require_POST
@staff_page(PUBLISHING[0], "签发大事记和文件")
def import_publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Publish all drafts that an import wrote; many of them in the background."""
    run = get_object_or_404(ImportRun.objects.defer("preview", "decisions"), pk=pk)
    cache.delete(tasks.published_key(pk))
    waiting = (drafts_of(Event, run), drafts_of(Directive, run), corrections_of(run))
    if sum(records.count() for records in waiting) > AT_ONCE_RECORDS:
        give(tasks.publish_gazette, pk, request.user.pk, current_origin().request_id)
        messages.success(request, "条数较多，正在后台签发；稍后刷新本页，查看还剩多少条。")
        return redirect(run)
    try:
        messages.success(request, publish_drafts(actor=request.user, run=run, at=timezone.now()).sentence)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(run)


@require_POST
@staff_page(PERMISSION, "放弃导入")
def import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Set a preview aside."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        discard_import(actor=request.user, run=run, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(run)
    messages.success(request, "已放弃，未写入任何内容。")
    return redirect("gazette:import_list")
