"""What was found as the page shows it: rows with the words marked, and ways to narrow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Model, Q
from django.utils.encoding import iri_to_uri
from django.utils.safestring import SafeString

from directives.models import Topic
from events.numbering import number_words as place_words
from events.numbering import numbers_of
from organizations.models import Department, Person
from organizations.querysets import sees_all_names
from organizations.visitors import Visitor
from search.documents import facet_key
from search.finding import COUNTED, Found
from search.models import SearchEntry
from search.words import Days, forms
from zalantun.search.asking import Asked
from zalantun.search.audiences import KINDS, audiences_of, kinds_for
from zalantun.search.snippets import excerpt, held_by, highlighted, hits, passage

PAGE_SIZE = 20
VALUES_OF_A_FACET = 8
Numbers = dict[int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """A facet of records: which, what names one in an address, and their own kind in the index."""

    label: str
    model: type[Model]
    value: str
    kind: str = ""


NAMED = {
    "department": Named("部门", Department, "slug", "departments"),
    "person": Named("人员", Person, "pk", "people"),
    "topic": Named("主题", Topic, "slug"),
}
TABLE_HEADER = ("种类", "标题", "日期", "最后日期", "上下文", "附注", "地址")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing found; ``title``, ``context`` and ``note`` are markup with the words marked.

    ``day_found`` says that a word names its day.
    """

    kind: str
    label: str
    title: SafeString
    context: SafeString
    url: str
    day: date | None
    last_day: date | None
    day_found: bool
    note: SafeString


@dataclass(frozen=True, slots=True)
class Value:
    """A value by which the hits can be narrowed, and how many there are."""

    label: str
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A condition that can be added, with its most frequent values."""

    name: str
    label: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind with how many of it were found, in words."""

    kind: str
    label: str
    number: str
    address: str


def tabs(found: Found, asked: Asked) -> list[Tab]:
    """All kinds together, then each."""
    numbers = {"": found.kinds.total(), **{kind: found.kinds[kind] for kind in asked.kinds}}
    labels = {"": "全部", **asked.kinds}
    return [
        Tab(kind, labels[kind], number_words(number), asked.address_with("kind", kind))
        for kind, number in numbers.items()
    ]


def number_words(number: int) -> str:
    """Beyond the bound only that there are more is known."""
    return f"{COUNTED}+" if number > COUNTED else str(number)


def rows(entries: Sequence[SearchEntry], asked: Asked) -> list[Row]:
    """Entries as rows; those of the chronicle with their public numbers (one query)."""
    words = forms(asked.words)
    numbers = numbers_of(entry.object_id for entry in entries if entry.kind == "events")
    spans = [word.days for word in asked.words if word.days]
    return [_row(entry, words, spans, place_words(numbers.get(entry.object_id))) for entry in entries]


def _row(entry: SearchEntry, words: Sequence[str], spans: Sequence[Days], number: str) -> Row:
    line, anchor = _line_with(entry, words)
    note = "，".join(filter(None, (entry.note, number if entry.kind == "events" else "")))
    return Row(
        entry.kind,
        KINDS[entry.kind],
        highlighted(entry.title, words),
        passage(line, words),
        iri_to_uri(entry.url) + anchor,
        entry.day,
        entry.last_day if entry.last_day != entry.day else None,
        any(f" {days.key} " in entry.keys for days in spans),
        highlighted(note, words),
    )


def _line_with(entry: SearchEntry, words: Sequence[str]) -> tuple[str, str]:
    """The paragraph that holds most of the words, and its anchor unless the title holds one already."""
    lines = entry.text.split("\n")
    held = [held_by(line, words) for line in lines]
    place = held.index(max(held))
    anchored = entry.anchors and not hits(entry.title, words)
    return lines[place], entry.anchors[place] if anchored else ""


def passage_of(entry: SearchEntry, asked: Asked) -> str:
    """The words in context, without marks."""
    words = forms(asked.words)
    return excerpt(_line_with(entry, words)[0], words)


def table_rows(entries: Sequence[SearchEntry], asked: Asked) -> list[tuple[str, ...]]:
    """Entries for office programs."""
    return [
        (
            KINDS[entry.kind],
            entry.title,
            entry.day.isoformat() if entry.day else "",
            entry.last_day.isoformat() if entry.last_day else "",
            passage_of(entry, asked),
            entry.note,
            iri_to_uri(entry.url),
        )
        for entry in entries
    ]


def facets(found: Found, asked: Asked, visitor: Visitor) -> list[Facet]:
    """Years, departments, people and topics of the hits that are not chosen yet: up to four queries."""
    years = [
        Value(f"{year}年", number, asked.address_with("year", str(year)))
        for year, number in sorted(found.years.items(), reverse=True)
    ]
    numbers = {name: _numbers(found, name) for name in NAMED if name not in asked.labels}
    known = _open_names(numbers, visitor)
    made = [Facet("year", "年份", years if "year" not in asked.labels else [])]
    made += [Facet(name, NAMED[name].label, _values(asked, name, known[name])) for name in known]
    return [facet for facet in made if facet.values]


def _numbers(found: Found, name: str) -> Numbers:
    """How often the most frequent records of one facet are met."""
    start = facet_key(name, 0)[:-1]
    of_name = [(key, n) for key, n in found.keys.most_common() if key.startswith(start)]
    return {int(key.removeprefix(start)): n for key, n in of_name[:VALUES_OF_A_FACET]}


def _open_names(numbers: dict[str, Numbers], visitor: Visitor) -> dict[str, Numbers]:
    """Those that the visitor may see; of names, what the index says of them is what he may see."""
    hidden = () if sees_all_names(visitor) else tuple(name for name in numbers if NAMED[name].kind)
    asked = Q(pk__in=[])
    for name in hidden:
        asked |= Q(kind=NAMED[name].kind, object_id__in=numbers[name])
    if not any(numbers[name] for name in hidden):
        return numbers
    entries = SearchEntry.objects.open_to(audiences_of(visitor)).filter(asked)
    seen = set(entries.order_by().values_list("kind", "object_id"))
    return {
        name: {pk: n for pk, n in of.items() if name not in hidden or (NAMED[name].kind, pk) in seen}
        for name, of in numbers.items()
    }


def _values(asked: Asked, name: str, numbers: Numbers) -> list[Value]:
    """The records of one facet, the most frequent first: one query, none without any."""
    if not numbers:
        return []
    values = [
        Value(
            str(record), numbers[record.pk], asked.address_with(name, str(getattr(record, NAMED[name].value)))
        )
        for record in NAMED[name].model._default_manager.filter(pk__in=numbers)
    ]
    return sorted(values, key=lambda value: (-value.number, value.label))


def holdings(visitor: Visitor) -> list[tuple[str, str, int]]:
    """How much there is of each kind for the visitor to search: kind, label, number. One query."""
    kinds = kinds_for(visitor)
    open_to_visitor = SearchEntry.objects.open_to(audiences_of(visitor)).order_by()
    numbers = dict(open_to_visitor.values_list("kind").annotate(n=Count("pk")))
    return [(kind, label, numbers.get(kind, 0)) for kind, label in kinds.items()]
