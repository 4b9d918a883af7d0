"""Names and titles inside a text turned into links: pure, safe, in printed order.

A text is split into runs; a run that is a known name carries its mark. Where
marks overlap, the one that starts first wins, and of those the longest.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

NAME, TITLE, WORDS = "name", "title", "words"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word to look for.

    ``url`` makes it a link, ``note`` stands framed behind it (未收录, 原文如此…),
    ``kind`` is a person's or body's name, the title of a document, or plain words.
    """

    word: str
    url: str = ""
    note: str = ""
    kind: str = NAME


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of the text; with ``mark`` it is one of the words."""

    text: str
    mark: Mark | None = None


def split_runs(text: str, marks: Iterable[Mark]) -> list[Run]:
    """The text in runs; joined again they are the text, character for character."""
    runs: list[Run] = []
    end = 0
    for start, mark in _chosen(text, marks):
        if start > end:
            runs.append(Run(text[end:start]))
        end = start + len(mark.word)
        runs.append(Run(text[start:end], mark))
    if end < len(text):
        runs.append(Run(text[end:]))
    return runs


def _chosen(text: str, marks: Iterable[Mark]) -> list[tuple[int, Mark]]:
    """Where which mark stands, without overlaps."""
    found = [(place, mark) for mark in marks for place in _places(text, mark.word)]
    found.sort(key=lambda hit: (hit[0], -len(hit[1].word)))
    chosen: list[tuple[int, Mark]] = []
    end = 0
    for start, mark in found:
        if start >= end:
            chosen.append((start, mark))
            end = start + len(mark.word)
    return chosen


def _places(text: str, word: str) -> list[int]:
    places: list[int] = []
    at = text.find(word) if word else -1
    while at >= 0:
        places.append(at)
        at = text.find(word, at + len(word))
    return places


def html_of(text: str, marks: Iterable[Mark]) -> SafeString:
    """The text as markup; everything that came from outside is escaped."""
    return mark_safe("".join(_html(run) for run in split_runs(text, marks)))


def _html(run: Run) -> str:
    text, mark = escape(run.text), run.mark
    if mark is None:
        return text
    note = f'<span class="absent">{escape(mark.note)}</span>' if mark.note else ""
    if mark.url:
        css = "name-link" if mark.kind == NAME else "title-link"
        return f'<a class="{css}" href="{escape(mark.url)}">{text}</a>{note}'
    return f'<span class="marked">{text}</span>{note}'
