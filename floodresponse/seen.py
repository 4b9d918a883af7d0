"""What a person saw when a form was opened goes with it, so that an old page does not undo a correction."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models

from foundation.errors import StateConflict

FIELD = "seen"
MOST_NAMED = 5


class StalePage(StateConflict):
    """Somebody changed the record after the page was opened; ``mark`` is that of what is stored now."""

    def __init__(self, message: str, mark: str) -> None:
        super().__init__(message)
        self.mark = mark


def mark_of(record: models.Model, names: Iterable[str]) -> str:
    """A short mark of the named fields as they are stored; another value gives another mark."""
    values = [[name, _stored(record, name)] for name in sorted(names)]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:32]


def carry_seen(form: forms.BaseForm, record: models.Model, names: Iterable[str]) -> None:
    """Put the mark of what is shown into the form; a form without one counts as an old page."""
    form.fields[FIELD] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    form.initial[FIELD] = mark_of(record, names)


def show_anew(form: forms.BaseForm, refusal: StalePage) -> None:
    """What was typed stays; the person now knows what is stored, and may send the form again."""
    form.add_error(None, refusal.message)
    sent: Any = form.data
    data = sent.copy()
    data[form.add_prefix(FIELD)] = refusal.mark
    form.data = data


def refuse_stale(stored: models.Model, typed: Mapping[str, Any], seen: str | None) -> None:
    """Raise StalePage when the locked record is not what the person saw; ``None`` saw no page.

    The sentence names what is stored now where it differs from what was typed.
    """
    mark = mark_of(stored, typed)
    if seen is None or seen == mark:
        return
    differing = [name for name, value in typed.items() if getattr(stored, name) != value]
    told = "、".join(_told(stored, name) for name in differing[:MOST_NAMED])
    more = f"等 {len(differing)} 项" if len(differing) > MOST_NAMED else ""
    now = f"与您所填不同的，现在是：{told}{more}。" if told else ""
    raise StalePage(
        f"您打开页面后，他人已修改这一条，没有保存您的改动。{now}您填写的内容还在，请核对后再保存。", mark
    )


def _stored(record: models.Model, name: str) -> str:
    field: Any = record._meta.get_field(name)
    return str(field.value_to_string(record))


def _told(record: models.Model, name: str) -> str:
    """Label and value in the words of the form."""
    field: Any = record._meta.get_field(name)
    value = getattr(record, name)
    if isinstance(value, bool):
        text = "是" if value else "否"
    elif field.choices:
        text = str(getattr(record, f"get_{name}_display")())
    else:
        text = "" if value is None else str(value)
    return f"{field.verbose_name}“{text}”" if text else f"{field.verbose_name}为空"
