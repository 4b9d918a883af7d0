"""Passages around what was searched for, with the words marked: pure and safe."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.folding import fold, fold_with_places

BEFORE, LENGTH = 36, 120


def held_by(text: str, words: Sequence[str]) -> int:
    """How many of the words, in the form in which they are compared, stand in the text."""
    folded = fold(text)
    return sum(word in folded for word in words)


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand, first to last, without overlaps; letters, figures and brackets as compared."""
    folded, places = fold_with_places(text)
    found = sorted(
        (places[start], places[start + len(word) - 1] + 1)
        for word in {word for word in words if word}
        for start in _places(folded, word)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(text: str, word: str) -> list[int]:
    places = []
    at = text.find(word)
    while at >= 0:
        places.append(at)
        at = text.find(word, at + 1)
    return places


def highlighted(text: str, words: Sequence[str]) -> SafeString:
    """The whole text with the words marked."""
    parts, end = [], 0
    for start, stop in hits(text, words):
        parts += [escape(text[end:start]), "<mark>", escape(text[start:stop]), "</mark>"]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))


def passage(text: str, words: Sequence[str]) -> SafeString:
    """The part of the text around its first hit, with the words marked; its beginning without one."""
    return highlighted(excerpt(text, words), words)


def excerpt(text: str, words: Sequence[str]) -> str:
    """The same without marks."""
    found = hits(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    before, after = "…" if start else "", "…" if start + LENGTH < len(text) else ""
    return before + text[start : start + LENGTH] + after
