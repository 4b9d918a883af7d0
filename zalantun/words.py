"""The words of a query in the forms in which they may be printed: pure."""

from collections.abc import Sequence
from dataclasses import replace

from foundation.wordforms import forms_of
from search import words as folded
from search.words import MAX_LENGTH, Days, Word, days_of, left_out

__all__ = ["MAX_LENGTH", "Days", "Word", "days_of", "forms", "left_out", "words_of"]


def words_of(query: str) -> list[Word]:
    """The first words of a query, with the forms that stand in texts; the index folds them otherwise."""
    return [replace(word, forms=forms_of(word.typed)) for word in folded.words_of(query)]


def forms(words: Sequence[Word]) -> list[str]:
    """Every form of every word, for marking them in a text."""
    return [form for word in words for form in word.forms]
