"""Corrected names carried into all records of a kind, in the background and with progress.

A run claims its row at every step; one whose worker is gone is handed out again and goes on with
what still differs, because the lines to carry are worked out anew each time.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.services.audit import record_change
from gazette.models import NamesRun
from gazette.names.carrying import AT_ONCE, carry_department, carry_people
from gazette.names.planning import entries_mentioning, members_meant_otherwise, officials_meant_otherwise
from organizations.models import Department, User
from organizations.permissions import require

PERMISSION, WHAT = "organizations.change_names", "回填名称"
Kind, State = NamesRun.Kind, NamesRun.State
BUSY = (State.QUEUED, State.WRITING)
STALE_AFTER = timedelta(minutes=10)
BATCH = AT_ONCE // 2
FAILED = "回填时出错，已回填的保留。请重新预览后再回填；仍不成功请告诉系统管理员。"
logger = logging.getLogger(__name__)


def start_names_run(
    *, actor: User, at: datetime, kind: str, department: Department | None = None
) -> NamesRun:
    """Let all lines of a kind be carried over.

    Raises InvalidInput when nothing differs, StateConflict while a run of the kind is at work.
    """
    require(actor, PERMISSION, WHAT)
    if (kind == Kind.DEPARTMENT) != (department is not None):
        raise InvalidInput("请先选择部门，再回填全部条目。")
    expected = sum(len(keys) for keys in _batches(kind, department))
    if not expected:
        raise InvalidInput("没有要回填的记录，可能已由他人回填。")
    try:
        with transaction.atomic():
            run = NamesRun.objects.create(
                kind=kind, department=department, expected=expected, started_by=actor, created_at=at
            )
            after = {"kind": kind, "expected": expected, "department": str(department or "")}
            record_change(actor=actor, action="names.run", target=run, at=at, after=after)
    except IntegrityError as error:
        raise StateConflict("这一类的回填正在进行，没有重复发起；请等它结束。") from error
    return run


def carry_out_names(*, run: NamesRun, at: datetime) -> None:
    """Carry the lines over batch by batch; what others changed meanwhile is left as they made it."""
    if not _claim(run, at):
        return
    try:
        # Inside: a run whose starter may no longer do it ends, or nobody could start another.
        require(run.started_by, PERMISSION, WHAT)
        for keys in _batches(run.kind, run.department):
            done = _carry(run, at, keys)
            NamesRun.objects.filter(pk=run.pk).update(done=run.done + done)
            run.done += done
    except DomainError as refusal:
        _end(run, at, State.FAILED, refusal.message)
    except Exception:
        logger.exception("Carrying names of run %s failed", run.pk)
        _end(run, at, State.FAILED, FAILED)
    else:
        _end(run, at, State.DONE)


def stale_names_runs(at: datetime) -> list[NamesRun]:
    """Runs whose worker is gone; they are handed out again."""
    busy = NamesRun.objects.filter(state__in=BUSY)
    return [run for run in busy if (run.claimed_at or run.created_at) < at - STALE_AFTER]


def _batches(kind: str, department: Department | None) -> Iterator[list[str]]:
    """The keys of all lines of the kind that differ now, so many at a time."""
    if department is not None:
        keys = [change.key for change in entries_mentioning(department)]
    elif kind == Kind.OFFICIALS:
        keys = [f"official:{pk}" for pk in officials_meant_otherwise().values_list("pk", flat=True)]
    else:
        keys = [f"member:{pk}" for pk in members_meant_otherwise().values_list("pk", flat=True)]
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _carry(run: NamesRun, at: datetime, keys: Collection[str]) -> int:
    if run.department is not None:
        return carry_department(actor=run.started_by, at=at, department=run.department, keys=keys)
    return carry_people(actor=run.started_by, at=at, keys=keys)


def _claim(run: NamesRun, at: datetime) -> bool:
    """A fresh run, or one whose worker is gone."""
    free = NamesRun.objects.filter(pk=run.pk)
    fresh = free.filter(state=State.QUEUED).update(state=State.WRITING, claimed_at=at)
    left = free.filter(state=State.WRITING, claimed_at__lt=at - STALE_AFTER)
    claimed = fresh or left.update(claimed_at=at)
    run.refresh_from_db()
    return bool(claimed)


def _end(run: NamesRun, at: datetime, state: str, error: str = "") -> None:
    ended = NamesRun.objects.filter(pk=run.pk, state=State.WRITING)
    ended.update(state=state, error=error[:500], finished_at=at)
    run.refresh_from_db()
