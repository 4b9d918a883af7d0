"""The steps of an import: hand in, read, look, confirm."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.services.audit import record_change
from gazette.models import ImportRun
from gazette.parser import parse_gazette
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Gazette
from gazette.services.floodplans import FloodPlanWriter
from gazette.services.planned import DECIDED, ImportPlan
from gazette.services.planning import plan_import
from gazette.services.previews import doubts_of, preview_of, summary_of
from gazette.services.vocabulary import current_vocabulary
from gazette.services.writing import ImportWriter, Progress
from gazette.sources import read_text
from notifications.services import Matter, ask_signers
from organizations.models import User
from organizations.permissions import require

PERMISSION = "gazette.import_issue"
READING_FAILED = "读取时出错，未写入任何内容。请重新上传；仍不成功请把文件交给系统管理员。"
PUBLISHED, DRAFT = "published", "draft"
State = ImportRun.State
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GazetteFile:
    """A file as it lies: name and bytes."""

    name: str
    data: bytes


def import_texts(
    *, files: Sequence[GazetteFile], actor: User | None, at: datetime, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Read and write several files in one transaction; records are published.

    Nothing is written when one of them cannot be used. Returns one report per file.
    """
    require(actor, PERMISSION, "导入公报")
    vocabulary = current_vocabulary()
    parsed = [(file, parse_gazette(text_of(file.data), vocabulary)) for file in files]
    with transaction.atomic():
        return [_import_one(file, gazette, actor, at, progress) for file, gazette in parsed]


def text_of(data: bytes) -> str:
    """The text of a file of any kind that is read, up to the size that the settings allow."""
    return read_text(data, limit_bytes=settings.UPLOAD_MAX_BYTES)


def _import_one(
    file: GazetteFile, gazette: Gazette, actor: User | None, at: datetime, progress: Progress | None
) -> dict[str, Any]:
    plan = plan_import(gazette)
    digest = hashlib.sha256(file.data).hexdigest()
    run = ImportRun.objects.create(
        file_name=file.name,
        sha256=digest,
        size=len(file.data),
        stored_path=_stored(digest, file.data),
        state=State.DONE,
        progress=100,
        started_by=actor,
        created_at=at,
        finished_at=at,
    )
    report = _write(run, plan, actor, at, PUBLISHED, {}, progress)
    # Nobody looked at them before they were written, so they wait on the editors' desk.
    report["doubts"] = [{"line": doubt.line, "message": doubt.message} for doubt in doubts_of(plan)]
    ImportRun.objects.filter(pk=run.pk).update(report=report)
    return report


def start_import(*, actor: User | None, name: str, data: bytes, at: datetime) -> ImportRun:
    """Hand in a file; it is stored and waits to be read."""
    require(actor, PERMISSION, "导入公报")
    if not data:
        raise InvalidInput("文件是空的，请选择公报正文文件。")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        raise InvalidInput(f"文件超过 {limit} MB，请分期上传。")
    digest = hashlib.sha256(data).hexdigest()
    run = ImportRun.objects.create(
        file_name=name[:200],
        sha256=digest,
        size=len(data),
        stored_path=_stored(digest, data),
        started_by=actor,
        created_at=at,
    )
    record_change(actor=actor, action="import.start", target=run, at=at, after={"sha256": digest})
    return run


def _stored(digest: str, data: bytes) -> str:
    """Where the file lies; the same file lies there once."""
    path = f"imports/{digest}.txt"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(data))


def review_again(*, actor: User | None, run: ImportRun, at: datetime) -> ImportRun:
    """Hand in the file of a written import once more, to decide on what it left open."""
    require(actor, PERMISSION, "导入公报")
    if run.state != State.DONE:
        raise StateConflict("这次导入还没有写入，请先在核对页面处理。")
    if not run.stored_path or not default_storage.exists(run.stored_path):
        raise StateConflict("这次导入没有留存文件，请重新上传同一文件，再逐条选定。")
    with default_storage.open(run.stored_path) as file:
        return start_import(actor=actor, name=run.file_name, data=file.read(), at=at)


