"""Texts as they are compared, and the grams by which the index finds them: pure.

Letters of either case, wide and narrow figures and all forms of brackets are
one. Each character is folded by itself, so what a text holds is still held by
the folded text: nothing that a plain scan finds is lost.
"""

import re
import unicodedata
from itertools import pairwise

BRACKETS = ("〔〕", "[]", "()", "（）", "【】", "［］")
BARE_BRACKETS = str.maketrans("".join(BRACKETS), "()" * len(BRACKETS))
PRINTED_BRACKETS = [str.maketrans("()", pair) for pair in BRACKETS]
# A Ⅲ is no III: a scan for Ⅰ must not find Ⅱ. They meet as two forms of a word.
NUMERAL_SIGNS = range(0x2160, 0x2180)
NUMERALS = {"IV": "Ⅳ", "III": "Ⅲ", "II": "Ⅱ", "I": "Ⅰ"}
NUMERAL_LETTERS = re.compile(r"(?<![A-Za-z])(IV|III|II|I)(?![A-Za-z])", re.IGNORECASE)
# All other characters are one in a gram: the text itself is looked at afterwards.
OTHER = "_"


class _Folded(dict[int, str]):
    """What each character becomes, found when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_character(chr(point))
        return folded


class _Grammed(dict[int, str]):
    """What each folded character is in a gram."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        plain = character.isascii() and character.isalnum()
        chinese = 0x4E00 <= point <= 0x9FA5 or 0x3400 <= point <= 0x4DB5
        self[point] = kept = character if plain or chinese or character.isspace() else OTHER
        return kept


def _fold_character(character: str) -> str:
    for pair in BRACKETS:
        if character in pair:
            return "()"[pair.index(character)]
    if ord(character) in NUMERAL_SIGNS:
        return character.upper()
    return unicodedata.normalize("NFKC", character).casefold()


_FOLDED, _GRAMMED = _Folded(), _Grammed()


def fold(text: str) -> str:
    """The text as it is compared."""
    return text.translate(_FOLDED)


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters which one of the text it came from."""
    parts = [_FOLDED[ord(character)] for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def forms_of(word: str) -> tuple[str, ...]:
    """A word, folded, as it may be printed: with Roman numerals as letters and as signs."""
    narrow = unicodedata.normalize("NFKC", word)
    signs = NUMERAL_LETTERS.sub(lambda letters: NUMERALS[letters[0].upper()], narrow)
    return tuple(dict.fromkeys(fold(form) for form in (word, narrow, signs)))


def printed_forms_of(word: str) -> tuple[str, ...]:
    """A word as it may stand in a text that is not folded: as typed, narrow, with each form of brackets."""
    narrow = unicodedata.normalize("NFKC", word)
    bare = narrow.translate(BARE_BRACKETS)
    return tuple(dict.fromkeys([word, narrow, *(bare.translate(pair) for pair in PRINTED_BRACKETS)]))


def grams_of(folded: str) -> set[str]:
    """Every two neighbours of each run without spaces, and the last character of each."""
    grams: set[str] = set()
    for run in folded.translate(_GRAMMED).split():
        grams.update(first + second for first, second in pairwise(run))
        grams.add(run[-1])
    return grams


def asked_grams(form: str) -> tuple[list[str], bool]:
    """The grams of a word's form, and whether they are beginnings of grams: of a single character."""
    runs = form.translate(_GRAMMED).split()
    grams = {first + second for run in runs for first, second in pairwise(run)}
    return (sorted(grams), False) if grams else ([run[0] for run in runs], True)
