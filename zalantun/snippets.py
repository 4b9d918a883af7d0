"""Passages around what was searched for, with the words marked: pure and safe."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BEFORE, LENGTH = 36, 120


def hits(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand, first to last, without overlaps; letters of either case."""
    lower = text.lower()
    # A few letters change their length in lower case; then only exact case is found.
    lower = lower if len(lower) == len(text) else text
    found = sorted(
        (place, place + len(word))
        for word in {word.lower() for word in words if word}
        for place in _places(lower, word)
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
    found = hits(text, words)
    start = max(found[0][0] - BEFORE, 0) if found else 0
    cut = text[start : start + LENGTH]
    before, after = "…" if start else "", "…" if start + LENGTH < len(text) else ""
    return mark_safe(before + highlighted(cut, words) + after)
