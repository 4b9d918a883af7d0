"""A filled-in sheet of a list, checked line by line with the list's own form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from floodresponse.resources.registers import Column, Register
from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA

MOST_ROWS, MOST_COLUMNS, SHOWN_ERRORS = 2000, 30, 8
YES_OR_NO = {"是": "on", "在册": "on", "否": "", "不在册": ""}


@dataclass(frozen=True, slots=True)
class Read:
    """A line: the record it is about, new or stored, and what it says."""

    record: models.Model
    values: dict[str, Any]
    is_new: bool


def read_lines(
    register: Register, lines: Sequence[Sequence[str]], form: "type[forms.ModelForm[models.Model]]", user: Any
) -> list[Read]:
    """All lines of a sheet, or InvalidInput with every line that cannot be used."""
    if not lines or not any(lines):
        raise InvalidInput("表格是空的，请先下载导出的表格填写。")
    columns = register.columns
    places = _places(lines[0], columns)
    known = _known(register, user)
    read: list[Read] = []
    errors: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines[1:], start=2):
        cells = {
            c.name: line[p].strip() if p < len(line) else "" for c, p in zip(columns, places, strict=True)
        }
        if any(cells.values()):
            errors += _read_line(number, register, cells, form, known, seen, read)
    if errors:
        more = f"等共 {len(errors)} 处" if len(errors) > SHOWN_ERRORS else ""
        raise InvalidInput(f"没有写入任何内容。{'；'.join(errors[:SHOWN_ERRORS])}{more}。")
    if not read:
        raise InvalidInput("表格里没有内容，没有写入任何内容。")
    return read


def _places(heading: Sequence[str], columns: Sequence[Column]) -> list[int]:
    missing = [column.label for column in columns if column.label not in heading]
    if missing:
        raise InvalidInput(f"第一行缺少表头：{'、'.join(missing)}。请用导出的表格填写。")
    return [heading.index(column.label) for column in columns]


def _known(register: Register, user: Any) -> dict[tuple[str, ...], models.Model]:
    columns = [column for column in register.columns if column.name in register.identity]
    return {tuple(str(c.value(row)) for c in columns): row for row in register.rows(user)}


def _read_line(
    number: int,
    register: Register,
    cells: Mapping[str, str],
    form: "type[forms.ModelForm[models.Model]]",
    known: Mapping[tuple[str, ...], models.Model],
    seen: set[tuple[str, ...]],
    read: list[Read],
) -> list[str]:
    if FORMULA in cells.values():
        return [f"第 {number} 行有公式，请改为文字或数字"]
    columns = register.columns
    identity = tuple(cells[column.name] for column in columns if column.name in register.identity)
    if identity in seen:
        return [f"第 {number} 行与前面的行重复"]
    seen.add(identity)
    stored = known.get(identity)
    data, errors = _typed(columns, cells, form)
    filled = form(data, instance=stored or register.model())
    if not errors and filled.is_valid():
        read.append(Read(filled.instance, filled.cleaned_data, stored is None))
        return []
    labels = {column.name: column.label for column in columns}
    errors |= {name: str(said[0]) for name, said in filled.errors.items() if name not in errors}
    return [f"第 {number} 行{labels.get(name, '')}：{said.rstrip('。')}" for name, said in errors.items()]


def _typed(
    columns: Sequence[Column], cells: Mapping[str, str], form: "type[forms.ModelForm[models.Model]]"
) -> tuple[dict[str, Any], dict[str, str]]:
    """The cells as the form takes them: names become keys, words become choices."""
    data: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for column in columns:
        text, field = cells[column.name], form.base_fields[column.name]
        if isinstance(field, forms.BooleanField):
            data[column.name] = YES_OR_NO.get(text, "on")
        elif not text or not isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
            data[column.name] = text
        else:
            choices: Any = field.choices
            options = {str(label): key for key, label in choices}
            options |= {str(key): key for key, _ in choices}
            if text not in options:
                errors[column.name] = f"“{text}”不在可选范围内"
            data[column.name] = str(options.get(text, ""))
    return data, errors
