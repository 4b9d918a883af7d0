"""Publishing what an import wrote, all of it in one press."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, QuerySet

from directives.models import Directive
from directives.services import move_directive, step_directive_revision
from events.models import Event
from events.services import move_event, step_event_revision
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import Revision
from foundation.publication import STEPS
from foundation.services.audit import record_change
from gazette.models import ImportRun
from gazette.services.writing import batch_of
from organizations.models import User
from organizations.permissions import require

PUBLISH = "publish"
# So many records are published in one transaction; others write in between.
BATCH = 200


@dataclass(slots=True)
class Published:
    """How much came before the public, and how much needs another person."""

    events: int = 0
    directives: int = 0
    corrections: int = 0
    own: int = 0

    @property
    def count(self) -> int:
        """How many came before the public."""
        return self.events + self.directives + self.corrections

    def add(self, other: "Published") -> None:
        """Count another batch."""
        self.events += other.events
        self.directives += other.directives
        self.corrections += other.corrections
        self.own += other.own

    @property
    def sentence(self) -> str:
        """What happened, for the person who pressed."""
        counts = (
            (self.events, "条大事记"),
            (self.directives, "件政策文件"),
            (self.corrections, "件更正稿"),
        )
        words = "、".join(f"{count} {unit}" for count, unit in counts if count)
        done = f"已签发 {words}，公众可以看到其中公开的内容。"
        return f"{done}另有 {self.own} 条由您最后修改，须由另一位签发人签发。" if self.own else done


def drafts_of(model: type[Model], run: ImportRun) -> QuerySet[Any]:
    """What the run wrote of one kind and is not before the public yet; withdrawn records are none."""
    kind = ContentType.objects.get_for_model(model)
    wrote = run.records.filter(content_type=kind).values("object_id")
    return model._default_manager.filter(pk__in=wrote, publication__in=STEPS[PUBLISH].sources)


def corrections_of(run: ImportRun) -> QuerySet[Revision]:
    """Corrections of published records that the run proposed and that wait for their signature."""
    return Revision.objects.filter(batch=batch_of(run), state=Revision.State.REVIEW).order_by("pk")


def publish_drafts(*, actor: User, run: ImportRun, at: datetime) -> Published:
    """Publish every entry and document that the run wrote and that is still a draft, and its corrections.

    Who changed a record last does not publish it: such records stay and are
    counted. Pressed again, it goes on with what is left. Raises StateConflict
    when nothing is left, PermissionRefused without the right or when all that
    is left is the person's own work.
    """
    require(actor, "events.publish_event", "签发大事记")
    require(actor, "directives.publish_directive", "签发政策文件")
    if run.state != ImportRun.State.DONE:
        raise StateConflict("这次导入还没有写入，没有可以签发的内容。请先核对并写入。")
    published = Published()
    for records in _batches(run):
        published.add(_publish_batch(actor, run, records, at))
    if not (published.count or published.own):
        raise StateConflict("这次导入写入的大事记和文件都已签发或撤回，没有重复签发。")
    if not published.count:
        raise PermissionRefused(
            f"剩下的 {published.own} 条都由您导入或最后修改，须由另一位签发人签发，没有签发任何内容。"
        )
    return published


@transaction.atomic
def _publish_batch(
    actor: User, run: ImportRun, records: Sequence[Event | Directive | Revision], at: datetime
) -> Published:
    """Some records, and on record with them that they came by this press: whatever stops the next ones."""
    done = Published()
    for record in records:
        _publish(actor, record, at, done)
    if done.count:
        after = {"events": done.events, "directives": done.directives, "left": done.own}
        if done.corrections:
            after["corrections"] = done.corrections
        record_change(actor=actor, action="import.publish", target=run, at=at, after=after)
    return done


def _batches(run: ImportRun) -> Iterator[list[Event | Directive | Revision]]:
    records = [*drafts_of(Event, run), *drafts_of(Directive, run), *corrections_of(run)]
    for start in range(0, len(records), BATCH):
        yield records[start : start + BATCH]


def _publish(actor: User, record: Event | Directive | Revision, at: datetime, published: Published) -> None:
    """One record; another person may have been faster, which is as good."""
    try:
        if isinstance(record, Event):
            move_event(actor=actor, at=at, event=record, step=PUBLISH)
            published.events += 1
        elif isinstance(record, Directive):
            move_directive(actor=actor, at=at, directive=record, step=PUBLISH)
            published.directives += 1
        else:
            of_event = record.owner_type.model_class() is Event
            sign = step_event_revision if of_event else step_directive_revision
            sign(actor=actor, at=at, revision=record, step=PUBLISH)
            published.corrections += 1
    except PermissionRefused:
        published.own += 1
    except StateConflict:
        return
