"""When reports are due by their rhythm."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from taskboard.periodic.rhythm import HALF_MONTHLY, MONTHLY, WEEKLY, periods


def dues(rhythm: str, starts: date, ends: date | None, until: date) -> list[date]:
    return [period.due_on for period in periods(rhythm, starts, ends, until)]


def test_half_monthly_until_the_end_of_september_then_monthly() -> None:
    until = date(2022, 12, 31)
    before = dues(HALF_MONTHLY, date(2022, 8, 1), date(2022, 9, 30), until)
    assert before == [date(2022, 8, 15), date(2022, 8, 31), date(2022, 9, 15), date(2022, 9, 30)]
    after = dues(MONTHLY, date(2022, 10, 1), None, until)
    assert after == [date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31)]


def test_weekly_reports_fall_on_fridays() -> None:
    found = list(periods(WEEKLY, date(2023, 5, 8), None, date(2023, 5, 26)))
    assert [(period.start, period.end) for period in found] == [
        (date(2023, 5, 8), date(2023, 5, 12)),
        (date(2023, 5, 13), date(2023, 5, 19)),
        (date(2023, 5, 20), date(2023, 5, 26)),
    ]


@pytest.mark.parametrize(("day", "number"), [(14, 1), (15, 1), (16, 2)])
def test_a_period_opens_on_its_first_day(day: int, number: int) -> None:
    assert len(dues(HALF_MONTHLY, date(2023, 5, 1), None, date(2023, 5, day))) == number


def test_nothing_is_owed_before_the_rule_starts_or_after_it_ends() -> None:
    assert dues(MONTHLY, date(2023, 5, 2), None, date(2023, 5, 1)) == []
    assert dues(MONTHLY, date(2023, 5, 1), date(2023, 5, 31), date(2024, 1, 1)) == [date(2023, 5, 31)]


def test_a_rule_that_ends_within_a_period_cuts_it_short() -> None:
    last = list(periods(HALF_MONTHLY, date(2023, 5, 1), date(2023, 5, 20), date(2024, 1, 1)))[-1]
    assert (last.start, last.end) == (date(2023, 5, 16), date(2023, 5, 20))


def test_february_ends_on_its_own_last_day() -> None:
    assert dues(MONTHLY, date(2024, 2, 1), None, date(2024, 2, 1)) == [date(2024, 2, 29)]
    assert dues(HALF_MONTHLY, date(2023, 2, 16), None, date(2023, 2, 16)) == [date(2023, 2, 28)]


@pytest.mark.parametrize("rhythm", [WEEKLY, HALF_MONTHLY, MONTHLY])
def test_periods_of_a_year_touch_without_gap_or_overlap(rhythm: str) -> None:
    found = list(periods(rhythm, date(2022, 1, 1), date(2022, 12, 31), date(2023, 6, 1)))
    assert found[0].start == date(2022, 1, 1) and found[-1].end == date(2022, 12, 31)
    for first, second in pairwise(found):
        assert second.start == first.end + timedelta(days=1)
