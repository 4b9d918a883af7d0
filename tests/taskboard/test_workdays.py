"""Working days from a trigger, checked against the State Council's calendar of 2022 and 2026 by hand."""

from datetime import date, timedelta

import pytest

from foundation.errors import InvalidInput
from taskboard.duedates import in_a_sentence, reckon_trigger
from taskboard.workdays import Mark, OutsideCalendar, WorkCalendar, count_workdays

HOLIDAYS = {date(2022, 10, day): Mark(False, "国庆节") for day in range(1, 8)} | {
    date(2022, 10, 8): Mark(True, "国庆节补班"),
    date(2022, 10, 9): Mark(True, "国庆节补班"),
}
CALENDAR = WorkCalendar(frozenset({2022}), HOLIDAYS)
CLAUSE = "自收到之日起5个工作日内"


@pytest.mark.parametrize(
    ("trigger", "days", "due"),
    [
        # Monday: the day of receipt is not counted.
        (date(2022, 8, 1), 1, date(2022, 8, 2)),
        (date(2022, 8, 1), 4, date(2022, 8, 5)),
        # The weekend is left out.
        (date(2022, 8, 1), 5, date(2022, 8, 8)),
        # Received on a Saturday: counted from Monday.
        (date(2022, 8, 6), 1, date(2022, 8, 8)),
        (date(2022, 8, 1), 7, date(2022, 8, 10)),
        # Seven days of holiday, then a weekend that is made up.
        (date(2022, 9, 28), 2, date(2022, 9, 30)),
        (date(2022, 9, 28), 3, date(2022, 10, 8)),
        (date(2022, 9, 28), 5, date(2022, 10, 10)),
        (date(2022, 9, 28), 7, date(2022, 10, 12)),
    ],
)
def test_the_day_of_receipt_weekends_and_holidays_are_left_out(trigger: date, days: int, due: date) -> None:
    assert count_workdays(trigger, days, CALENDAR).due == due


def test_a_day_that_the_calendar_does_not_know_is_refused_and_never_guessed() -> None:
    last = count_workdays(date(2022, 12, 23), 5, CALENDAR)
    assert last.due == date(2022, 12, 30)
    with pytest.raises(OutsideCalendar, match=r"没有 2023 年的放假安排.*到 2022 年"):
        count_workdays(date(2022, 12, 23), 6, CALENDAR)
    with pytest.raises(OutsideCalendar, match="2021"):
        count_workdays(date(2021, 12, 31), 1, CALENDAR)
    with pytest.raises(OutsideCalendar, match="还是空的"):
        count_workdays(date(2022, 1, 4), 1, WorkCalendar(frozenset(), {}))


@pytest.mark.parametrize(("days", "right"), [(0, False), (1, True), (100, True), (1000, True), (1001, False)])
def test_the_number_of_days_has_bounds(days: int, right: bool) -> None:
    calendar = WorkCalendar(frozenset(range(2022, 2030)), {})
    if right:
        assert count_workdays(date(2022, 8, 1), days, calendar).days == days
    else:
        with pytest.raises(InvalidInput, match="1 到 1000"):
            count_workdays(date(2022, 8, 1), days, calendar)


def test_the_calendar_reaches_to_the_year_before_the_first_gap() -> None:
    assert WorkCalendar(frozenset({2025, 2026, 2028}), {}).last_year == 2026
    assert WorkCalendar(frozenset(), {}).last_year is None


def test_the_reckoning_names_the_clause_and_every_day_left_out() -> None:
    count = count_workdays(date(2022, 9, 28), 5, CALENDAR)
    sentence = in_a_sentence(count, CLAUSE)
    assert sentence == (
        "依据“自收到之日起5个工作日内”，2022年9月28日收到（当日不计），5 个工作日，"
        "跳过10月1日至7日（国庆节）共 7 天，10月8日至9日（国庆节补班）上班，计为工作日，"
        "于2022年10月10日届满（含当日）。"
    )
    reckoning = reckon_trigger(count, CLAUSE)
    assert reckoning.due == count.due and not reckoning.inherited
    assert [step.term for step in reckoning.steps][:5] == ["依据", "起算", "天数", "跳过", "补班"]
    assert "从9月29日起算" in reckoning.steps[1].text


def test_a_reckoning_without_anything_left_out_says_so_by_silence() -> None:
    count = count_workdays(date(2022, 8, 1), 2, CALENDAR)
    assert "跳过" not in in_a_sentence(count, CLAUSE)
    assert [step.term for step in reckon_trigger(count, CLAUSE).steps] == [
        "依据",
        "起算",
        "天数",
        "含当日",
        "临期",
    ]


def test_two_weekends_and_a_run_over_the_end_of_a_month_are_told_apart() -> None:
    calendar = WorkCalendar(frozenset({2022}), {date(2022, 8, 1): Mark(False, "周末")})
    said = in_a_sentence(count_workdays(date(2022, 7, 29), 6, calendar), CLAUSE)
    assert "7月30日至8月1日（周末）、8月6日至7日（周末）共 5 天" in said
    assert count_workdays(date(2022, 7, 29), 6, calendar).due == date(2022, 8, 2) + timedelta(days=7)
