"""Keeping the index in step with the records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import OperationalError, connection, transaction

from foundation.errors import DomainError
from search import fulltext, watching
from search.documents import Source
from search.models import Pending, SearchEntry
from search.sources import sources

# Notes that are worked off in one transaction.
NOTES = 2_000
# A search works off so many notes before it answers; an import leaves more to the background.
NOTES_WHILE_ASKED = 4_000
BATCH = 500
# Any number will do; PostgreSQL's lock by which one process at a time writes the index.
LOCK = 7_305_122
COMPARED = ("title", "note", "url", "day", "last_day", "keys", "text", "anchors", "own_length")


class IndexBehind(DomainError):
    """More has changed than can be indexed while somebody waits."""

    status = 503


@dataclass(frozen=True, slots=True)
class Drift:
    """What the index says otherwise than the records: entries ``missing``, ``outdated``, ``left_over``."""

    kind: str
    missing: int
    outdated: int
    left_over: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.left_over)


def catch_up(*, at: datetime, at_most: int | None = None, at_once: int = NOTES) -> int:
    """Index what has changed; returns how many notes are left, which is 0 without ``at_most``.

    ``at_once`` notes are worked off in one transaction: the more, the less is
    done twice, and the longer others wait.
    """
    done = 0
    while Pending.objects.exists():
        if at_most is not None and done >= at_most:
            return Pending.objects.count()
        done += _work_off(at, at_once)
    return 0


def catch_up_for_search(*, at: datetime) -> int:
    """The same while somebody waits: up to a bound, and never behind a long write of another."""
    try:
        return catch_up(at=at, at_most=NOTES_WHILE_ASKED)
    except OperationalError:  # the database is being written to; what is noted stays noted
        return Pending.objects.count()


def require_current(*, at: datetime) -> None:
    """Raise IndexBehind when the index cannot be brought up to date while somebody waits."""
    if catch_up_for_search(at=at):
        raise IndexBehind("刚有大量记录写入，搜索索引正在更新，请一分钟后再试。")


@transaction.atomic
def _work_off(at: datetime, at_once: int) -> int:
    """Some notes, the oldest first; returns how many."""
    _wait_for_turn()
    notes = list(Pending.objects.order_by("pk").values_list("pk", "kind", "object_id")[:at_once])
    concerned: dict[str, set[int]] = defaultdict(set)
    for _, kind, object_id in notes:
        concerned[kind].add(object_id)
    for source in sources():
        ids = sorted(concerned[source.kind])
        for start in range(0, len(ids), BATCH):
            _index(source, ids[start : start + BATCH], at)
    # Exactly those that were read: others may have come in with lower numbers.
    Pending.objects.filter(pk__in=[pk for pk, _, _ in notes]).delete()
    return len(notes)


def _wait_for_turn() -> None:
    """One process at a time until its transaction ends.

    Two that read a record one after the other must not write what they have
    read the other way round. On SQLite a transaction is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _index(source: Source, ids: Sequence[int], at: datetime) -> None:
    due, stale = _differences(source, ids)
    SearchEntry.objects.filter(pk__in=[entry.pk for entry in stale]).delete()
    for entry in due:
        entry.changed_at = at
    SearchEntry.objects.bulk_create(due, batch_size=BATCH)


def _differences(source: Source, ids: Sequence[int]) -> tuple[list[SearchEntry], list[SearchEntry]]:
    """Entries that should be there and are not, and entries that are there and should not be."""
    wanted = {_place(entry): entry for entry in (doc.entry(source.kind) for doc in source.compose(ids))}
    there = SearchEntry.objects.filter(kind=source.kind, object_id__in=ids).defer("folded", "grams")
    stale: list[SearchEntry] = []
    for entry in there:
        place = _place(entry)
        if place in wanted and _same(wanted[place], entry):
            del wanted[place]
        else:
            stale.append(entry)
    return list(wanted.values()), stale


def _place(entry: SearchEntry) -> tuple[int, str]:
    return entry.object_id, entry.visibility


def _same(one: SearchEntry, other: SearchEntry) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in COMPARED)


def find_drift() -> list[Drift]:
    """Compare every record with the index; notes that wait are drift as well."""
    return [_drift_of(source) for source in sources()]


def _drift_of(source: Source) -> Drift:
    missing = outdated = left_over = 0
    for ids in _batches(source):
        due, stale = _differences(source, ids)
        replaced = {_place(entry) for entry in due} & {_place(entry) for entry in stale}
        missing += len(due) - len(replaced)
        outdated += len(replaced)
        left_over += len(stale) - len(replaced)
    return Drift(source.kind, missing, outdated, left_over)


def rebuild(*, at: datetime) -> int:
    """Bring every entry up to date and make the database's index anew; returns how many records were read."""
    watching.install(connection)
    read = 0
    for source in sources():
        for ids in _batches(source):
            with transaction.atomic():
                _wait_for_turn()
                _index(source, ids, at)
            read += len(ids)
    fulltext.rebuild(connection)
    catch_up(at=at)
    return read


def _batches(source: Source) -> Iterable[list[int]]:
    indexed = SearchEntry.objects.filter(kind=source.kind).values_list("object_id", flat=True)
    ids = sorted({*source.everything().values_list("pk", flat=True), *indexed})
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
