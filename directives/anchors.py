"""Anchors of sections: the fragment of a section's address stays with it when the text is corrected; pure.

A document gets its anchors from the places of its sections (``s4-2-1``, in the first annex ``a1-s2``).
Once it was public, a section keeps the anchor it has, wherever it moves, and the anchor of a section that
was taken out leads to the one before it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Kept:
    """A section as it was, with its anchor."""

    annex: int
    depth: int
    number: str
    heading: str
    text: str
    anchor: str


def places_of(sections: Sequence[Any]) -> list[str]:
    """Anchors by count alone; sections tell ``depth`` and ``annex``."""
    anchors, places, annex = [], [0, 0, 0, 0], 0
    for section in sections:
        if section.annex != annex:
            places, annex = [0, 0, 0, 0], section.annex
        depth = min(max(section.depth, 1), 4)
        places[depth - 1] += 1
        places[depth:] = [0] * (4 - depth)
        prefix = f"a{annex}-" if annex else ""
        anchors.append(f"{prefix}s" + "-".join(str(place) for place in places[:depth]))
    return anchors


def kept_anchors(
    before: Sequence[Kept], after: Sequence[Any], moved: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The anchors of the sections as they are now, and where anchors that are gone lead.

    ``moved`` is what led elsewhere already. A section that came new takes no anchor that ever meant another.
    """
    partners = _partners(before, after)
    taken = {kept.anchor for kept in before} | set(moved)
    anchors = []
    for section, place in zip(range(len(after)), places_of(after), strict=True):
        partner = partners.get(section)
        anchor = before[partner].anchor if partner is not None else _free(place, taken)
        taken.add(anchor)
        anchors.append(anchor)
    return anchors, _aliases(before, anchors, moved)


def _free(place: str, taken: set[str]) -> str:
    names = (place, *(f"{place}-n{count}" for count in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _partners(before: Sequence[Kept], after: Sequence[Any]) -> dict[int, int]:
    """Which old section each new one is: first by the same words, then by the same place and like words."""
    left = dict(enumerate(before))
    partners: dict[int, int] = {}
    tests: tuple[Callable[[Kept, Any], bool], ...] = (
        lambda old, new: _words(old) == _words(new) and _place(old) == _place(new),
        lambda old, new: _words(old) == _words(new),
        lambda old, new: bool(old.heading) and old.heading == new.heading and old.depth == new.depth,
        lambda old, new: _place(old) == _place(new) and _alike(old, new),
        lambda old, new: old.depth == new.depth and _alike(old, new),
    )
    for fits in tests:
        for place, new in enumerate(after):
            if place in partners:
                continue
            found = next((old for old, kept in left.items() if fits(kept, new)), None)
            if found is not None:
                partners[place] = found
                del left[found]
    return partners


def _words(section: Any) -> tuple[str, str]:
    return section.heading, section.text


def _place(section: Any) -> tuple[int, int, str]:
    return section.annex, section.depth, section.number


def _alike(old: Any, new: Any) -> bool:
    matcher = SequenceMatcher(None, "".join(_words(old)), "".join(_words(new)), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _aliases(before: Sequence[Kept], anchors: Sequence[str], moved: Mapping[str, str]) -> dict[str, str]:
    standing = set(anchors)
    leads: dict[str, str] = {}
    last = anchors[0] if anchors else ""
    for kept in before:
        if kept.anchor in standing:
            last = kept.anchor
        else:
            leads[kept.anchor] = last
    for gone, target in moved.items():
        if gone not in standing:
            leads[gone] = target if target in standing else leads.get(target, last)
    return leads
