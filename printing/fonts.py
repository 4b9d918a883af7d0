"""What the installed fonts can print, and where the optional face for 仿宋 lies.

Glyphs are chosen one by one: Pango goes through the stack of the stylesheet and
then through every font that fontconfig knows. Only a character that none of
them has would come out as a box; it is set as 〓, the printer's mark for a
missing sort, before the text reaches Pango.
"""

import hashlib
import shutil
import subprocess
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

MISSING_SORT = "〓"
# Debian's texlive-lang-chinese keeps it where fontconfig does not look.
FANGSONG_FILES = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf"),
    Path("/usr/share/texmf/fonts/opentype/public/fandol/FandolFang-Regular.otf"),
    Path("/usr/share/fonts/opentype/fandol/FandolFang-Regular.otf"),
)
# These never show as a glyph of their own: joiners, marks, variation selectors.
INVISIBLE = frozenset({"Cf", "Mn", "Me", "Mc", "Zs", "Zl", "Zp"})
# Every Chinese font has them, so a text of nothing else is not looked at one by one.
ALWAYS_PRINTABLE = frozenset(map(chr, (*range(0x20, 0x7F), *range(0x3001, 0x3012), *range(0x4E00, 0x9FA6))))
LINE_SPACE = "\t\n\r"


@cache
def fangsong_file() -> Path | None:
    """The file of FandolFang; None where it is not installed."""
    return next((path for path in FANGSONG_FILES if path.is_file()), None)


@cache
def _listed_fonts() -> str:
    """All fonts with the characters they cover, as fontconfig lists them; empty without fontconfig."""
    program = shutil.which("fc-list")
    if not program:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [program, "--format", "%{file}|%{charset}\n"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return "\n".join(sorted(done.stdout.splitlines()))


@cache
def signature() -> str:
    """Changes when fonts are added or removed: what was set before is then set again."""
    listed = f"{fangsong_file()}\n{_listed_fonts()}"
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


@cache
def _covered() -> tuple[list[int], list[int]]:
    """First and last code points of the runs that some font covers, merged and in order."""
    runs = sorted(
        {_run(word) for line in _listed_fonts().splitlines() for word in line.split("|")[-1].split()}
    )
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in runs:
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
            continue
        firsts.append(first)
        lasts.append(last)
    return firsts, lasts


def _run(word: str) -> tuple[int, int]:
    first, _, last = word.partition("-")
    return int(first, 16), int(last or first, 16)


@cache
def is_printable(character: str) -> bool:
    """Whether some installed font has a glyph for the character, or it needs none."""
    if character in LINE_SPACE or unicodedata.category(character) in INVISIBLE:
        return True
    if unicodedata.category(character) == "Co":
        return False  # a private character means whatever the font has there
    firsts, lasts = _covered()
    if not firsts:
        return True  # nothing is known of the fonts: let Pango try
    at = bisect_right(firsts, ord(character)) - 1
    return at >= 0 and ord(character) <= lasts[at]


def printable(text: str) -> str:
    """The text with every character that no font has set as 〓; control characters are dropped."""
    rare = set(text) - ALWAYS_PRINTABLE
    control = {c for c in rare if unicodedata.category(c) == "Cc" and c not in LINE_SPACE}
    missing = {c for c in rare - control if not is_printable(c)}
    if not control and not missing:
        return text
    return text.translate(
        {**dict.fromkeys(map(ord, control)), **dict.fromkeys(map(ord, missing), MISSING_SORT)}
    )
