"""Marks of records in forms: of named fields as they are stored (``foundation.seen``)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db import models

from foundation import seen as shown
from foundation.seen import FIELD, StalePage, show_anew

__all__ = ["FIELD", "StalePage", "carry_seen", "mark_of", "refuse_stale", "show_anew"]

MOST_NAMED = 5


def mark_of(record: models.Model, names: Iterable[str]) -> str:
    """A short mark of the named fields as they are stored; another value gives another mark."""
    return shown.mark_of([[name, _stored(record, name)] for name in sorted(names)])


def carry_seen(form: forms.BaseForm, record: models.Model, names: Iterable[str]) -> None:
    """Put the mark of what is shown into the form; a form without one counts as an old page."""
    shown.carry_mark(form, mark_of(record, names))


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
