"""Workbooks read back as text: days as days, moments with their time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from foundation.errors import InvalidInput
from foundation.workbooks import FORMULA, table_from, workbook_of, workbook_stream

moment = datetime.fromisoformat


def sheet(*rows: list[Any]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows: list[Any]) -> list[list[str]]:
    return table_from(sheet(*rows), most_rows=2000, most_columns=len(rows[0]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2023, 5, 8), "2023-05-08"),
        (moment("2023-05-08"), "2023-05-08"),
        (moment("2023-05-08 00:00:01"), "2023-05-08 00:00:01"),
        (moment("2023-05-08 14:05"), "2023-05-08 14:05:00"),
        (moment("2023-05-08 23:59:59"), "2023-05-08 23:59:59"),
        (time(14, 5), "14:05:00"),
        (5, "5"),
        (5.0, "5"),
        (0.1, "0.1"),
        (" 站 ", "站"),
        ("=1+1", FORMULA),
        (True, "True"),
    ],
)
def test_every_kind_of_cell_as_text(value: Any, text: str) -> None:
    assert read([value, "x"]) == [[text, "x"]]


def test_every_minute_survives_the_fraction_of_a_day_it_is_stored_as() -> None:
    minutes = [moment("2023-05-08 00:01") + timedelta(minutes=n) for n in range(24 * 60 - 1)]
    assert read(*([minute] for minute in minutes)) == [[f"{minute:%Y-%m-%d %H:%M}:00"] for minute in minutes]


def test_blank_lines_stay_and_those_at_the_end_go() -> None:
    assert read(["a"], [None], ["b"], [None]) == [["a"], [], ["b"]]


def test_a_control_character_does_not_cost_the_table() -> None:
    written = workbook_of("表", ["栏"], [["抢险\x0b一队"]])
    assert table_from(written, most_rows=9, most_columns=1) == [["栏"], ["抢险\N{REPLACEMENT CHARACTER}一队"]]


def test_what_was_written_comes_back() -> None:
    written = workbook_of("表", ["站", "量", "日"], [["甲", Decimal("1.5"), date(2023, 5, 8)]])
    assert table_from(written, most_rows=9, most_columns=3) == [
        ["站", "量", "日"],
        ["甲", "1.5", "2023-05-08"],
    ]


def test_too_many_rows_and_no_workbook_are_sentences() -> None:
    with pytest.raises(InvalidInput, match="超过 2 行"):
        table_from(sheet(["a"], ["b"], ["c"]), most_rows=2, most_columns=1)
    with pytest.raises(InvalidInput, match="不能读取"):
        table_from(b"PK", most_rows=2, most_columns=1)


def test_a_package_without_its_book_is_a_sentence() -> None:
    """A bit turned over in the list of parts: the package is sound and holds no workbook."""
    made = BytesIO()
    with ZipFile(BytesIO(sheet(["a"]))) as given, ZipFile(made, "w") as written:
        for name in given.namelist():
            written.writestr(name, given.read(name).replace(b"sheet.main+xml", b"sheet.mbin+xml"))
    with pytest.raises(InvalidInput, match="不能读取"):
        table_from(made.getvalue(), most_rows=2, most_columns=1)


def test_a_long_table_leaves_before_its_last_row_was_read() -> None:
    read_so_far = []

    def rows() -> Iterator[list[str]]:
        for n in range(3000):
            read_so_far.append(n)
            yield [f"第{n}项", "=1+1"]

    parts = workbook_stream("表", ["栏", "算式"], rows())
    first = next(parts)
    assert first.startswith(b"PK") and len(read_so_far) < 1000
    whole = load_workbook(BytesIO(first + b"".join(parts))).worksheets[0]
    assert whole.max_row == 3001 and whole.freeze_panes == "A2"
    last, typed = whole["A3001"], whole["B3001"]
    assert (last.value, typed.value, typed.data_type, typed.quotePrefix) == ("第2999项", "=1+1", "s", True)


def test_days_moments_and_numbers_are_those_of_the_program() -> None:
    half_past_nine = moment("2022-08-31 09:30")
    values: list[Any] = [date(2022, 8, 31), half_past_nine, Decimal("5700.50"), 136, ""]
    sheet = load_workbook(BytesIO(workbook_of("表", ["a", "b", "c", "d", "e"], [values]))).worksheets[0]
    cells = [cell.value for cell in sheet[2]]
    assert cells == [moment("2022-08-31"), half_past_nine, 5700.5, 136, None]
    assert sheet["A2"].is_date and sheet["A1"].font.bold


@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_is_replaced(bad: str) -> None:
    sheet = load_workbook(BytesIO(workbook_of(f"表{bad}", ["<栏&>"], [[f"a{bad}b"]]))).worksheets[0]
    assert (sheet["A1"].value, sheet["A2"].value) == ("<栏&>", "a\N{REPLACEMENT CHARACTER}b")
