"""Words to look for in the text of a document: titles that it cites, misprints that have a notice; pure."""

import re
from collections.abc import Iterable

from directives.models import DirectiveCorrection


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
