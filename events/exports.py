"""The chronicle as a table for office programs."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from events.models import Event
from events.reading import Entry, Visitor, read_entries

HEADER = (
    *("起始日期", "结束日期", "本月序号", "标题", "正文", "人员", "部门", "主题", "文件"),
    *("更正", "来源", "发布状态"),
)
CHUNK = 500


def rows_of(events: QuerySet[Event], visitor: Visitor) -> Iterator[Sequence[str]]:
    """The entries in the chronicle's order, read in chunks, so that any number fits into memory."""
    return (_cells(entry) for entry in _entries(events, visitor))


def _entries(events: QuerySet[Event], visitor: Visitor) -> Iterator[Entry]:
    pks = list(events.order_by("start_date", "position", "pk").values_list("pk", flat=True))
    for start in range(0, len(pks), CHUNK):
        chunk = Event.objects.filter(pk__in=pks[start : start + CHUNK])
        yield from read_entries(chunk.order_by("start_date", "position", "pk"), visitor)


def _cells(entry: Entry) -> Sequence[str]:
    return (
        entry.start.isoformat(),
        entry.end.isoformat(),
        str(entry.number or ""),
        entry.title,
        entry.text,
        "；".join(f"{official.post} {official.printed}".strip() for official in entry.officials),
        "、".join(body.name for body in entry.bodies),
        "、".join(name for _, name in entry.topics),
        "".join(f"《{cited.title}》" for cited in entry.citations),
        "；".join(f"{correction.printed}→{correction.corrected}" for correction in entry.corrections),
        entry.source,
        str(Event.Publication(entry.publication).label),
    )