def read_import(*, run: ImportRun, at: datetime) -> ImportRun:
    """Read the file and work out the preview; a file that cannot be read fails with a sentence."""
    claimed = ImportRun.objects.filter(pk=run.pk, state__in=[State.WAITING, State.PREVIEW]).update(
        state=State.READING, claimed_at=at
    )
    if not claimed:
        raise StateConflict("这次导入已在读取或已经结束，请刷新页面查看。")
    try:
        text, gazette = _read(run)
        preview = preview_of(plan_import(gazette), text)
    except UnreadableGazette as error:
        return _finish_reading(run, at, state=State.FAILED, error=str(error)[:500])
    except Exception:
        logger.exception("Reading import %s failed", run.pk)
        return _finish_reading(run, at, state=State.FAILED, error=READING_FAILED)
    return _finish_reading(run, at, state=State.PREVIEW, preview=preview, error="")


def _finish_reading(run: ImportRun, at: datetime, **values: Any) -> ImportRun:
    """Nothing is finished by one whose lease has run out."""
    ImportRun.objects.filter(pk=run.pk, state=State.READING, claimed_at=at).update(**values)
    run.refresh_from_db()
    return run


def _read(run: ImportRun) -> tuple[str, Gazette]:
    with default_storage.open(run.stored_path) as file:
        text = text_of(file.read())
    return text, parse_gazette(text, current_vocabulary())


def _finish(run: ImportRun, **values: Any) -> ImportRun:
    ImportRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return run


def confirm_import(
    *, actor: User | None, run: ImportRun, decisions: Mapping[str, str], at: datetime
) -> ImportRun:
    """Write what the preview showed; new records become drafts, changes of published ones proposals.

    ``decisions`` maps the key of a record in conflict to ``file`` or ``mine``;
    without one the record stays as it is, and in conflict. The file is read
    again: when the portal has moved on since the preview, nothing is written
    and the preview is made anew.
    """
    require(actor, PERMISSION, "导入公报")
    waiting = ImportRun.objects.filter(pk=run.pk, state=State.PREVIEW)
    if not waiting.update(state=State.WRITING, claimed_at=at):
        raise StateConflict("这次导入已由他人确认或放弃，未重复写入。")
    run.refresh_from_db()
    try:
        return _confirm(actor, run, decisions, at)
    except DomainError:
        ImportRun.objects.filter(pk=run.pk, state=State.WRITING).update(state=State.PREVIEW)
        raise
    except Exception:
        _finish(
            run, state=State.FAILED, error="写入时出错，未写入任何内容。请重试；仍不成功请联系系统管理员。"
        )
        raise


def _confirm(actor: User | None, run: ImportRun, decisions: Mapping[str, str], at: datetime) -> ImportRun:
    text, gazette = _read(run)
    with transaction.atomic():
        # The row stays locked while it is written: nobody takes it for abandoned.
        held = ImportRun.objects.select_for_update().filter(pk=run.pk, state=State.WRITING, claimed_at=at)
        if not held.exists():
            raise StateConflict("这次导入等待太久，已退回核对，未写入任何内容。请重新确认。")
        plan = plan_import(gazette)
        stale = summary_of(plan) != run.preview.get("summary")
        if not stale:
            report = _write(run, plan, actor, at, DRAFT, decisions, _cached_progress(run))
            return _finish(
                run, state=State.DONE, progress=100, report=report, decisions=dict(decisions), finished_at=at
            )
    _finish(run, preview=preview_of(plan, text))
    raise StateConflict("预览之后库中记录有变动，已按最新内容重新比对，未写入任何内容。请核对后再确认。")


