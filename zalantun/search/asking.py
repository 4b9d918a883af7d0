"""What an address asks for, checked: a value that names nothing is left aside, and a sentence says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from directives.models import Topic
from organizations.models import Department, Person
from organizations.visitors import Visitor
from search.documents import facet_key
from search.finding import BEST, NEWEST, Question
from search.words import MAX_LENGTH, Word, left_out, words_of
from zalantun.search.audiences import OF_STAFF, UNDATED, audiences_of, kinds_for

ORDERS = {BEST: "最相关", NEWEST: "最新"}
FIRST_YEAR, LAST_YEAR = 1900, 2200
FILTERS = ("kind", "year", "department", "person", "topic")
NAMES = ("q", *FILTERS, "order")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition that is set, in words, and the address without it."""

    name: str
    label: str
    without: str


@dataclass(slots=True)
class Asked:
    """The conditions of an address; ``errors`` are sentences about those that were left aside."""

    query: str
    words: list[Word]
    kinds: dict[str, str]
    kind: str = ""
    year: int | None = None
    order: str = BEST
    keys: dict[str, str] = field(default_factory=dict)
    # The conditions that count, as they stand in an address.
    values: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether something is asked for."""
        return bool(self.words or self.labels)

    @property
    def chosen(self) -> list[Chosen]:
        """The conditions beside the words."""
        return [Chosen(name, label, self.address_with(name, "")) for name, label in self.labels.items()]

    @property
    def has_feed(self) -> bool:
        """Whether programs may fetch what is asked for; of what staff alone may see there is no feed."""
        return self.kind not in OF_STAFF

    @property
    def only_kind(self) -> bool:
        """Whether the kind alone is set, which its tab shows."""
        return set(self.labels) == {"kind"}

    @property
    def address(self) -> str:
        """All conditions as they stand behind the question mark of an address."""
        return address_of(self.values)

    @property
    def address_without_kind(self) -> str:
        """The same for all kinds."""
        return self.address_with("kind", "")

    def address_with(self, name: str, value: str) -> str:
        """The same with one condition set or, without a value, taken away."""
        return address_of({**self.values, name: value})

    @property
    def left_out(self) -> bool:
        """Whether the query is longer than what is searched for."""
        return left_out(self.query)

    @property
    def words_in_short(self) -> str:
        """All that is asked for, in a few words."""
        return "、".join(filter(None, [self.query, *self.labels.values()]))

    def question(self, visitor: Visitor) -> Question:
        """As the index is asked for this visitor."""
        return Question(
            words=self.words,
            audiences=audiences_of(visitor),
            kinds=tuple(self.kinds),
            kind=self.kind,
            year=self.year,
            keys=tuple(self.keys.values()),
            order=self.order,
            undated_kinds=UNDATED,
        )


def asked_by(data: Mapping[str, Any], visitor: Visitor) -> Asked:
    """Read an address; a query for each name in it."""
    query = str(data.get("q", "")).replace("\x00", "").strip()
    asked = Asked(query, words_of(query), kinds_for(visitor))
    _read_kind(asked, str(data.get("kind", "")))
    _read_year(asked, str(data.get("year", "")).strip())
    _read_name(asked, "department", "部门", _department(str(data.get("department", "")), visitor))
    _read_name(asked, "person", "人员", _person(str(data.get("person", "")), visitor))
    _read_name(asked, "topic", "主题", _topic(str(data.get("topic", ""))))
    order = str(data.get("order", "")) or BEST
    asked.values["q"] = query
    if order in ORDERS:
        asked.order = asked.values["order"] = order
    else:
        asked.errors.append(f"没有“{order[:40]}”这种排序，已按“最相关”排列；可以选“最相关”或“最新”。")
    return asked


def address_of(data: Mapping[str, Any]) -> str:
    """The conditions in a fixed order: two addresses that ask the same are one search."""
    values = [(name, str(data.get(name, "")).replace("\x00", "").strip()) for name in NAMES]
    return urlencode([(name, value) for name, value in values if value and (name, value) != ("order", BEST)])


def asked_by_address(address: str, visitor: Visitor) -> Asked:
    """Read the conditions of a kept search."""
    return asked_by(QueryDict(address), visitor)


def _read_kind(asked: Asked, kind: str) -> None:
    if kind in asked.kinds:
        asked.kind = asked.values["kind"] = kind
        asked.labels["kind"] = asked.kinds[kind]
    elif kind:
        known = "、".join(asked.kinds.values())
        asked.errors.append(f"没有“{kind[:40]}”这一类记录，已不按种类筛选；可以选：{known}。")


def _read_year(asked: Asked, year: str) -> None:
    if not year:
        return
    if year.isascii() and year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= LAST_YEAR:
        asked.year, asked.values["year"] = int(year), year
        asked.labels["year"] = f"{year}年"
    else:
        asked.errors.append(f"年份“{year[:40]}”不对，已不按年份筛选；请写四位数字，例如 2022。")


def _read_name(asked: Asked, name: str, word: str, found: tuple[str, Any]) -> None:
    value, record = found
    if record is not None:
        asked.keys[name] = facet_key(name, record.pk)
        asked.values[name], asked.labels[name] = value, str(record)
    elif value:
        asked.errors.append(f"没有找到{word}“{value[:40]}”，已不按它筛选；请从“缩小范围”中重新选择。")


def _department(value: str, visitor: Visitor) -> tuple[str, Department | None]:
    if not value:
        return value, None
    plain = value.replace("\x00", "")[:MAX_LENGTH]
    return value, Department.objects.visible_to(visitor).filter(slug=plain).first()


def _person(value: str, visitor: Visitor) -> tuple[str, Person | None]:
    if not (value.isascii() and value.isdecimal() and len(value) < 15):
        return value, None
    return value, Person.objects.visible_to(visitor).filter(pk=int(value)).first()


def _topic(value: str) -> tuple[str, Topic | None]:
    plain = value.replace("\x00", "")[:MAX_LENGTH]
    return value, Topic.objects.filter(slug=plain).first() if value else None
