"""What a person saw when a form was opened goes with it, so that an old page does not undo a correction."""

import hashlib
import json
from typing import Any

from django import forms

from foundation.errors import StateConflict

FIELD = "seen"
LENGTH = 32


class StalePage(StateConflict):
    """Somebody changed the record after the page was opened; ``mark`` is that of what is stored now."""

    def __init__(self, message: str, mark: str) -> None:
        super().__init__(message)
        self.mark = mark


def mark_of(said: Any) -> str:
    """A short mark of what was shown, given as values that JSON can write; another value, another mark."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:LENGTH]


def carry_mark(form: forms.BaseForm, mark: str) -> None:
    """Put the mark of what is shown into the form; a form that comes back without one is an old page."""
    form.fields[FIELD] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    form.initial[FIELD] = mark


def show_anew(form: forms.BaseForm, refusal: StalePage) -> None:
    """What was typed stays; the person now knows what is stored, and may send the form again."""
    form.add_error(None, refusal.message)
    sent: Any = form.data
    data = sent.copy()
    data[form.add_prefix(FIELD)] = refusal.mark
    form.data = data
