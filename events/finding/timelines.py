"""The time line of a person and of a department: entries and documents, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from directives.models import Directive
from events.finding.statistics import charts_of
from events.models import Event
from foundation.tables import table_file
from organizations.models import Department, Person

PAGE_SIZE = 50
ENTRY, DOCUMENT = "event", "directive"
KINDS = {ENTRY: "大事记", DOCUMENT: "文件"}
HEADER = ("日期", "种类", "标题", "说明")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day in the time line; ``day`` is None for a document without a printed date."""

    day: date | None
    kind: str
    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The entries and the documents of a person or department that the visitor may see."""

    entries: QuerySet[Event]
    documents: QuerySet[Directive]
    document_words: str


@require_safe
def person_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the records name a person, over time."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return _page(request, person, ways_of_person(person, request.user))


@require_safe
def person_table(request: HttpRequest, pk: int, form: str) -> HttpResponseBase:
    """The same, to take along."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    return _table(request, form, f"person-{pk}", person, ways_of_person(person, request.user))


@require_safe
def department_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the records name a department, over time."""
    department = get_object_or_404(Department.objects.visible_to(request.user), slug=slug)
    return _page(request, department, ways_of_department(department, request.user))


@require_safe
def department_table(request: HttpRequest, slug: str, form: str) -> HttpResponseBase:
    """The same, to take along."""
    department = get_object_or_404(Department.objects.visible_to(request.user), slug=slug)
    return _table(request, form, "department", department, ways_of_department(department, request.user))


def ways_of_person(person: Person, visitor: Any) -> Ways:
    """Entries that name the person, documents in whose rosters he stands."""
    documents = Directive.objects.visible_to(visitor)
    return Ways(
        Event.objects.visible_to(visitor).filter(officials__person=person).distinct(),
        documents.filter(rosters__members__person=person).distinct(),
        "列入组成人员名单",
    )


def ways_of_department(department: Department, visitor: Any) -> Ways:
    """Entries that name the department, documents that it issued."""
    return Ways(
        Event.objects.visible_to(visitor).filter(mentions__department=department).distinct(),
        Directive.objects.visible_to(visitor).filter(issuing_department=department),
        "制发文件",
    )


def _page(request: HttpRequest, about: Person | Department, ways: Ways) -> HttpResponse:
    kind = _kind(request)
    page = Paginator(rows_of(ways, kind), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = moments_of(list(page), ways)
    context = {
        "about": about,
        "page": page,
        "years": [(year, list(rows)) for year, rows in groupby(shown, lambda m: m.day and m.day.year)],
        "charts": charts_of(_months(ways)),
        "kind": kind,
        "kinds": KINDS,
        "is_person": isinstance(about, Person),
        "subscription": _subscription(about),
    }
    return render(request, "events/timeline.html", context)


def _subscription(about: Person | Department) -> str:
    """The entries of the time line as a condition of feed and calendar."""
    return urlencode({"official": about.pk} if isinstance(about, Person) else {"department": about.slug})


def _kind(request: HttpRequest) -> str:
    """The kind of record asked for; empty for all."""
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else ""


def _table(
    request: HttpRequest, form: str, stem: str, about: Person | Department, ways: Ways
) -> HttpResponseBase:
    rows = (
        (moment.day.isoformat() if moment.day else "", KINDS[moment.kind], moment.title, moment.words)
        for moment in moments_of(list(rows_of(ways, _kind(request))), ways)
    )
    return table_file(form, stem=f"timeline-{stem}", title=f"{about}时间线", header=HEADER, rows=rows)


def rows_of(ways: Ways, kind: str) -> Any:
    """Kind, key and day of each, as one query."""
    parts = {
        ENTRY: _keys(ways.entries, ENTRY, "start_date"),
        DOCUMENT: _keys(ways.documents, DOCUMENT, "issued_on"),
    }
    chosen = [part for name, part in parts.items() if kind in ("", name)]
    rows = chosen[0].union(*chosen[1:], all=True) if len(chosen) > 1 else chosen[0]
    return rows.order_by(F("day").desc(nulls_last=True), "way", "-key")


def _keys(records: QuerySet[Any], kind: str, day: str) -> Any:
    named = records.order_by().annotate(way=Value(kind, CharField()), key=F("pk"), day=F(day))
    return named.values_list("way", "key", "day")


def moments_of(rows: Sequence[tuple[str, int, date | None]], ways: Ways) -> list[Moment]:
    """The rows with their titles; two queries."""
    keys = {kind: [key for name, key, _ in rows if name == kind] for kind in KINDS}
    entries = Event.objects.in_bulk(keys[ENTRY])
    documents = Directive.objects.in_bulk(keys[DOCUMENT])
    made = []
    for kind, key, day in rows:
        if kind == ENTRY:
            entry = entries[key]
            until = f"至 {entry.end_date.month}月{entry.end_date.day}日" if entry.is_range else ""
            made.append(Moment(day, kind, entry.title, entry.get_absolute_url(), until))
        else:
            document = documents[key]
            words = f"{ways.document_words} {document.number}".strip()
            made.append(Moment(day, kind, document.title, document.get_absolute_url(), words))
    return made


def _months(ways: Ways) -> dict[date, int]:
    rows = ways.entries.order_by().annotate(month=TruncMonth("start_date")).values_list("month")
    return dict(rows.annotate(n=Count("pk", distinct=True)))
