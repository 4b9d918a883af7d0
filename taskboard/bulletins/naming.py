"""Which tasks a bulletin names (列入通报), and where that is shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery

from foundation.publication import PUBLISHED
from taskboard.models import Bulletin, BulletinTask


def tasks_named_by(bulletin: Bulletin) -> Sequence[int]:
    """Keys of the overdue tasks whose titles the text still says: an editor may have struck some out."""
    said = "\n".join(section["text"] for section in bulletin.sections)
    late = bulletin.figures.get("late_tasks", ())
    return [row["task"] for row in late if row.get("task") and row["title"] in said]


def latest_before(moment: datetime) -> Subquery:
    """Of an annotated task the key of the bulletin in force that named it last before the moment."""
    standing = BulletinTask.objects.filter(
        task=OuterRef("pk"), bulletin__publication=PUBLISHED, at__lt=moment
    )
    return Subquery(standing.order_by("-at", "-pk").values("bulletin")[:1])


def bulletins_of(tasks: Iterable[int], until: datetime | None = None) -> Mapping[int, Bulletin]:
    """By task the latest bulletin in force that names it, or named it before ``until``; one query, none
    without tasks.
    """
    keys = list(tasks)
    if not keys:
        return {}
    standing = BulletinTask.objects.filter(task__in=keys, bulletin__publication=PUBLISHED)
    if until is not None:
        standing = standing.filter(at__lt=until)
    rows = standing.select_related("bulletin").order_by("at", "pk")
    return {row.task_id: row.bulletin for row in rows}
