"""What the page of a month shows: its entries in groups, its calendar, what can be filtered by."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.http import QueryDict

from events.filters import EventFilter
from events.models import Event
from events.monthgrid import MonthGrid, Segment, Span, brackets, in_lanes, month_grid, next_month
from events.reading import Entry, Visitor, add_mentions

PAGE_SIZE = 200
FACET_SIZES = {"topic": 7, "official": 5, "department": 5}
# Words for many at once say nothing of one person's post.
COLLECTIVE_POSTS = frozenset(
    {"市领导", "领导", "市四大班子领导", "四大班子领导", "市级领导", "市委领导", "市政府领导"}
)
NEWEST_FIRST, OLDEST_FIRST = "-start_date", "start_date"


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the same day or range, with the brackets beside them."""

    entries: tuple[Entry, ...]
    beside: tuple[Segment, ...]
    anchor: str

    @property
    def head(self) -> Entry:
        """The first entry; its days are the group's."""
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, with how many entries of the month it has."""

    value: str
    label: str
    note: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of values to filter by, the frequent first; ``rest`` is folded away."""

    name: str
    label: str
    more: str
    choices: tuple[Choice, ...]
    rest: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """All of the page."""

    first: date
    grid: MonthGrid
    page: Page[Entry]
    groups: list[Group]
    carried_over: list[Entry]
    facets: list[Facet]
    ranges: int
    doubtful: int
    sources: list[str]
    form: Any
    filtered: bool


def month_page(first: date, query: QueryDict, visible: QuerySet[Event], visitor: Visitor) -> MonthPage:
    """The page of the month that begins on ``first``: seven queries."""
    found = EventFilter(query, queryset=visible, visitor=visitor)
    filtered = any(query.get(name) for name in found.filters)
    entries, hits = _entries(touching(visible, first), found, filtered)
    add_mentions(entries, visitor)
    own = [entry for entry in entries if entry.start >= first]
    shown = [entry for entry in own if entry.pk in hits]
    page = Paginator(shown, PAGE_SIZE).get_page(query.get("page"))
    return MonthPage(
        first=first,
        grid=grid_of(first, entries),
        page=page,
        groups=grouped(list(page.object_list), spans_of(entry for entry in entries if entry.pk in hits)),
        carried_over=[entry for entry in entries if entry.start < first and not filtered],
        facets=_facets(own, query),
        ranges=sum(entry.is_range for entry in own),
        doubtful=sum(entry.doubtful for entry in own),
        sources=list(dict.fromkeys(entry.source for entry in own if entry.source)),
        form=found.form,
        filtered=filtered,
    )


def _entries(
    events: QuerySet[Event], found: EventFilter, filtered: bool
) -> tuple[list[Entry], frozenset[int]]:
    """The entries, and the numbers of those that pass the filter, in one query."""
    passes = Exists(found.qs.filter(pk=OuterRef("pk"))) if filtered else Value(True, BooleanField())
    fields = ("pk", "start_date", "end_date", "position", "title", "text", "source", "publication")
    ordered = events.annotate(passes=passes).order_by("start_date", "position", "pk")
    entries, hits = [], set()
    for *row, passed in ordered.values_list(*fields, "passes"):
        entries.append(Entry(*row))
        if passed:
            hits.add(entries[-1].pk)
    return entries, frozenset(hits)


def touching(visible: QuerySet[Event], first: date) -> QuerySet[Event]:
    """Entries that begin in the month, and ranges that reach into it."""
    after = next_month(first)
    begins = Q(start_date__gte=first, start_date__lt=after)
    reaches = Q(start_date__lt=first, end_date__gte=first, end_date__gt=F("start_date"))
    return visible.filter(begins | reaches)


def grid_of(first: date, entries: Iterable[Entry]) -> MonthGrid:
    """The calendar of the month."""
    entries = list(entries)
    return month_grid(first.year, first.month, (entry.start for entry in entries), spans_of(entries))


def spans_of(entries: Iterable[Entry]) -> list[Span]:
    """The ranges among the entries."""
    return [Span(e.pk, e.start, e.end, e.title) for e in entries if e.is_range]


def grouped(entries: Sequence[Entry], spans: Iterable[Span]) -> list[Group]:
    """Entries in printed order, neighbours of the same days together."""
    runs = [(days, tuple(run)) for days, run in groupby(entries, key=lambda e: (e.start, e.end))]
    placed = in_lanes(spans)
    beside = brackets([days for days, _ in runs], placed)
    seen: set[str] = set()
    groups = []
    for ((start, end), run), segments in zip(runs, beside, strict=True):
        anchor = f"d{start.day}" if start == end else f"d{start.day}-{end.day}"
        groups.append(Group(run, segments, "" if anchor in seen else anchor))
        seen.add(anchor)
    return groups


def _facets(entries: Sequence[Entry], query: QueryDict) -> list[Facet]:
    topics: Counter[tuple[str, str, str]] = Counter()
    people: Counter[tuple[str, str, str]] = Counter()
    bodies: Counter[tuple[str, str, str]] = Counter()
    posts = posts_of(entries)
    for entry in entries:
        topics.update((slug, name, "") for slug, name in entry.topics)
        people.update((str(o.pk), o.name, posts[o.pk]) for o in entry.officials)
        bodies.update((body.slug, body.name, "") for body in entry.bodies)
    return [
        _facet("topic", "主题", "其余主题", topics, query),
        _facet("official", "人员", "全部人员", people, query),
        _facet("department", "部门", "全部部门", bodies, query),
    ]


def posts_of(entries: Iterable[Entry]) -> dict[int, str]:
    """The post most often printed with each person, of equals the last; never a collective word."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        for official in entry.officials:
            own = "" if official.post in COLLECTIVE_POSTS else official.post
            count = counts[official.pk].pop(own, 0)
            counts[official.pk][own] = count + 1  # the last printed stands last
    return {pk: _foremost(printed) for pk, printed in counts.items()}


def _foremost(printed: Counter[str]) -> str:
    named = [(count, place, post) for place, (post, count) in enumerate(printed.items()) if post]
    return max(named)[2] if named else ""


def _facet(
    name: str, label: str, more: str, counts: Counter[tuple[str, str, str]], query: QueryDict
) -> Facet:
    chosen = set(query.getlist(name))
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))
    choices = [Choice(*key, count, bool(chosen & set(key[:2]))) for key, count in ranked]
    front = [c for n, c in enumerate(choices) if n < FACET_SIZES[name] or c.chosen]
    return Facet(name, label, more, tuple(front), tuple(c for c in choices if c not in front))


def neighbours(visible: QuerySet[Event], first: date, after: date) -> tuple[date | None, date | None]:
    """The nearest first days of entries before ``first`` and from ``after`` on: one query."""
    before = visible.filter(start_date__lt=first).order_by(NEWEST_FIRST).values(OLDEST_FIRST)[:1]
    later = visible.filter(start_date__gte=after).order_by(OLDEST_FIRST).values(OLDEST_FIRST)[:1]
    asked = Event.objects.order_by().annotate(before=Subquery(before), later=Subquery(later))
    row: tuple[date | None, date | None] | None = asked.values_list("before", "later").first()
    return row or (None, None)
