"""Entries as pages show them, with all they mention, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from directives.models import Directive
from events.marking import TITLE, WORDS, Mark, html_of
from events.models import Correction, Event, EventDepartment, EventDirective, EventOfficial
from events.monthgrid import day_boxes, span_label, span_words
from events.numbering import number_words, numbers_on
from organizations.models import User

Visitor = User | AnonymousUser
ABSENT = "未收录"


@lru_cache(maxsize=20_000)
def address(name: str, key: int | str) -> str:
    """The address of a record; a page names the same people and departments many times."""
    return reverse(name, args=[key])


@dataclass(frozen=True, slots=True)
class Official:
    """A person of an entry; ``printed`` as the gazette has it."""

    pk: int
    name: str
    printed: str
    post: str

    @property
    def misprinted(self) -> bool:
        """Whether the gazette prints another name than the person's."""
        return "".join(self.printed.split()) != self.name

    @property
    def url(self) -> str:
        """The person's page."""
        return address("organizations:person", self.pk)


@dataclass(frozen=True, slots=True)
class Body:
    """A department of an entry with all its printed forms."""

    slug: str
    name: str
    words: tuple[str, ...]

    @property
    def url(self) -> str:
        """The department's page."""
        return address("organizations:department", self.slug)


@dataclass(frozen=True, slots=True)
class Cited:
    """A document named in an entry; without ``url`` the portal does not hold it, or not for this visitor."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction notice."""

    printed: str
    corrected: str
    note: str
    made_on: date


@dataclass(slots=True)
class Entry:
    """An entry with what it mentions; ``number`` is the public one of its month, None when unpublished.

    ``waiting`` correction notices are not signed yet; ``updated_at`` is told by ``read_entries``.
    """

    pk: int
    start: date
    end: date
    position: int
    title: str
    text: str
    source: str
    publication: str
    officials: list[Official] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    topics: list[tuple[str, str]] = field(default_factory=list)
    citations: list[Cited] = field(default_factory=list)
    corrections: list[Corrected] = field(default_factory=list)
    number: int | None = None
    waiting: int = 0
    updated_at: datetime | None = None

    @property
    def url(self) -> str:
        """The entry's page."""
        return address("events:event", self.pk)

    @property
    def number_words(self) -> str:
        """第 3 条, or that it has no number."""
        return number_words(self.number)

    @property
    def is_range(self) -> bool:
        """Whether it covers more than one day."""
        return self.end > self.start

    @property
    def label(self) -> str:
        """The day or days, as large figures."""
        return span_label(self.start, self.end)

    @property
    def words(self) -> str:
        """The weekday or weekdays."""
        return span_words(self.start, self.end)

    @property
    def boxes(self) -> list[int]:
        """The days of a short range."""
        return day_boxes(self.start, self.end)

    @property
    def doubtful(self) -> bool:
        """Whether something in it was misprinted or corrected."""
        return bool(self.corrections) or any(official.misprinted for official in self.officials)

    @property
    def html(self) -> SafeString:
        """The text with its names linked; the title where no text is stored."""
        return html_of(self.text or self.title, self.marks())

    def marks(self) -> list[Mark]:
        """The words of the text that lead somewhere."""
        return [
            *(Mark(c.printed, note=correction_words(c), kind=WORDS) for c in self.corrections),
            *(Mark(f"《{c.title}》", c.url, "" if c.url else ABSENT, TITLE) for c in self.citations),
            *(Mark(o.printed, o.url, misprint_words(o)) for o in self.officials),
            *(Mark(word, body.url) for body in self.bodies for word in body.words),
        ]


def correction_words(correction: Corrected) -> str:
    """What stands behind corrected words."""
    if correction.corrected:
        return f"原文如此，应为{correction.corrected}"
    return f"原文如此，{correction.note}" if correction.note else "原文如此"


def misprint_words(official: Official) -> str:
    """What stands behind a misprinted name; empty when it is printed right."""
    return f"原文如此，应为{official.name}" if official.misprinted else ""


def read_entries(events: QuerySet[Event], visitor: Visitor) -> list[Entry]:
    """The events of the queryset, in its order, with all they mention: seven queries."""
    fields = ("pk", "start_date", "end_date", "position", "title", "text", "source", "publication")
    entries = []
    for *row, updated_at in events.values_list(*fields, "updated_at"):
        entries.append(Entry(*row))
        entries[-1].updated_at = updated_at
    add_mentions(entries, visitor)
    return entries


def add_mentions(entries: Sequence[Entry], visitor: Visitor) -> None:
    """Fill in numbers and what is mentioned: six queries, none without entries."""
    by_pk = {entry.pk: entry for entry in entries}
    if not by_pk:
        return
    # What the public does not see has no number.
    numbers = numbers_on(entry.start for entry in entries if entry.publication == Event.Publication.PUBLISHED)
    for entry in entries:
        entry.number = numbers.get(entry.pk)
    for pk, *official in officials_of(by_pk):
        by_pk[pk].officials.append(Official(*official))
    for pk, body in bodies_of(by_pk):
        by_pk[pk].bodies.append(body)
    for pk, slug, name in topics_of(by_pk):
        by_pk[pk].topics.append((slug, name))
    for pk, title, url in citations_of(by_pk, visitor):
        by_pk[pk].citations.append(Cited(title, url))
    for row in Correction.objects.filter(event__in=by_pk).order_by("made_on", "pk"):
        entry = by_pk[row.event_id]
        entry.waiting += row.standing == Correction.Standing.PROPOSED
        if row.standing == Correction.Standing.CONFIRMED:
            entry.corrections.append(Corrected(row.printed, row.corrected, row.note, row.made_on))


def officials_of(pks: Iterable[int]) -> QuerySet[Any, Any]:
    """Rows of event, person, name, printed name, post in printed order."""
    rows = EventOfficial.objects.filter(event__in=pks).order_by("event", "order")
    return rows.values_list("event_id", "person_id", "person__name", "printed_name", "post")


def bodies_of(pks: Iterable[int]) -> list[tuple[int, Body]]:
    """Departments by event, each with its names and aliases, read in one query."""
    rows = EventDepartment.objects.filter(event__in=pks).order_by("event", "department")
    names = ("department__name", "department__short_name", "department__aliases__name")
    words: dict[tuple[int, str, str], set[str]] = defaultdict(set)
    for pk, slug, name, *others in rows.values_list("event_id", "department__slug", *names):
        known = [word for word in (name, *others) if word]
        # The city's own bodies are printed with 市 as often as without.
        words[pk, slug, name].update(known, (f"市{word}" for word in known))
    return [(pk, Body(slug, name, tuple(sorted(found)))) for (pk, slug, name), found in words.items()]


def topics_of(pks: Iterable[int]) -> QuerySet[Any, Any]:
    """Rows of event, slug, name."""
    links = Event.topics.through.objects.filter(event__in=pks)
    return links.order_by("event", "topic__order", "topic__name").values_list(
        "event_id", "topic__slug", "topic__name"
    )


def citations_of(pks: Iterable[int], visitor: Visitor) -> list[tuple[int, str, str]]:
    """Rows of event, title, address; no address for what the visitor may not see."""
    shown = Directive.objects.visible_to(visitor).filter(pk=OuterRef("directive"))
    rows = EventDirective.objects.filter(event__in=pks).order_by("pk").annotate(shown=Exists(shown))
    return [
        (pk, title, address("directives:directive", directive) if held else "")
        for pk, title, directive, held in rows.values_list("event_id", "title", "directive_id", "shown")
    ]
