"""Search in all records.

One function, ``search``, answers with plain rows; what stands behind it may
become an index without any page noticing. Today it looks for each word as it
stands, anywhere in what is printed: nothing that holds the words is missed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.utils.safestring import SafeString

from directives.filters import holding as directive_holding
from directives.models import Annex, Directive, RosterMember, Section
from events.filters import holding as event_holding
from events.models import Event
from events.reading import Visitor
from organizations.models import Department, Person
from organizations.querysets import DepartmentQuerySet, PersonQuerySet
from taskboard.models import Task, TaskDepartment
from zalantun.snippets import highlighted, hits, passage
from zalantun.words import Days, Word, forms, words_of

PAGE_SIZE = 20
GLIMPSE = 5
KINDS = {
    "events": "大事记",
    "directives": "政策文件",
    "tasks": "任务",
    "people": "人员",
    "departments": "部门",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing found; ``title`` and ``context`` are markup with the words marked."""

    kind: str
    title: SafeString
    context: SafeString
    url: str
    day: date | None = None
    note: SafeString | str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind; ``rows`` is the part asked for."""

    kind: str
    label: str
    total: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Source:
    """How one kind is searched: what may be seen, what holds all words, and a row from each record."""

    visible: Callable[[Visitor], QuerySet[Any]]
    holding: Callable[[Any, Sequence[Word], Visitor], QuerySet[Any]]
    rows: Callable[[Sequence[Any], Sequence[str]], list[Row]]


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


def any_form(word: Word, holding: Callable[[str], Q]) -> Q:
    """Records that hold the word in any of its forms."""
    wanted = Q(pk__in=[])
    for form in word.forms:
        wanted |= holding(form)
    return wanted


def any_text(texts: Iterable[str], words: Sequence[str], default: str = "") -> str:
    """The first text that holds a word."""
    return next((text for text in texts if hits(text, words)), default)


# -- the chronicle ---------------------------------------------------------------------------


def _events(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    for word in words:
        found = found.filter(any_form(word, event_holding) | _events_on(word.days))
    return found.order_by("-start_date", "-position", "-pk").prefetch_related("officials__person")


def _events_on(days: Days | None) -> Q:
    """Entries that touch the days; nothing for a word that names none."""
    if days is None:
        return Q(pk__in=[])
    if not days.any_year:
        return Q(start_date__lte=days.last, end_date__gte=days.first)
    month, day = days.first.month, days.first.day
    begins = Q(start_date__month=month, start_date__day__lte=day)
    ends_that_month = Q(end_date__month=month, end_date__day__gte=day)
    return begins & (ends_that_month | ~Q(end_date__month=month)) | Q(
        ~Q(start_date__month=month), end_date__month=month, end_date__day__gte=day
    )


def _event_rows(events: Sequence[Event], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "events",
            highlighted(event.title, words),
            passage(any_text((event.text, _people_words(event)), words, event.text), words),
            event.get_absolute_url(),
            event.start_date,
            f"第 {event.position} 条",
        )
        for event in events
    ]


def _people_words(event: Event) -> str:
    return "、".join(
        f"{official.post}{official.person.name}"
        + (f"（印作{official.printed_name}）" if official.printed_name != official.person.name else "")
        for official in event.officials.all()
    )


# -- documents -------------------------------------------------------------------------------


def _directives(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    for word in words:
        found = found.filter(any_form(word, _directive_holding) | _directives_of(word.days))
    return found.order_by(F("issued_on").desc(nulls_last=True), "-pk")


def _directive_holding(form: str) -> Q:
    here = {"directive": OuterRef("pk")}
    annexes = Annex.objects.filter(Q(title__icontains=form) | Q(text__icontains=form), **here)
    members = RosterMember.objects.filter(_named(form), roster__directive=OuterRef("pk"))
    own = Q(issuer__icontains=form) | Q(release_note__icontains=form) | Q(summary__icontains=form)
    return own | directive_holding(form) | Q(Exists(annexes)) | Q(Exists(members))


def _named(form: str) -> Q:
    return Q(printed_name__icontains=form) | Q(post__icontains=form) | Q(roster__name__icontains=form)


def _directives_of(days: Days | None) -> Q:
    if days is None:
        return Q(pk__in=[])
    if days.any_year:
        return Q(issued_on__month=days.first.month, issued_on__day=days.first.day)
    return Q(issued_on__range=(days.first, days.last))


def _directive_rows(directives: Sequence[Directive], words: Sequence[str]) -> list[Row]:
    parts = _parts_with(directives, words)
    return [_directive_row(directive, parts[directive.pk], words) for directive in directives]


def _parts_with(directives: Sequence[Directive], words: Sequence[str]) -> dict[int, list[tuple[str, str]]]:
    """Of each document the parts that hold a word, as text and anchor: sections, annexes, names."""
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    in_sections, in_annexes, in_rosters = Q(), Q(), Q()
    for form in words:
        in_sections |= Q(heading__icontains=form) | Q(text__icontains=form)
        in_annexes |= Q(title__icontains=form) | Q(text__icontains=form)
        in_rosters |= _named(form)
    for section in Section.objects.filter(in_sections, directive__in=directives).order_by("order"):
        text = " ".join(filter(None, (section.number, section.heading, section.text)))
        parts[section.directive_id].append((text, f"#{section.anchor}"))
    for annex in Annex.objects.filter(in_annexes, directive__in=directives).order_by("order"):
        parts[annex.directive_id].append((" ".join(filter(None, (annex.title, annex.text))), ""))
    members = RosterMember.objects.filter(in_rosters, roster__directive__in=directives).order_by("pk")
    for member in members.select_related("roster"):
        names = (member.roster.name, member.role, member.printed_name, member.post)
        parts[member.roster.directive_id].append((" ".join(filter(None, names)), ""))
    return parts


def _directive_row(directive: Directive, parts: Sequence[tuple[str, str]], words: Sequence[str]) -> Row:
    own = (directive.preamble, directive.plan_title, directive.plan_preamble, directive.summary)
    text, anchor = parts[0] if parts else (any_text(own, words, directive.preamble or directive.summary), "")
    note = highlighted("，".join(filter(None, (directive.issuer, directive.number))), words)
    url = directive.get_absolute_url() + ("" if hits(directive.title, words) else anchor)
    return Row(
        "directives",
        highlighted(directive.title, words),
        passage(text, words),
        url,
        directive.issued_on,
        note,
    )


# -- tasks -----------------------------------------------------------------------------------


def _tasks(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    for word in words:
        found = found.filter(any_form(word, _task_holding) | _tasks_due(word.days))
    return found.select_related("task_list").order_by("task_list", "order")


def _task_holding(form: str) -> Q:
    duties = TaskDepartment.objects.filter(
        Q(department__name__icontains=form) | Q(printed_name__icontains=form), task=OuterRef("pk")
    )
    own = Q(title__icontains=form) | Q(text__icontains=form)
    place = Q(part__icontains=form) | Q(subsection__icontains=form)
    return own | place | Q(Exists(duties))


def _tasks_due(days: Days | None) -> Q:
    if days is None:
        return Q(pk__in=[])
    if days.any_year:
        return Q(due__month=days.first.month, due__day=days.first.day)
    return Q(due__range=(days.first, days.last))


def _task_rows(tasks: Sequence[Task], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "tasks",
            highlighted(task.title, words),
            passage(any_text((task.text, task.part, task.subsection), words, task.text), words),
            task.get_absolute_url(),
            task.effective_due_on,
            f"{task.get_state_display()}，{task.task_list.title}",
        )
        for task in tasks
    ]


# -- people and departments --------------------------------------------------------------------


def _people(found: PersonQuerySet, words: Sequence[Word], visitor: Visitor) -> PersonQuerySet:
    for word in words:
        found = found.named(*word.forms, user=visitor)
    return found.with_posts(visitor).prefetch_related("variants").order_by("name", "qualifier")


def _person_rows(people: Sequence[Person], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "people",
            highlighted(str(person), words),
            passage("；".join(_person_facts(person)), words),
            person.get_absolute_url(),
        )
        for person in people
    ]


def _person_facts(person: Person) -> list[str]:
    posts = [post.title for post in person.posts.all()]
    return posts + [f"原文印作{variant.printed_name}" for variant in person.variants.all()]


def _departments(found: DepartmentQuerySet, words: Sequence[Word], visitor: Visitor) -> DepartmentQuerySet:
    for word in words:
        found = found.named(*word.forms)
    return found.with_aliases()


def _department_rows(departments: Sequence[Department], words: Sequence[str]) -> list[Row]:
    return [
        Row(
            "departments",
            highlighted(department.name, words),
            passage("、".join(alias.name for alias in department.aliases.all()), words),
            department.get_absolute_url(),
            note=department.get_kind_display(),
        )
        for department in departments
    ]


SOURCES = {
    "events": Source(Event.objects.visible_to, _events, _event_rows),
    "directives": Source(Directive.objects.visible_to, _directives, _directive_rows),
    "tasks": Source(lambda visitor: Task.objects.visible_to(visitor).with_due(), _tasks, _task_rows),
    "people": Source(Person.objects.visible_to, _people, _person_rows),
    "departments": Source(
        lambda visitor: Department.objects.active().visible_to(visitor), _departments, _department_rows
    ),
}
