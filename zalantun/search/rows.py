"""What a search answers with, and what its kinds share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from organizations.visitors import Visitor
from zalantun.snippets import hits
from zalantun.words import Word


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
class Source:
    """How one kind is searched: what may be seen, what holds all words, and a row from each record."""

    visible: Callable[[Visitor], QuerySet[Any]]
    holding: Callable[[Any, Sequence[Word], Visitor], QuerySet[Any]]
    rows: Callable[[Sequence[Any], Sequence[str]], list[Row]]


def any_form(word: Word, holding: Callable[[str], Q]) -> Q:
    """Records that hold the word in any of its forms."""
    wanted = Q(pk__in=[])
    for form in word.forms:
        wanted |= holding(form)
    return wanted


def any_text(texts: Iterable[str], words: Sequence[str], default: str = "") -> str:
    """The first text that holds a word."""
    return next((text for text in texts if hits(text, words)), default)
