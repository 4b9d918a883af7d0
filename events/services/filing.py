"""Filing all records by the rules: looked at first, then carried out in the background.

What an editor has set by hand is never touched. A run claims its row at every
step, so that two people who press get one run and one clear sentence.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from directives.models import Directive, Topic
from directives.services.topicrules import PERMISSION, WHAT, current_rules
from directives.topicrules import DIRECTIVES, EVENTS, Rule, state_of, topics_for
from events.models import Event, FilingRun
from foundation.errors import StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

BATCH = 500
SAMPLES = 20
STALE_AFTER = timedelta(minutes=10)
CHANGED = "预览之后规则又改过，没有写入。请重新预览。"
FAILED = "归类时出错，已写入的批次保留。请重新预览；仍不成功请告诉系统管理员。"
State = FilingRun.State
BUSY = (State.WAITING, State.READING, State.QUEUED, State.WRITING)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the rules would change at one record; topics by key."""

    kind: str
    pk: int
    title: str
    added: frozenset[int]
    removed: frozenset[int]


@transaction.atomic
def start_filing(*, actor: User, at: datetime) -> FilingRun:
    """Ask for a preview; StateConflict while another run is at work."""
    require(actor, PERMISSION, WHAT)
    list(Topic.objects.select_for_update().order_by("pk"))  # one after the other
    if FilingRun.objects.filter(state__in=BUSY).exists():
        raise StateConflict("已有一次归类正在进行，请等它结束再预览。")
    FilingRun.objects.filter(state=State.PREVIEW).update(state=State.DISCARDED, finished_at=at)
    return FilingRun.objects.create(started_by=actor, created_at=at)


def preview_filing(*, run: FilingRun, at: datetime) -> None:
    """Work out what the rules would change: numbers by subject, and samples."""
    if not _claim(run, (State.WAITING, State.READING), State.READING, at):
        return
    try:
        rules = current_rules()
        preview = _preview(rules, lambda percent: _progress(run, percent))
    except Exception:
        logger.exception("Previewing filing %s failed", run.pk)
        _end(run, State.READING, state=State.FAILED, error=FAILED, finished_at=at)
        return
    _end(run, State.READING, state=State.PREVIEW, rules=state_of(rules), preview=preview, progress=100)


def _preview(rules: list[Rule], report: Any) -> dict[str, Any]:
    added: Counter[int] = Counter()
    removed: Counter[int] = Counter()
    records: Counter[str] = Counter()
    samples: list[Difference] = []
    for difference in differences(rules, report):
        records[difference.kind] += 1
        added.update(difference.added)
        removed.update(difference.removed)
        if len(samples) < SAMPLES:
            samples.append(difference)
    names = dict(Topic.objects.values_list("pk", "name"))
    touched = [pk for pk in names if added[pk] or removed[pk]]
    return {
        "events": records[EVENTS],
        "directives": records[DIRECTIVES],
        "by_hand": sum(model.objects.filter(topics_by_hand=True).count() for model in (Event, Directive)),
        "topics": [{"name": names[pk], "added": added[pk], "removed": removed[pk]} for pk in touched],
        "samples": [_sample(difference, names) for difference in samples],
    }


def _sample(difference: Difference, names: dict[int, str]) -> dict[str, Any]:
    return {
        "kind": difference.kind,
        "pk": difference.pk,
        "title": difference.title,
        "added": [names[pk] for pk in sorted(difference.added)],
        "removed": [names[pk] for pk in sorted(difference.removed)],
    }


def confirm_filing(*, actor: User, run: FilingRun, at: datetime) -> None:
    """Let the preview be carried out; StateConflict when somebody was first or rules have changed."""
    require(actor, PERMISSION, WHAT)
    run.refresh_from_db()
    if run.state != State.PREVIEW:
        raise StateConflict("这次归类已由他人确认或放弃，没有重复写入。")
    if run.rules != state_of(current_rules()):
        raise StateConflict(CHANGED)
    if not _claim(run, (State.PREVIEW,), State.QUEUED, at):
        raise StateConflict("这次归类已由他人确认或放弃，没有重复写入。")
    record_change(actor=actor, action="topic.filing_confirm", target=run, at=at, after={"rules": run.rules})


def discard_filing(*, actor: User, run: FilingRun, at: datetime) -> None:
    """Drop a preview; StateConflict when it is none any more."""
    require(actor, PERMISSION, WHAT)
    if not _claim(run, (State.PREVIEW,), State.DISCARDED, at):
        raise StateConflict("这次归类已由他人确认或放弃。")
    FilingRun.objects.filter(pk=run.pk).update(finished_at=at)


