"""Search in all records.

One function, ``search``, answers with plain rows; what stands behind it may
become an index without any page noticing. Today it looks for each word as it
stands, anywhere in what is printed: nothing that holds the words is missed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.urls import reverse
from django.utils.safestring import SafeString

from directives.filters import holding as directive_holding
from directives.models import Annex, Directive, Section
from events.filters import holding as event_holding
from events.models import Event
from events.reading import Visitor
from organizations.models import Department, Person
from taskboard.models import Task
from zalantun.snippets import highlighted, hits, passage

MAX_WORDS = 8
PAGE_SIZE = 20
GLIMPSE = 5
KINDS = {
    "events": "大事记",
    "directives": "政策文件",
    "tasks": "任务",
    "people": "人员",
    "departments": "部门",
}
DAY = re.compile(r"(?:(\d{4})[年.-])?(\d{1,2})[月.-](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing found; ``title`` and ``context`` are markup with the words marked."""

    kind: str
    title: SafeString
    context: SafeString
    url: str
    day: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; ``rows`` is the part asked for."""

    kind: str
    label: str
    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Source:
    """How one kind is searched: the records that hold all words, and a row from each."""

    records: Callable[[Sequence[str], Visitor], QuerySet[Any]]
    rows: Callable[[Sequence[Any], Sequence[str]], list[Row]]


def words_of(query: str) -> list[str]:
    """The words of a query; quotation and title marks around them are dropped."""
    return [word for word in re.split(r"[\s《》“”\"]+", query) if word][:MAX_WORDS]


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


def _found(name: str, words: Sequence[str], visitor: Visitor, kind: str, offset: int) -> Found:
    source = SOURCES[name]
    records = source.records(words, visitor)
    if kind and kind != name:
        return Found(name, KINDS[name], records.count(), [])
    size, start = (PAGE_SIZE, offset) if kind else (GLIMPSE, 0)
    part = list(records.annotate(total=Window(Count("pk")))[start : start + size])
    total = part[0].total if part else (records.count() if start else 0)
    return Found(name, KINDS[name], total, source.rows(part, words))


# -- the chronicle ---------------------------------------------------------------------------


def _events(words: Sequence[str], visitor: Visitor) -> QuerySet[Any]:
    found = Event.objects.visible_to(visitor)
    for word in words:
        found = found.filter(event_holding(word) | _on_day(word))
    return found.order_by("-start_date", "-position", "-pk").prefetch_related("officials__person")


def _on_day(word: str) -> Q:
    """Entries that begin on the day that a word names; nothing for other words."""
    named = DAY.fullmatch(word)
    if not named:
        return Q(pk__in=[])
    year, month, day = (int(part) if part else None for part in named.groups())
    on = Q(start_date__month=month, start_date__day=day)
    return on & Q(start_date__year=year) if year else on


def _event_rows(events: Sequence[Event], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "events",
            highlighted(event.title, words),
            passage(event.text or _people_words(event), words),
            event.get_absolute_url(),
            event.start_date,
            f"第 {event.position} 条",
        )
        for event in events
    ]


def _people_words(event: Event) -> str:
    return "、".join(f"{official.post}{official.person.name}" for official in event.officials.all())


# -- documents -------------------------------------------------------------------------------


def _directives(words: Sequence[str], visitor: Visitor) -> QuerySet[Any]:
    found = Directive.objects.visible_to(visitor)
    for word in words:
        annexes = Annex.objects.filter(
            Q(title__icontains=word) | Q(text__icontains=word), directive=OuterRef("pk")
        )
        found = found.filter(directive_holding(word) | Q(Exists(annexes)))
    return found.order_by(F("issued_on").desc(nulls_last=True), "-pk")


def _directive_rows(directives: Sequence[Directive], words: Sequence[str]) -> list[Row]:
    wanted = Q()
    for word in words:
        wanted |= Q(heading__icontains=word) | Q(text__icontains=word)
    sections: dict[int, list[Section]] = defaultdict(list)
    for section in Section.objects.filter(wanted, directive__in=directives).order_by("order"):
        sections[section.directive_id].append(section)
    return [_directive_row(directive, sections[directive.pk], words) for directive in directives]


def _directive_row(directive: Directive, sections: Sequence[Section], words: Sequence[str]) -> Row:
    texts = [" ".join(filter(None, (s.number, s.heading, s.text))) for s in sections]
    texts += [directive.preamble, directive.plan_preamble, directive.summary]
    text = next((text for text in texts if hits(text, words)), "")
    anchor = f"#{sections[0].anchor}" if sections and not hits(directive.title, words) else ""
    note = "，".join(filter(None, (directive.issuer, directive.number)))
    url = directive.get_absolute_url() + anchor
    title = highlighted(directive.title, words)
    return Row("directives", title, passage(text, words), url, directive.issued_on, note)


# -- tasks -----------------------------------------------------------------------------------


def _tasks(words: Sequence[str], visitor: Visitor) -> QuerySet[Any]:
    found = Task.objects.visible_to(visitor)
    for word in words:
        duties = Task.departments.through.objects.filter(
            Q(department__name__icontains=word) | Q(printed_name__icontains=word), task=OuterRef("pk")
        )
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(Exists(duties)))
    return found.select_related("task_list").order_by("task_list", "order")


def _task_rows(tasks: Sequence[Task], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "tasks",
            highlighted(task.title, words),
            passage(task.text, words),
            task.get_absolute_url(),
            task.effective_due_on,
            f"{task.get_state_display()}，{task.task_list.title}",
        )
        for task in tasks
    ]


# -- people and departments --------------------------------------------------------------------


def _people(words: Sequence[str], visitor: Visitor) -> QuerySet[Any]:
    found = Person.objects.visible_to(visitor)
    for word in words:
        found = found.named(word)
    return found.with_posts().order_by("name", "qualifier")


def _person_rows(people: Sequence[Person], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "people",
            highlighted(str(person), words),
            passage("；".join(post.title for post in person.posts.all()), words),
            person.get_absolute_url(),
        )
        for person in people
    ]


def _departments(words: Sequence[str], visitor: Visitor) -> QuerySet[Any]:
    found = Department.objects.active()
    for word in words:
        found = found.named(word)
    return found.with_aliases()


def _department_rows(departments: Sequence[Department], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "departments",
            highlighted(department.name, words),
            passage("、".join(alias.name for alias in department.aliases.all()), words),
            reverse("organizations:department", args=[department.slug]),
            note=department.get_kind_display(),
        )
        for department in departments
    ]


SOURCES = {
    "events": Source(_events, _event_rows),
    "directives": Source(_directives, _directive_rows),
    "tasks": Source(_tasks, _task_rows),
    "people": Source(_people, _person_rows),
    "departments": Source(_departments, _department_rows),
}
