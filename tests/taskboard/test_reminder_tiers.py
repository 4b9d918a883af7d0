"""Which reminder stands on a day, and how it is worded."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from taskboard.reminding import Tier, body_of, stands_until, subject_of, tier_on

DUE = date(2023, 10, 31)


@pytest.mark.parametrize(
    ("days_after_due", "code"),
    [
        (-9, None),
        (-8, None),
        (-7, "before-7"),
        (-4, "before-7"),
        (-3, "before-3"),
        (-2, "before-3"),
        (-1, "before-1"),
        (0, "due"),
        (1, "after-1"),
        (2, "after-1"),
        (3, "after-3"),
        (9, "after-3"),
        (10, "after-10"),
        (16, "after-10"),
        (17, "after-17"),
        (24, "after-24"),
    ],
)
def test_the_latest_tier_stands_until_the_next(days_after_due: int, code: str | None) -> None:
    tier = tier_on(DUE, DUE + timedelta(days=days_after_due))
    assert (tier.code if tier else None) == code


@pytest.mark.parametrize(
    ("offset", "head", "supervisor"),
    [(0, False, False), (1, True, False), (2, True, False), (3, True, True), (10, True, True)],
)
def test_head_and_supervisor_join_after_the_due_date(offset: int, head: bool, supervisor: bool) -> None:
    assert (Tier(offset).to_head, Tier(offset).to_supervisor) == (head, supervisor)


def test_a_tier_is_stale_on_the_day_of_the_next() -> None:
    for past in range(-7, 40):
        tier = tier_on(DUE, DUE + timedelta(days=past))
        assert tier is not None
        ends = stands_until(DUE, tier)
        assert tier_on(DUE, ends - timedelta(days=1)) == tier
        assert tier_on(DUE, ends) != tier


def test_through_a_year_the_tiers_are_few_and_come_in_order() -> None:
    days = [DUE - timedelta(days=30) + timedelta(days=n) for n in range(365)]
    offsets = [tier.offset for day in days if (tier := tier_on(DUE, day))]
    assert offsets == sorted(offsets)
    distinct = sorted(set(offsets))
    assert distinct[:8] == [-7, -3, -1, 0, 1, 3, 10, 17]
    assert all(b - a == 7 for a, b in pairwise(distinct[5:]))


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2023, 10, 28), "还有 3 天到期"), (DUE, "今天到期"), (date(2023, 11, 3), "已逾期 3 天")],
)
def test_the_subject_says_how_many_and_how_far(day: date, words: str) -> None:
    assert subject_of("清沟行动", 5, DUE, day) == f"清沟行动：5 项任务{words}"


def test_a_long_title_leaves_room_for_the_number() -> None:
    subject = subject_of("长" * 200, 103, DUE, DUE)
    assert len(subject) == 120
    assert subject.endswith("：103 项任务今天到期")


@pytest.mark.parametrize(("number", "named", "rest"), [(9, 9, ""), (10, 10, ""), (11, 10, "另有 1 项")])
def test_ten_tasks_are_named_and_the_rest_counted(number: int, named: int, rest: str) -> None:
    body = body_of([f"疏通{n}号沟" for n in range(number)], DUE)
    assert f"共 {number} 项" in body
    assert sum(f"疏通{n}号沟" in body for n in range(number)) == named
    assert ("另有" in body) is bool(rest) and rest in body
