"""Which stored record an incoming one is: a pure pairing of two lists.

A corrected edition may reword, move or renumber a record, so pairing goes from
the surest sign to the weakest, and only records of the same place compete for
the weak ones.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

SURE = 0.85
LIKELY = 0.55


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record as the pairing sees it.

    ``place`` groups records that may stand for each other (a date, a
    subsection); ``order`` is the printed position within the place.
    ``is_printed``: a gazette has said so; what a person entered is no gazette's
    position, so it stands for an entry by its words alone.
    """

    place: Hashable
    order: Hashable
    text: str
    is_printed: bool = True


Faces = tuple[Candidate, ...]


def pair(stored: Sequence[Faces], incoming: Sequence[Candidate]) -> dict[int, int]:
    """Index of the stored record for each incoming one that has one.

    A stored record has one or two faces: what a gazette last said of it, and
    what a person has made of it since.
    """
    pairing = _Pairing(stored, incoming)
    pairing.by_equal_text(same_place=True)
    pairing.by_similarity(LIKELY, same_place=True)
    pairing.by_order_where_text_is_missing()
    pairing.by_equal_text(same_place=False)
    pairing.by_similarity(SURE, same_place=False)
    pairing.by_order()
    return pairing.found


class _Pairing:
    def __init__(self, stored: Sequence[Faces], incoming: Sequence[Candidate]) -> None:
        self.stored, self.incoming = stored, incoming
        self.found: dict[int, int] = {}
        self.free = set(range(len(stored)))

    def _open(self) -> Iterator[int]:
        return (n for n in range(len(self.incoming)) if n not in self.found)

    def _faces(self) -> list[tuple[int, Candidate]]:
        return [(old, face) for old in sorted(self.free) for face in self.stored[old]]

    def _take(self, new: int, old: int) -> None:
        self.found[new] = old
        self.free.discard(old)

    def by_equal_text(self, *, same_place: bool) -> None:
        known: dict[tuple[Hashable, str], list[int]] = defaultdict(list)
        for old, face in reversed(self._faces()):
            if face.text:
                known[(face.place if same_place else None, face.text)].append(old)
        for new in list(self._open()):
            candidate = self.incoming[new]
            rest = known[(candidate.place if same_place else None, candidate.text)]
            while rest and new not in self.found:
                if (old := rest.pop()) in self.free:
                    self._take(new, old)

    def by_similarity(self, limit: float, *, same_place: bool) -> None:
        scored = sorted(self._scores(limit, same_place), reverse=True)
        for _score, new, old in scored:
            if new not in self.found and old in self.free:
                self._take(new, old)

    def _scores(self, limit: float, same_place: bool) -> Iterator[tuple[float, int, int]]:
        groups: dict[Hashable, list[tuple[int, str]]] = defaultdict(list)
        for old, face in self._faces():
            groups[face.place if same_place else None].append((old, face.text))
        for new in self._open():
            candidate = self.incoming[new]
            for old, text in groups[candidate.place if same_place else None]:
                score = similarity(candidate.text, text)
                if score >= limit:
                    yield score, new, old

    def by_order_where_text_is_missing(self) -> None:
        self._by_order((old, face) for old, face in self._faces() if not face.text)

    def by_order(self) -> None:
        self._by_order((old, face) for old, face in self._faces() if face.is_printed)

    def _by_order(self, allowed: Iterable[tuple[int, Candidate]]) -> None:
        known = {(face.place, face.order): old for old, face in allowed}
        for new in list(self._open()):
            candidate = self.incoming[new]
            old = known.pop((candidate.place, candidate.order), None)
            if old is not None and old in self.free:
                self._take(new, old)


def similarity(one: str, other: str) -> float:
    """Dice coefficient of the bigrams of two texts, 0 to 1."""
    if not one or not other:
        return 0.0
    left, right = _bigrams(one), _bigrams(other)
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else float(one == other)


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))
