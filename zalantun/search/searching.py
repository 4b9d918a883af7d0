"""One function, ``search``, for all kinds of records.

It answers with plain rows; what stands behind it may become an index without
any page noticing. Today it looks for each word as it stands, anywhere in what
is printed: nothing that holds the words is missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Window

from directives.models import Directive
from events.models import Event
from organizations.models import Department, Person
from organizations.visitors import Visitor
from taskboard.models import Task
from zalantun.search import chronicle, documents, names, tasks
from zalantun.search.rows import Row, Source
from zalantun.words import Word, forms, words_of

PAGE_SIZE = 20
GLIMPSE = 5
KINDS = {
    "events": "大事记",
    "directives": "政策文件",
    "tasks": "任务",
    "people": "人员",
    "departments": "部门",
}
SOURCES = {
    "events": Source(Event.objects.visible_to, chronicle.holding, chronicle.rows),
    "directives": Source(Directive.objects.visible_to, documents.holding, documents.rows),
    "tasks": Source(lambda visitor: Task.objects.visible_to(visitor).with_due(), tasks.holding, tasks.rows),
    "people": Source(Person.objects.visible_to, names.people_holding, names.people_rows),
    "departments": Source(
        lambda visitor: Department.objects.active().visible_to(visitor),
        names.departments_holding,
        names.departments_rows,
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; ``rows`` is the part asked for."""

    kind: str
    label: str
    total: int
    rows: list[Row]


def kinds_for(visitor: Visitor) -> dict[str, str]:
    """The kinds that the visitor may search, with their labels."""
    staff = visitor.is_authenticated and visitor.has_perm("taskboard.view_task")
    return {kind: label for kind, label in KINDS.items() if staff or kind != "tasks"}


def search(query: str, *, visitor: Visitor, kind: str = "", offset: int = 0) -> list[Found]:
    """Of each kind how much holds all words, and some of it.

    Without ``kind`` the first few rows of each; with it a page of that kind
    from ``offset`` on, and of the others only how many.
    """
    words = words_of(query)
    kinds = kinds_for(visitor)
    if not words:
        return [Found(name, label, 0, []) for name, label in kinds.items()]
    return [_found(name, words, visitor, kind, offset) for name in kinds]


def holdings(visitor: Visitor) -> list[Found]:
    """How much there is of each kind for the visitor to search."""
    kinds = kinds_for(visitor)
    return [Found(name, kinds[name], SOURCES[name].visible(visitor).count(), []) for name in kinds]


def _found(name: str, words: Sequence[Word], visitor: Visitor, kind: str, offset: int) -> Found:
    source = SOURCES[name]
    records = source.holding(source.visible(visitor), words, visitor)
    if kind and kind != name:
        return Found(name, KINDS[name], records.order_by().count(), [])
    size, start = (PAGE_SIZE, offset) if kind else (GLIMPSE, 0)
    part = list(records.annotate(total=Window(Count("pk")))[start : start + size])
    total = part[0].total if part else (records.count() if start else 0)
    return Found(name, KINDS[name], total, source.rows(part, forms(words)))
