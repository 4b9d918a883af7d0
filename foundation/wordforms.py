"""The forms in which a word may be printed: pure."""

import re
import unicodedata

BRACKETS = ("〔〕", "[]", "()", "（）", "【】", "［］")
OPENING, CLOSING = ("".join(pair[side] for pair in BRACKETS) for side in (0, 1))
# Ⅲ级 and III级 alike when no other letter touches them.
NUMERALS = {"IV": "Ⅳ", "III": "Ⅲ", "II": "Ⅱ", "I": "Ⅰ"}
NUMERAL_LETTERS = re.compile(r"(?<![A-Za-z])(IV|III|II|I)(?![A-Za-z])", re.IGNORECASE)


def forms_of(word: str) -> tuple[str, ...]:
    """The word itself, with narrow letters and figures, in every form of its brackets and Roman numerals."""
    narrow = unicodedata.normalize("NFKC", word)
    numerals = NUMERAL_LETTERS.sub(lambda letters: NUMERALS[letters[0].upper()], narrow)
    forms = dict.fromkeys((word, narrow, numerals))
    for form in tuple(forms):
        for pair in BRACKETS:
            forms[form.translate(_brackets_to(pair))] = None
    return tuple(forms)


def _brackets_to(pair: str) -> dict[int, str]:
    return {ord(mark): pair[side] for side, marks in enumerate((OPENING, CLOSING)) for mark in marks}
