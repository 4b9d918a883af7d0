"""Taking synthetic records away again."""

from datetime import datetime

from django.db import models, transaction
from django.db.models.deletion import ProtectedError

from directives.models import Directive
from events.models import Event
from floodresponse.models import Reading, ReadingBatch, ReadingRevision, Station
from foundation.services.audit import record_change
from organizations.models import Department, Person
from taskboard.models import TaskList
from zalantun.synthetic.cast import QUALIFIER, SLUG_START
from zalantun.synthetic.generating import Progress, index_all
from zalantun.synthetic.wording import SOURCE

BATCH = 1_000


def remove_synthetic(*, at: datetime, progress: Progress) -> int:
    """Remove every record that bears the mark, in batches.

    Returns how many entries, documents, lists and readings those were.

    Invented people and departments go as well, unless something else has come
    to mention them.
    """
    kinds: list[tuple[str, models.QuerySet[models.Model]]] = [
        ("任务清单", models.QuerySet(TaskList).filter(note=SOURCE)),
        ("大事记", models.QuerySet(Event).filter(source=SOURCE)),
        ("政策文件", models.QuerySet(Directive).filter(source=SOURCE)),
        ("观测数据", models.QuerySet(Reading).filter(station__network=SOURCE)),
    ]
    # A corrected reading holds on to its revisions.
    ReadingRevision.objects.filter(reading__station__network=SOURCE).delete()
    removed = sum(_remove(label, found, at, progress) for label, found in kinds)
    ReadingBatch.objects.filter(file_name=SOURCE).delete()
    Station.objects.filter(network=SOURCE).delete()
    for person in Person.objects.filter(qualifier=QUALIFIER, note=SOURCE):
        _remove_unless_needed(person)
    for department in Department.objects.filter(slug__startswith=SLUG_START, name__startswith="模拟"):
        _remove_unless_needed(department)
    index_all(at, progress)
    return removed


def _remove(label: str, found: models.QuerySet[models.Model], at: datetime, progress: Progress) -> int:
    total, done = found.count(), 0
    if last := found.order_by("-pk").first():
        before = {"kind": label, "number": total}
        record_change(actor=None, action="synthetic.remove", target=last, at=at, before=before)
    while pks := list(found.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            found.model._default_manager.filter(pk__in=pks).delete()
        done += len(pks)
        progress(label, done, total)
    return done


def _remove_unless_needed(record: models.Model) -> None:
    try:
        with transaction.atomic():
            record.delete()
    except ProtectedError:
        return
