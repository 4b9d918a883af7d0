"""Writing synthetic records.

They are written past the rooms' services, in bulk and without a history row
each: a million records through the services would take hours. What was done
stands in the audit log in one row for each kind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from directives.models import Directive
from events.models import Event
from floodresponse.models import ReadingBatch
from foundation.services.audit import record_change
from search.services import catch_up
from taskboard.models import TaskList
from zalantun.synthetic.cast import Cast, gather_cast
from zalantun.synthetic.chronicle import write_events
from zalantun.synthetic.documents import write_directives
from zalantun.synthetic.readings import write_readings
from zalantun.synthetic.tasks import write_tasks
from zalantun.synthetic.wording import SOURCE

NOTES_AT_ONCE = 50_000
Writer = Callable[[int, int, Cast], Iterator[int]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of each; ``seed`` decides what they say."""

    events: int = 0
    directives: int = 0
    tasks: int = 0
    readings: int = 0
    seed: int = 1


def generate(*, at: datetime, wanted: Wanted, progress: Progress) -> None:
    """Write what is wanted; ``progress`` hears the kind, how many are written, how many there will be.

    The search index is caught up at the end, which is progress as well. On the
    same records the same seed writes the same. A run that is cut off
    leaves whole batches, which ``remove_synthetic`` takes away like the rest.
    """
    cast = gather_cast()
    kinds: list[tuple[str, int, Writer, models.QuerySet[models.Model]]] = [
        ("大事记", wanted.events, write_events, models.QuerySet(Event).filter(source=SOURCE)),
        ("政策文件", wanted.directives, write_directives, models.QuerySet(Directive).filter(source=SOURCE)),
        ("任务", wanted.tasks, write_tasks, models.QuerySet(TaskList).filter(note=SOURCE)),
        ("观测数据", wanted.readings, write_readings, models.QuerySet(ReadingBatch).filter(file_name=SOURCE)),
    ]
    for label, number, write, written in kinds:
        done = 0
        for size in write(number, wanted.seed, cast):
            done += size
            progress(label, done, number)
        target = written.order_by("-pk").first()
        if done and target:
            record_change(
                actor=None,
                action="synthetic.generate",
                target=target,
                at=at,
                after={"kind": label, "number": done, "seed": wanted.seed},
            )
    index_all(at, progress)


def index_all(at: datetime, progress: Progress) -> None:
    """Index what was written, in parts; the notes that wait are counted once more after each."""
    total = waiting = catch_up(at=at, at_most=0)
    while waiting:
        waiting = catch_up(at=at, at_most=1, at_once=NOTES_AT_ONCE)
        total = max(total, waiting)
        progress("搜索索引", total - waiting, total)
