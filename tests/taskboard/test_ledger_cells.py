"""Cells of a ledger by type, and the lists above and below the average."""

from decimal import Decimal
from fractions import Fraction

import pytest

from taskboard.ledgers.averages import split_by_average
from taskboard.ledgers.cells import LONGEST, LONGEST_NAME, Column, check_cells

NAME = Column("c1", "项目名称")
AREA = Column("c2", "面积", "number", "亩")
DAY = Column("c3", "批复时间", "date")
KIND = Column("c4", "类型", "choice", choices=("厂房", "空地"))
COLUMNS = (NAME, AREA, DAY, KIND)


@pytest.mark.parametrize(
    ("column", "typed", "stored"),
    [
        (AREA, "12", "12"),
        (AREA, " 12.50 ", "12.5"),
        (AREA, "1,234.5", "1234.5"),
        (AREA, "-0.0", "0"),
        (AREA, "0.000001", "0.000001"),
        (AREA, "999999999999", "999999999999"),
        (AREA, "100", "100"),
        (DAY, "2022-8-1", "2022-08-01"),
        (DAY, "2022年08月31日", "2022-08-31"),
        (DAY, "2022/2/28", "2022-02-28"),
        (KIND, "空地", "空地"),
        (NAME, "=1+1", "=1+1"),
    ],
)
def test_a_cell_is_kept_in_one_form(column: Column, typed: str, stored: str) -> None:
    checked = check_cells(COLUMNS, {"c1": "甲厂", column.key: typed})
    assert checked.errors == {}
    assert checked.values[column.key] == stored


@pytest.mark.parametrize(
    ("column", "typed", "sentence"),
    [
        (NAME, "  ", "请填写项目名称。"),
        (NAME, "长" * (LONGEST_NAME + 1), "项目名称最多 200 字，现在是 201 字。"),
        (AREA, "约12", "面积应为数值，现在是“约12”。"),
        (AREA, "NaN", "面积应为数值，现在是“NaN”。"),
        (AREA, "1e5", "面积应为数值，现在是“1e5”。"),
        (AREA, "1000000000000", "面积过大，请核对单位。"),
        (AREA, "0.0000001", "面积最多 6 位小数。"),
        (DAY, "2022-02-29", "批复时间没有这一天：“2022-02-29”。"),
        (DAY, "去年", "批复时间应为日期，如 2022-08-31，现在是“去年”。"),
        (KIND, "楼房", "类型应为厂房、空地之一，现在是“楼房”。"),
        (NAME, "甲\0厂", "项目名称含有不能保存的字符。"),
    ],
)
def test_a_cell_that_does_not_fit_is_explained(column: Column, typed: str, sentence: str) -> None:
    checked = check_cells(COLUMNS, {"c1": "甲厂", column.key: typed})
    assert checked.errors == {column.key: sentence}


def test_a_text_may_be_as_long_as_the_limit() -> None:
    note = Column("c9", "原因")
    assert not check_cells((NAME, note), {"c1": "甲" * LONGEST_NAME, "c9": "长" * LONGEST}).errors
    assert "c9" in check_cells((NAME, note), {"c1": "甲", "c9": "长" * (LONGEST + 1)}).errors


def test_empty_cells_are_left_out() -> None:
    assert check_cells(COLUMNS, {"c1": "甲厂", "c2": ""}).values == {"c1": "甲厂"}


def test_an_entry_at_the_average_stands_above() -> None:
    split = split_by_average([("甲", Decimal(1)), ("乙", Decimal(2)), ("丙", Decimal(3))])
    assert split is not None
    assert [name for name, _ in split.above] == ["丙", "乙"]
    assert [name for name, _ in split.below] == ["甲"]
    assert (split.shown, split.count) == (Decimal("2.0000"), 3)


def test_the_average_is_exact() -> None:
    """In binary fractions 0.1 three times is not 0.3, and one of three equal ones would fall below."""
    split = split_by_average([(name, Decimal("0.1")) for name in "甲乙丙"])
    assert split is not None and split.average == Fraction(1, 10) and not split.below
    thirds = split_by_average([("甲", Decimal(1)), ("乙", Decimal(0)), ("丙", Decimal(0))])
    assert thirds is not None and thirds.average == Fraction(1, 3)
    assert thirds.shown == Decimal("0.3333")


def test_a_column_without_values_has_no_average() -> None:
    assert split_by_average([]) is None