def _write(
    run: ImportRun,
    plan: ImportPlan,
    actor: User | None,
    at: datetime,
    publication: str,
    decisions: Mapping[str, str],
    progress: Progress | None,
) -> dict[str, Any]:
    writer = ImportWriter(
        plan=plan,
        actor=actor,
        at=at,
        publication=publication,
        source=source_line(plan.gazette),
        run=run,
        decisions=decisions,
        progress=progress or (lambda done, total: None),
    )
    report: dict[str, Any] = dict(writer.write())
    flood_plans = FloodPlanWriter(
        plan=plan,
        actor=actor,
        at=at,
        directory=writer.directory,
        publication=publication,
        decisions=decisions,
        document_titled=writer.document_titled,
        run=run,
    )
    report["flood_plan"] = flood_plans.write()
    report["unresolved"] = writer.unresolved
    report["corrections"], report["blocked"] = writer.proposed, [*writer.blocked, *flood_plans.blocked]
    report["warnings"] = len(plan.gazette.warnings) + len(plan.doubts)
    in_conflict = [(record, decisions.get(record.key, "")) for record in plan.records if record.conflicts]
    report["conflicts"] = [record.label for record, chosen in in_conflict if chosen not in DECIDED]
    report["decided"] = [[record.label, chosen] for record, chosen in in_conflict if chosen in DECIDED]
    record_change(actor=actor, action="import.write", target=run, at=at, after=report)
    if writer.proposed:
        matter = Matter(f"import:{run.pk}", f"导入“{run.file_name}”的更正稿", run.get_absolute_url())
        ask_signers(actor=actor, at=at, matter=matter, note=f"共 {len(writer.proposed)} 件。")
    return report


def source_line(gazette: Gazette) -> str:
    """Where the records come from, as printed under them: gazette and months."""
    months = sorted({(e.start_date.year, e.start_date.month) for e in gazette.events})
    if not months:
        return gazette.title
    (year, first), (last_year, last) = months[0], months[-1]
    if (year, first) == (last_year, last):
        return f"{gazette.title}{year}年{first}月"
    if year == last_year:
        return f"{gazette.title}{year}年{first}—{last}月"
    return f"{gazette.title}{year}年{first}月—{last_year}年{last}月"


def _cached_progress(run: ImportRun) -> Progress:
    """Progress of a writing transaction, which others cannot see in the database."""

    def report(done: int, total: int) -> None:
        if done % 25 == 0 or done == total:
            cache.set(progress_key(run.pk), done * 100 // total, timeout=3600)

    return report


def progress_key(pk: int) -> str:
    """Where the progress of a run is kept in the cache."""
    return f"import-progress:{pk}"


def progress_of(run: ImportRun) -> int:
    """Progress of a run in percent."""
    return run.progress or int(cache.get(progress_key(run.pk), 0))


def discard_import(*, actor: User | None, run: ImportRun, at: datetime) -> ImportRun:
    """Set a preview aside; nothing was written."""
    require(actor, PERMISSION, "放弃导入")
    stale = ImportRun.objects.stale(at).values("pk")
    may_go = Q(state__in=[State.WAITING, State.PREVIEW, State.FAILED]) | Q(pk__in=stale)
    if not ImportRun.objects.filter(may_go, pk=run.pk).update(state=State.DISCARDED, finished_at=at):
        raise StateConflict("这次导入已经写入或正在写入，不能放弃。")
    record_change(actor=actor, action="import.discard", target=run, at=at)
    run.refresh_from_db()
    return run


@transaction.atomic
def release_stale_imports(*, at: datetime) -> list[ImportRun]:
    """Take back what somebody began and left: a reading waits again, a writing is a preview again.

    Returns those that wait to be read. A writing that goes on holds its row and is passed over.
    """
    released = list(ImportRun.objects.select_for_update(skip_locked=True).stale(at))
    for run in released:
        before = run.state
        run.state = State.PREVIEW if before == State.WRITING else State.WAITING
        ImportRun.objects.filter(pk=run.pk, state=before).update(state=run.state, claimed_at=at)
        if before != State.WAITING:
            after = {"state": run.state}
            record_change(
                actor=None, action="import.release", target=run, at=at, before={"state": before}, after=after
            )
    return [run for run in released if run.state == State.WAITING]
