"""Words to look for in the text of a document: titles that it cites, misprints that have a notice; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from directives.models import Citation, DirectiveCorrection


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; with ``citation`` it is a title that the text refers to, with ``note`` a misprint."""

    text: str
    citation: Citation | None = None
    note: str = ""


@dataclass(slots=True)
class Misprints:
    """The misprints of a document that have a signed notice, wherever they stand in it."""

    notices: Sequence[DirectiveCorrection] = ()
    _notes: dict[str, str] = field(init=False)
    _found: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        self._notes = {notice.printed: misprint_note(notice) for notice in self.notices}
        self._found = one_of(self._notes)

    def pieces(self, text: str) -> list[Piece]:
        """A run of text with its misprints marked."""
        # split() with one group gives text and misprint in turn.
        runs = self._found.split(text) if self._found else [text]
        return [Piece(run, note=self._notes[run] if n % 2 else "") for n, run in enumerate(runs) if run]


def citation_pattern(titles: Iterable[str]) -> re.Pattern[str] | None:
    """Finds 《title》 of any of the titles, the longest first; None without titles."""
    found = one_of(titles)
    return re.compile(f"《{found.pattern}》") if found else None


def one_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of the words, the longest first; None without words."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("(" + "|".join(map(re.escape, longest_first)) + ")") if longest_first else None


def misprint_note(notice: DirectiveCorrection) -> str:
    """What stands behind misprinted words."""
    return f"原文如此，应为{notice.corrected}" if notice.corrected else f"原文如此，{notice.note}"
