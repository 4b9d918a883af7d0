"""What the home page shows: the day in the chronicle, tasks by light, the latest documents."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from directives.models import Directive, Topic
from events.models import Event
from events.reading import Entry, Official, Visitor, officials_of
from floodresponse.models import Plan
from taskboard.boards import Counts, Row, counts_of, light_of
from taskboard.lights import RED, YELLOW
from taskboard.models import Task, TaskDepartment
from zalantun.charts import DayChart, day_chart
from zalantun.search import kinds_for

ANNIVERSARY_YEARS = 80
LONGEST_RANGE = timedelta(days=366)
LATEST_DAYS = 3
MOST_ENTRIES_OF_A_DAY = 6
DOCUMENTS = 7
SUBJECTS = 6
PRESSING_TASKS = 6


@dataclass(slots=True)
class DayBlock:
    """A day on the home page: why it is shown, its entries, documents of that day."""

    day: date
    label: str
    current: bool = False
    entries: list[Entry] = field(default_factory=list)
    documents: list[Directive] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """The chronicle's part; ``anniversary`` is False when the latest days stand in for today's."""

    blocks: list[DayBlock]
    anniversary: bool
    earliest: date | None
    latest: date | None
    chart: DayChart | None
    month_total: int


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks' part."""

    counts: Counts
    lists: int
    pressing: list[Row]

    @property
    def pressing_total(self) -> int:
        """Overdue and nearly due tasks."""
        return sum(share.count for share in self.counts.by_light if share.key in (RED, YELLOW))


def latest_documents(visitor: Visitor, today: date) -> list[Directive]:
    """The newest documents with their status, and for staff the number of their tasks: one query."""
    found = Directive.objects.visible_to(visitor).with_status(today)
    tasks = Task.objects.visible_to(visitor).filter(task_list__directive=OuterRef("pk")).order_by()
    numbers = tasks.values("task_list__directive").annotate(n=Count("pk")).values("n")
    return list(found.annotate(task_count=Subquery(numbers))[:DOCUMENTS])


def days(visitor: Visitor, today: date, documents: Sequence[Directive]) -> Days:
    """Today, the same day last month and in other years; the latest days when there is nothing."""
    visible = Event.objects.visible_to(visitor)
    counts = recent_counts(visible)
    latest = max(counts, default=None)
    wanted = anniversaries(today)
    standing_in = sorted(counts, reverse=True)[:LATEST_DAYS]
    entries = _entries(visible, [*wanted, *standing_in], covered=list(wanted)[:2])
    blocks = [_block(day, label, entries, documents, current=day == today) for day, label in wanted.items()]
    blocks = [block for block in blocks if block.entries or block.documents]
    anniversary = bool(blocks)
    if not anniversary:
        begun = {day: [entry for entry in entries if entry.start == day] for day in standing_in}
        blocks = [_block(day, f"{day.year}年", begun[day], documents) for day in standing_in]
    if anniversary and not blocks[0].current:
        blocks.insert(0, DayBlock(today, "今天", current=True))
    shown = [entry for block in blocks for entry in block.entries]
    _name_officials(shown)
    month = {day: n for day, n in counts.items() if latest and day.replace(day=1) == latest.replace(day=1)}
    chart = day_chart(latest, month, today) if latest else None
    earliest = visible.order_by("start_date").values_list("start_date", flat=True).first()
    return Days(blocks, anniversary, earliest, latest, chart, sum(month.values()))


def anniversaries(today: date) -> dict[date, str]:
    """Days to look up, with why: today, the same day of last month, the same day of earlier years."""
    found = {today: "今天"}
    last_month = today.replace(day=1) - timedelta(days=1)
    if today.day <= last_month.day:
        found[last_month.replace(day=today.day)] = "上月今日"
    for year in range(today.year - 1, max(today.year - ANNIVERSARY_YEARS, 1) - 1, -1):
        try:
            found[today.replace(year=year)] = "往年今日"
        except ValueError:  # 29 February
            continue
    return found


def recent_counts(visible: QuerySet[Event]) -> dict[date, int]:
    """Entries by their first day, for the last 62 days that have any: a month and more."""
    rows = visible.order_by("-start_date").values_list("start_date").annotate(n=Count("pk"))
    return dict(rows[:62])


def _entries(visible: QuerySet[Event], starts: Iterable[date], covered: Sequence[date]) -> list[Entry]:
    wanted = Q(start_date__in=list(starts))
    for day in covered:
        wanted |= Q(
            start_date__gt=day - LONGEST_RANGE,
            start_date__lt=day,
            end_date__gte=day,
            end_date__gt=F("start_date"),
        )
    fields = ("pk", "start_date", "end_date", "position", "title", "text", "source", "publication")
    rows = visible.filter(wanted).order_by("start_date", "position", "pk").values_list(*fields)
    return [Entry(*row) for row in rows]


def _block(
    day: date, label: str, entries: Sequence[Entry], documents: Sequence[Directive], *, current: bool = False
) -> DayBlock:
    found = [entry for entry in entries if entry.start <= day <= entry.end]
    issued = [document for document in documents if document.issued_on == day]
    more = max(len(found) - MOST_ENTRIES_OF_A_DAY, 0)
    return DayBlock(day, label, current, found[:MOST_ENTRIES_OF_A_DAY], issued, more)


def _name_officials(entries: Sequence[Entry]) -> None:
    by_pk: dict[int, list[Entry]] = {}
    for entry in entries:
        by_pk.setdefault(entry.pk, []).append(entry)
    for pk, *official in officials_of(by_pk):
        if not by_pk[pk][0].officials or by_pk[pk][0].officials[-1].pk != official[0]:
            by_pk[pk][0].officials.append(Official(*official))


def tasks(visitor: Visitor, today: date) -> Tasks | None:
    """Tasks by light and those to look at first; None for who may see no tasks."""
    if not (visitor.is_authenticated and visitor.has_perm("taskboard.view_task")):
        return None
    visible = Task.objects.visible_to(visitor)
    rows = visible.count_by_light(today)
    leads = TaskDepartment.objects.filter(task=OuterRef("pk"), role=TaskDepartment.Role.LEAD)
    first_lead = Subquery(leads.order_by("order").values("department__name")[:1])
    first = (
        visible.pressing(today).annotate(lead_name=first_lead).select_related("task_list")[:PRESSING_TASKS]
    )
    pressing = [Row(task, light_of(task, today)) for task in first]
    lists = Counter(row[0] for row in rows)
    return Tasks(counts_of((light, state, n) for _, light, state, n in rows), len(lists), pressing)


def subjects(documents: QuerySet[Directive]) -> QuerySet[Topic]:
    """The first subjects that have documents."""
    filed = Directive.topics.through.objects.filter(directive__in=documents.order_by(), topic=OuterRef("pk"))
    return Topic.objects.filter(Exists(filed))[:SUBJECTS]


def home_page(visitor: Visitor, today: date) -> dict[str, Any]:
    """The context of the home page."""
    documents = latest_documents(visitor, today)
    return {
        "today": today,
        "days": days(visitor, today, documents),
        "documents": documents,
        "tasks": tasks(visitor, today),
        "subjects": subjects(Directive.objects.visible_to(visitor)),
        "kinds": kinds_for(visitor),
        "flood_plan": Plan.objects.published().order_by("-year").first(),
    }
