"""What the rooms hand in: records as they are to be found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from django.db import models

from search.folding import fold, grams_of
from search.models import SearchEntry
from search.words import KEY, keys_of_span

EVERYBODY = ""
LONGEST = {"title": 400, "note": 500}


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a record and the fragment of the page's address that leads to it."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One record for one audience.

    ``visibility`` is the permission that opens it, ``EVERYBODY``, or a
    permission after ``!``: for those who lack it. ``asides`` are found by the
    search of everything and not by the filter of a list. ``note`` is shown and
    not searched. What belongs to no day is found last when the newest come first.
    """

    object_id: int
    visibility: str
    title: str
    url: str
    parts: Sequence[Part] = ()
    asides: Sequence[Part] = ()
    note: str = ""
    first_day: date | None = None
    last_day: date | None = None
    departments: Iterable[int] = ()
    people: Iterable[int] = ()
    topics: Iterable[int] = ()

    def entry(self, kind: str) -> SearchEntry:
        """The row of the index, not yet saved."""
        own, asides = _printed(self.parts), _printed(self.asides)
        parts = own + asides
        lines = [" ".join(part.text.split()) for part in parts]
        title, text = self.title[: LONGEST["title"]], "\n".join(lines)
        folded_title = fold(title)
        folded = f"{folded_title}\n{fold(text)}"
        keys = [kind_key(kind), *self._facet_keys(), *self._day_keys()]
        return SearchEntry(
            kind=kind,
            object_id=self.object_id,
            visibility=self.visibility,
            title=title,
            title_length=len(folded_title),
            own_length=len(fold("\n".join([title, *lines[: len(own)]]))),
            note=self.note[: LONGEST["note"]],
            # As characters: the escapes of a long Chinese name do not fit the column.
            url=unquote(self.url),
            day=self.first_day,
            last_day=self.last_day or self.first_day,
            sort_day=self.first_day or date.min,
            keys=f" {' '.join(keys)} ",
            folded=folded,
            text=text,
            anchors=[part.anchor for part in parts] if any(part.anchor for part in parts) else [],
            grams=" ".join([*sorted(grams_of(folded)), *keys]),
        )

    def _facet_keys(self) -> list[str]:
        named = (("department", self.departments), ("person", self.people), ("topic", self.topics))
        return [facet_key(name, pk) for name, pks in named for pk in sorted(set(pks))]

    def _day_keys(self) -> list[str]:
        return keys_of_span(self.first_day, self.last_day or self.first_day) if self.first_day else []


def _printed(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.text.strip()]


def kind_key(kind: str) -> str:
    """The key of all records of a kind."""
    return f"{KEY}kind{kind}"


def facet_key(name: str, pk: int) -> str:
    """The key of a department, person or topic."""
    return f"{KEY}{name}{pk}"


@dataclass(frozen=True, slots=True)
class Watch:
    """A table whose changes concern records: ``ids`` is SQL for their numbers, ``{row}`` the row changed."""

    model: type[models.Model]
    ids: str


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of records: how they are composed, which there are, and what changes them."""

    kind: str
    compose: Callable[[Sequence[int]], Iterable[Document]]
    everything: Callable[[], models.QuerySet[models.Model]]
    watches: tuple[Watch, ...] = field(default=())
