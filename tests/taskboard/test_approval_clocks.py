"""The clocks of pending approvals: five and seven working days, the promise, the end of 2022."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from taskboard.ledgers.clocks import Clock, clocks_of, count_by_month, worst
from taskboard.workdays import Mark, WorkCalendar

# 2022 with its National Day: 10-01 to 10-07 rest, 10-08 and 10-09 (a weekend) are worked.
HOLIDAY = {date(2022, 10, day): Mark(False, "国庆节") for day in range(1, 8)}
MADE_UP = {date(2022, 10, day): Mark(True, "国庆节补班") for day in (8, 9)}
CALENDAR = WorkCalendar(frozenset({2022, 2023}), {**HOLIDAY, **MADE_UP})


@dataclass
class Case:
    received_on: date
    promised_on: date | None = None
    reviewed_on: date | None = None
    outcome: str = ""
    outcome_on: date | None = None
    to_forward: bool = False


def clock(case: Case, key: str) -> Clock:
    return next(each for each in clocks_of(case, CALENDAR) if each.key == key)


def keys(case: Case) -> list[str]:
    return [each.key for each in clocks_of(case, CALENDAR)]


@pytest.mark.parametrize(
    ("received", "review", "forward"),
    [
        # Monday: the day of receipt is not counted.
        (date(2022, 8, 1), date(2022, 8, 8), date(2022, 8, 10)),
        # Friday: a weekend lies between.
        (date(2022, 8, 5), date(2022, 8, 12), date(2022, 8, 16)),
        # Saturday counts as any day of receipt.
        (date(2022, 8, 6), date(2022, 8, 12), date(2022, 8, 16)),
        # Thursday before National Day: 30 September, 8, 9, 10, 11 October.
        (date(2022, 9, 29), date(2022, 10, 11), date(2022, 10, 13)),
    ],
)
def test_five_and_seven_working_days_from_the_day_after_receipt(
    received: date, review: date, forward: date
) -> None:
    case = Case(received, to_forward=True)
    assert (clock(case, "review").due, clock(case, "forward").due) == (review, forward)


def test_the_sentence_names_the_clause_and_the_days_left_out() -> None:
    said = clock(Case(date(2022, 9, 29)), "review").sentence
    assert "5个工作日内完成初审" in said and "国庆节" in said and "2022年10月11日" in said


@pytest.mark.parametrize(
    ("day", "shape", "word"),
    [
        (date(2022, 8, 5), "green", "剩 3 天"),
        (date(2022, 8, 6), "yellow", "剩 2 天"),
        (date(2022, 8, 8), "yellow", "今天到期"),
        (date(2022, 8, 9), "red", "逾期 1 天"),
    ],
)
def test_the_light_of_a_running_clock(day: date, shape: str, word: str) -> None:
    review = clock(Case(date(2022, 8, 1)), "review")
    assert (review.shape(day), review.word(day)) == (shape, word)


@pytest.mark.parametrize(("late", "word"), [(-1, "按时办理"), (0, "按时办理"), (1, "超期 1 天办理")])
def test_what_was_done_keeps_how_late_it_was(late: int, word: str) -> None:
    case = Case(date(2022, 8, 1), reviewed_on=date(2022, 8, 8) + timedelta(days=late))
    review = clock(case, "review")
    assert (review.shape(date(2022, 9, 1)), review.word(date(2022, 9, 1))) == ("closed", word)


def test_which_clocks_run() -> None:
    day = date(2022, 8, 1)
    assert keys(Case(day)) == ["review", "all"]
    assert keys(Case(day, promised_on=day)) == ["review", "promise", "all"]
    assert keys(Case(day, to_forward=True)) == ["review", "forward", "all"]
    assert keys(Case(day, outcome="returned", outcome_on=day)) == ["review", "return", "all"]
    assert keys(Case(day, outcome="forwarded", outcome_on=day)) == ["review", "forward", "all"]


@pytest.mark.parametrize(
    ("received", "runs"),
    [(date(2022, 12, 30), True), (date(2022, 12, 31), True), (date(2023, 1, 1), False)],
)
def test_the_end_of_2022_holds_for_what_was_received_by_then(received: date, runs: bool) -> None:
    assert ("all" in keys(Case(received))) is runs


def test_an_outcome_stands_for_the_review_that_was_not_noted() -> None:
    case = Case(date(2022, 8, 1), outcome="approved", outcome_on=date(2022, 8, 3))
    assert clock(case, "review").done_on == date(2022, 8, 3)
    assert worst(clocks_of(case, CALENDAR), date(2022, 9, 1)) == ("closed", "已办结")


def test_outside_the_calendar_there_is_no_guess() -> None:
    unknown = clock(Case(date(2024, 1, 2)), "review")
    assert (unknown.due, unknown.shape(date(2024, 2, 1)), unknown.word(date(2024, 2, 1))) == (
        None,
        "grey",
        "无法推算",
    )
    assert "没有 2024 年" in unknown.sentence
    assert worst([unknown], date(2024, 2, 1)) == ("grey", "无法推算")


def test_the_most_pressing_clock_speaks_for_the_case() -> None:
    case = Case(date(2022, 8, 1), promised_on=date(2022, 8, 30), reviewed_on=date(2022, 8, 3))
    assert worst(clocks_of(case, CALENDAR), date(2022, 8, 20)) == ("green", "承诺时限剩 10 天")
    assert worst(clocks_of(case, CALENDAR), date(2022, 8, 31)) == ("red", "承诺时限逾期 1 天")


def test_months_count_what_was_overdue_when_they_ended() -> None:
    # Due on 8 August; done in time, done on 2 September, done on 31 August, never done.
    done = [date(2022, 8, 8), date(2022, 9, 2), date(2022, 8, 31), None]
    cases = [
        tuple(
            each
            for each in clocks_of(Case(date(2022, 8, 1), reviewed_on=day), CALENDAR)
            if each.key == "review"
        )
        for day in done
    ]
    complaints = [date(2022, 8, 1), date(2022, 8, 31), date(2022, 9, 1)]
    months = count_by_month(cases, complaints, date(2022, 8, 1), date(2022, 10, 5))
    assert [(m.month.month, m.overdue, m.complaints, m.running) for m in months] == [
        (10, 1, 0, True),
        (9, 1, 1, False),
        (8, 2, 2, False),
    ]


@pytest.mark.parametrize(("today", "overdue"), [(date(2022, 8, 8), 0), (date(2022, 8, 9), 1)])
def test_the_running_month_is_counted_as_it_stands_today(today: date, overdue: int) -> None:
    cases = [clocks_of(Case(date(2022, 8, 1)), CALENDAR)]
    assert [m.overdue for m in count_by_month(cases, [], date(2022, 8, 1), today)] == [overdue]
