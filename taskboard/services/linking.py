"""Writing links between entries, documents and tasks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from directives.models import Directive
from events.models import Event
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.linking.likeness import Likeness, Record, likenesses
from taskboard.models import RecordLink, Task

PERMISSION = "taskboard.link_records"
WHAT = "关联记录"
# The surest of so many are kept of one sweep: an editor looks at each.
MOST_PROPOSED = 500
State = RecordLink.State
ENDS = ("event", "directive", "task")


def propose_links(*, at: datetime) -> int:
    """Propose what belongs together and is not linked yet; returns how many are new.

    What was refused is not proposed again.
    """
    found = [*_entries_and_documents(), *_entries_and_tasks(), *_documents_and_tasks()]
    found.sort(key=lambda pair: (-pair[1].strength, pair[1].one, pair[1].other))
    known = set(RecordLink.objects.values_list(*(f"{end}_id" for end in ENDS)))
    rows = []
    for ends, likeness in found:
        keys = {f"{ends[0]}_id": likeness.one, f"{ends[1]}_id": likeness.other}
        if tuple(keys.get(f"{end}_id") for end in ENDS) in known:
            continue
        rows.append(
            RecordLink(**keys, reasons=list(likeness.reasons), strength=likeness.strength, proposed_at=at)
        )
        if len(rows) == MOST_PROPOSED:
            break
    RecordLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


Pair = tuple[tuple[str, str], Likeness]


def _entries_and_documents() -> Iterator[Pair]:
    """Without those that the entry cites already."""
    cited = set(Event.objects.exclude(citations__directive=None).values_list("pk", "citations__directive"))
    for likeness in likenesses(_events(), _directives()):
        if (likeness.one, likeness.other) not in cited:
            yield ("event", "directive"), likeness


def _entries_and_tasks() -> Iterator[Pair]:
    return ((("event", "task"), likeness) for likeness in likenesses(_events(), _tasks()))


def _documents_and_tasks() -> Iterator[Pair]:
    """Tasks whose text names a document; those of the document's own list are linked by it."""
    own = set(Task.objects.values_list("pk", "task_list__directive"))
    texts = (
        Record(pk, title, text)
        for pk, title, text in Task.objects.order_by("pk").values_list("pk", "title", "text")
    )
    for likeness in likenesses(texts, _directives()):
        if (likeness.one, likeness.other) not in own:
            swapped = Likeness(likeness.other, likeness.one, likeness.strength, likeness.reasons)
            yield ("directive", "task"), swapped


def _events() -> Iterator[Record]:
    rows = Event.objects.published().order_by("pk").values_list("pk", "title", "text", "start_date")
    return (Record(*row) for row in rows.iterator(chunk_size=2000))


def _directives() -> Iterator[Record]:
    rows = Directive.objects.published().order_by("pk")
    fields = rows.values_list("pk", "title", F("issued_on"), "number", "plan_title")
    return (Record(pk, title, "", day, number, plan) for pk, title, day, number, plan in fields)


def _tasks() -> Iterator[Record]:
    rows = Task.objects.order_by("pk").values_list("pk", "title", "due_on")
    return (Record(pk, title, "", due) for pk, title, due in rows)


@transaction.atomic
def decide_links(*, actor: User, at: datetime, links: Iterable[int], confirmed: bool) -> int:
    """Confirm or refuse proposals; returns how many.

    Also takes back what was confirmed, or up what was refused. StateConflict when all of them are so already.
    """
    require(actor, PERMISSION, WHAT)
    state = State.CONFIRMED if confirmed else State.REFUSED
    rows = list(
        RecordLink.objects.select_for_update().filter(pk__in=list(links)).exclude(state=state).order_by("pk")
    )
    if not rows:
        raise StateConflict("所选的关联已由他人处理，没有重复改动。")
    for link in rows:
        before = {"state": link.state}
        link.state, link.decided_by, link.decided_at = state, actor, at
        link.save(update_fields=["state", "decided_by", "decided_at"])
        record_change(
            actor=actor,
            action="link.confirm" if confirmed else "link.refuse",
            target=link,
            at=at,
            before=before,
            after={"state": state, "reasons": link.reasons},
        )
    return len(rows)


@transaction.atomic
def add_link(*, actor: User, at: datetime, one: Any, other: Any) -> RecordLink:
    """Link two records by hand; InvalidInput for two of one kind, StateConflict when linked already."""
    require(actor, PERMISSION, WHAT)
    ends = {type(end)._meta.model_name: end for end in (one, other)}
    if len(ends) != 2 or not set(ends) <= set(ENDS):
        raise InvalidInput("请选大事记、文件、任务中的两种各一条；同一种的两条不能关联。")
    keys = {str(name): ends.get(name) for name in ENDS}
    link, created = RecordLink.objects.select_for_update().get_or_create(
        **keys, defaults={"proposed_at": at, "reasons": ["编辑指定"], "strength": 100}
    )
    if not created and link.state == State.CONFIRMED:
        raise StateConflict("这两条记录已经关联。")
    decide_links(actor=actor, at=at, links=[link.pk], confirmed=True)
    link.refresh_from_db()
    return link
