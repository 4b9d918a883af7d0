"""Lists of supervision as tables: filtered, sorted, page by page, and the same cells as a workbook."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.workbooks import CONTENT_TYPE, workbook_of
from taskboard.supervision.lights import Mark

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Head:
    """A column; ``key`` is its name in ``sort``, empty where it does not sort."""

    label: str
    key: str = ""

    @property
    def down(self) -> str:
        """The falling order."""
        return f"-{self.key}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column: words with a place to go to, a light, a day or a number."""

    text: str = ""
    url: str = ""
    small: str = ""
    mark: Mark | None = None
    day: date | None = None
    number: int | None = None
    label: str = ""

    @property
    def plain(self) -> str | date | Decimal:
        """For a workbook."""
        if self.day is not None:
            return self.day
        if self.number is not None:
            return Decimal(self.number)
        return self.mark.text if self.mark else self.text


@dataclass(frozen=True, slots=True)
class Spec:
    """What a list is: its columns, orders, the cells of a record, and its words.

    ``key`` is the number in its address, where it belongs to one record.
    """

    title: str
    name: str
    heads: Sequence[Head]
    # By the key of a column the fields that it sorts by, rising.
    orders: Mapping[str, Sequence[str]]
    line: Callable[[Any, date], Sequence[Cell]]
    empty: str
    unit: str = "项"
    key: int | None = None
    # The day as of which it is seen; today where there is none.
    day: date | None = None
    template: str = "taskboard/supervision/list.html"
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it stands."""
        return reverse(self.name, args=[] if self.key is None else [self.key])

    @property
    def xlsx(self) -> str:
        """Where its workbook stands."""
        return reverse(f"{self.name}_xlsx", args=[] if self.key is None else [self.key])


Rows = QuerySet[Any] | Sequence[Any]


def table_page(
    request: HttpRequest, spec: Spec, rows: Rows, form: forms.Form, **context: Any
) -> HttpResponse:
    """One page of the rows that passed the filters."""
    today = spec.day or timezone.localdate()
    order, sorted_rows = _sorted(request, spec, rows)
    page = Paginator(sorted_rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = {
        "spec": spec,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": order,
        "page": page,
        "lines": [_labelled(spec, record, today) for record in page.object_list],
        "today": today,
        **spec.context,
        **context,
    }
    return render(request, spec.template, shown)


def _labelled(spec: Spec, record: Any, today: date) -> list[Cell]:
    """The cells of a record, each with the word of its column, for narrow screens."""
    cells = spec.line(record, today)
    return [replace(cell, label=head.label) for head, cell in zip(spec.heads, cells, strict=True)]


def table_workbook(request: HttpRequest, spec: Spec, rows: Rows) -> HttpResponse:
    """All the rows that passed the filters, in the order asked for."""
    today = spec.day or timezone.localdate()
    _, sorted_rows = _sorted(request, spec, rows)
    lines = _plain(spec, sorted_rows, today)
    content = workbook_of(spec.title, [head.label for head in spec.heads], lines)
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    plain = f"{spec.name.rpartition(':')[2]}-{today}.xlsx"
    named = quote(f"{spec.title}-{today}.xlsx")
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{named}"
    return response


def _plain(spec: Spec, rows: Rows, today: date) -> Iterable[list[str | date | Decimal]]:
    for record in rows:
        yield [cell.plain for cell in spec.line(record, today)]


def _sorted(request: HttpRequest, spec: Spec, rows: Rows) -> tuple[str, Rows]:
    """The order that was asked for and is known; else the order of the rows as they came."""
    asked = request.GET.get("sort", "")
    fields = spec.orders.get(asked.removeprefix("-"))
    if not fields:
        return "", rows
    falling = asked.startswith("-")
    if isinstance(rows, QuerySet):
        sign = "-" if falling else ""
        return asked, rows.order_by(*(f"{sign}{name}" for name in fields), "pk")
    # What was worked out here is sorted here; rows without a value stand last either way.
    known: list[Any] = []
    unknown: list[Any] = []
    for row in rows:
        (unknown if getattr(row, fields[0]) in (None, "") else known).append(row)
    known.sort(key=lambda row: tuple(getattr(row, name) for name in fields), reverse=falling)
    return asked, [*known, *unknown]


def of_words(names: Iterable[str]) -> str:
    """Names in one cell."""
    return "、".join(names)