def carry_out_filing(*, run: FilingRun, at: datetime) -> None:
    """File all records, batch by batch; a run that was broken off goes on where it stands."""
    if not _claim(run, (State.QUEUED, State.WRITING), State.WRITING, at):
        return
    rules = current_rules()
    if state_of(rules) != run.rules:
        _end(run, State.WRITING, state=State.FAILED, error=CHANGED, finished_at=at)
        return
    try:
        done = _write(differences(rules, lambda percent: _progress(run, percent)))
    except Exception:
        logger.exception("Filing %s failed", run.pk)
        _end(run, State.WRITING, state=State.FAILED, error=FAILED, finished_at=at)
        return
    with transaction.atomic():
        _end(run, State.WRITING, state=State.DONE, result=done, progress=100, finished_at=at)
        record_change(actor=run.started_by, action="topic.filing", target=run, at=at, after=done)


def _write(found: Iterable[Difference]) -> dict[str, int]:
    done: Counter[str] = Counter(events=0, directives=0, added=0, removed=0)
    batch: list[Difference] = []
    for difference in found:
        batch.append(difference)
        if len(batch) == BATCH:
            _write_batch(batch, done)
            batch = []
    _write_batch(batch, done)
    return dict(done)


@transaction.atomic
def _write_batch(batch: list[Difference], done: Counter[str]) -> None:
    """The links of a batch, without records that were set by hand meanwhile."""
    for kind, model, key in ((EVENTS, Event, "event_id"), (DIRECTIVES, Directive, "directive_id")):
        links: Any = model.topics.through
        wanted = [difference for difference in batch if difference.kind == kind]
        free = model.objects.select_for_update().filter(topics_by_hand=False).order_by("pk")
        kept = set(free.filter(pk__in=[d.pk for d in wanted]).values_list("pk", flat=True))
        for difference in wanted:
            if difference.pk not in kept:
                continue
            done[kind] += 1
            done["added"] += len(difference.added)
            done["removed"] += len(difference.removed)
            links.objects.filter(**{key: difference.pk}, topic_id__in=difference.removed).delete()
            rows = [links(**{key: difference.pk}, topic_id=topic) for topic in difference.added]
            links.objects.bulk_create(rows, ignore_conflicts=True)


def differences(rules: list[Rule], report: Any) -> Iterator[Difference]:
    """Records whose subjects differ from what the rules say; those set by hand are left out."""
    events = Event.objects.filter(topics_by_hand=False)
    directives = Directive.objects.filter(topics_by_hand=False)
    total, seen = max(events.count() + directives.count(), 1), 0
    for kind, records in ((EVENTS, events), (DIRECTIVES, directives)):
        for record, title, text in _texts(kind, records):
            now = frozenset(topic.pk for topic in record.topics.all())
            then = topics_for(rules, kind, title, text)
            if now != then:
                yield Difference(kind, record.pk, record.title, then - now, now - then)
            seen += 1
            if seen % BATCH == 0:
                report(min(99, seen * 100 // total))


def _texts(kind: str, records: QuerySet[Any]) -> Iterator[tuple[Any, str, str]]:
    if kind == EVENTS:
        for event in records.prefetch_related("topics").order_by("pk").iterator(chunk_size=BATCH):
            yield event, event.title, event.text
        return
    with_parts = records.prefetch_related("topics", "sections", "annexes").order_by("pk")
    for document in with_parts.iterator(chunk_size=BATCH):
        yield document, document.title, _body(document)


def _body(document: Directive) -> str:
    sections = (f"{section.heading}\n{section.text}" for section in document.sections.all())
    annexes = (f"{annex.title}\n{annex.text}" for annex in document.annexes.all())
    own = (document.plan_title, document.preamble, document.plan_preamble, document.summary)
    return "\n".join((*own, *sections, *annexes))


def stale_runs(at: datetime) -> list[FilingRun]:
    """Runs whose worker is gone; they are handed out again."""
    waiting = FilingRun.objects.filter(state__in=BUSY)
    return [run for run in waiting if (run.claimed_at or run.created_at) < at - STALE_AFTER]


def _claim(run: FilingRun, states: Iterable[str], state: str, at: datetime) -> bool:
    claimed = FilingRun.objects.filter(pk=run.pk, state__in=list(states)).update(state=state, claimed_at=at)
    if claimed:
        run.refresh_from_db()
    return bool(claimed)


def _progress(run: FilingRun, percent: int) -> None:
    FilingRun.objects.filter(pk=run.pk).update(progress=percent)


def _end(run: FilingRun, at_work: str, **values: Any) -> None:
    FilingRun.objects.filter(pk=run.pk, state=at_work).update(**values)
    run.refresh_from_db()
