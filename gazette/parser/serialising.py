"""A gazette as plain JSON values."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from gazette.parser.records import Gazette

LISTS = ("events", "directives", "tasks", "flood_plans", "warnings", "headings", "furniture")


def to_json(gazette: Gazette) -> dict[str, list[Any]]:
    """The object that the dry run prints: a list for each kind of record, dates in ISO form."""
    return {name: [plain_value(record) for record in getattr(gazette, name)] for name in LISTS}


def plain_value(value: Any) -> Any:
    """A record, or a value in one, as JSON knows it."""
    if is_dataclass(value):
        return {field.name: plain_value(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain_value(item) for item in value]
    return value
