"""The light of a task at, below and above its limits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskboard.lights import COLOURS, GREEN, GREY, RED, SOON_DAYS, YELLOW, light

DUE = date(2031, 10, 31)
RUNNING = ["issued", "signed", "in_progress", "returned", "submitted"]


@pytest.mark.parametrize("state", RUNNING)
@pytest.mark.parametrize(
    ("on_day", "colour", "word", "remaining"),
    [
        (date(2031, 10, 23), GREEN, "正常", "剩 8 天"),
        (date(2031, 10, 24), YELLOW, "临期", "剩 7 天"),
        (date(2031, 10, 30), YELLOW, "临期", "剩 1 天"),
        (date(2031, 10, 31), YELLOW, "临期", "今天到期"),
        (date(2031, 11, 1), RED, "逾期", "逾期 1 天"),
    ],
)
def test_a_running_clock_turns_yellow_seven_days_before_and_red_the_day_after(
    state: str, on_day: date, colour: str, word: str, remaining: str
) -> None:
    shown = light(DUE, state, on_day)
    assert (shown.colour, shown.word, shown.remaining) == (colour, word, remaining)


@pytest.mark.parametrize("state", ["draft", "suspended"])
@pytest.mark.parametrize("offset", [-400, -7, 0, 1, 400])
def test_without_a_clock_the_light_is_grey_whatever_the_day(state: str, offset: int) -> None:
    shown = light(DUE, state, DUE + timedelta(days=offset))
    assert (shown.colour, shown.word, shown.remaining) == (GREY, "未计时", "")


def test_without_a_due_date_there_is_no_clock() -> None:
    assert light(None, "in_progress", DUE).colour == GREY


def test_a_closed_task_has_no_clock_any_more() -> None:
    shown = light(DUE, "closed", DUE + timedelta(days=30), submitted_on=DUE)
    assert (shown.colour, shown.word, shown.late) == (GREY, "已办结", False)


def test_what_was_handed_in_on_the_due_day_is_on_time_while_it_is_reviewed() -> None:
    shown = light(DUE, "submitted", DUE + timedelta(days=5), submitted_on=DUE)
    assert (shown.colour, shown.word) == (GREEN, "正常")


@pytest.mark.parametrize(("state", "colour"), [("submitted", RED), ("closed", GREY)])
def test_a_late_catch_up_is_named_and_marked(state: str, colour: str) -> None:
    shown = light(DUE, state, DUE + timedelta(days=5), submitted_on=DUE + timedelta(days=1))
    assert (shown.colour, shown.word, shown.late) == (colour, "逾期补报", True)


def test_seen_as_of_a_day_before_the_hand_in_the_clock_still_runs() -> None:
    assert light(DUE, "submitted", DUE, submitted_on=DUE + timedelta(days=1)).colour == YELLOW


@pytest.mark.parametrize(("soon_days", "colour"), [(2, GREEN), (3, YELLOW), (4, YELLOW)])
def test_how_soon_is_soon_is_handed_in(soon_days: int, colour: str) -> None:
    assert light(DUE, "signed", DUE - timedelta(days=3), soon_days=soon_days).colour == colour


@given(st.integers(-1000, 1000), st.sampled_from([*RUNNING, "draft", "suspended", "closed"]))
def test_a_later_day_never_shows_a_milder_light(offset: int, state: str) -> None:
    severity = {colour: rank for rank, colour in enumerate((GREY, GREEN, YELLOW, RED))}
    day = DUE + timedelta(days=offset)
    today, tomorrow = (light(DUE, state, d).colour for d in (day, day + timedelta(days=1)))
    assert {today, tomorrow} <= set(COLOURS)
    assert severity[today] <= severity[tomorrow]
    assert SOON_DAYS == 7
