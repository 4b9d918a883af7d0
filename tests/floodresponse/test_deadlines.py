"""When reports are due, as arithmetic: the table of reports, its edges, the chain of follow-ups."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from floodresponse.deadlines import (
    FOLLOWUP,
    IMMEDIATE,
    MEDIA,
    PHONE,
    WRITTEN,
    Facts,
    Limit,
    Since,
    followup,
    followup_after_missing,
    in_time,
    minutes_late,
    needs_followups,
    newly_triggered,
    owed_at_first,
    table_of,
)

T0 = datetime(2023, 7, 26, 15, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
TABLE = table_of({})


def minute(n: float) -> datetime:
    return T0 + timedelta(minutes=n)


def facts(**values: Any) -> Facts:
    given: dict[str, Any] = {
        "occurred_at": T0,
        "entered_at": minute(8),
        "confirmed_at": minute(8),
        "severity": "ordinary",
    }
    return Facts(**(given | values))


def due(**values: Any) -> dict[str, float]:
    owed = owed_at_first(facts(**values), TABLE)
    return {one.kind: (one.due_at - T0) / timedelta(minutes=1) for one in owed}


ALWAYS = {PHONE: 20, MEDIA: 60, WRITTEN: 120}


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({}, {}),
        ({"dead": 0, "missing": 0}, {}),
        ({"severity": "serious"}, {IMMEDIATE: 18, FOLLOWUP: 240}),
        ({"severity": "major"}, {IMMEDIATE: 18, FOLLOWUP: 240}),
        ({"severity": "extreme"}, {IMMEDIATE: 18, FOLLOWUP: 240}),
        ({"unclear": True}, {FOLLOWUP: 240}),
        ({"dead": 1}, {IMMEDIATE: 18}),
        ({"missing": 2}, {IMMEDIATE: 18}),
        ({"missing": 2, "confirmed_at": T0 + timedelta(minutes=30)}, {IMMEDIATE: 40}),
        ({"street": True}, {}),
    ],
)
def test_each_incident_owes_what_the_table_says(values: dict[str, Any], more: dict[str, float]) -> None:
    assert due(**values) == ALWAYS | more


def test_limits_of_the_plan_come_before_the_defaults() -> None:
    table = table_of({PHONE: Limit(15, "附件9 1")})
    phone = owed_at_first(facts(), table)[0]
    assert phone.due_at == minute(15)
    assert "15 分钟" in phone.basis and "附件9 1" in phone.basis and "15:17" in phone.basis


@pytest.mark.parametrize(
    ("values", "kind", "provisional"),
    [
        ({}, PHONE, False),
        ({}, MEDIA, False),
        ({"street": True}, MEDIA, True),
        ({"severity": "serious"}, IMMEDIATE, True),
        ({"severity": "serious"}, FOLLOWUP, True),
        ({"severity": "major"}, FOLLOWUP, False),
        ({"unclear": True}, FOLLOWUP, True),
    ],
)
def test_our_own_readings_are_marked(values: dict[str, Any], kind: str, provisional: bool) -> None:
    owed = next(one for one in owed_at_first(facts(**values), TABLE) if one.kind == kind)
    assert owed.provisional is provisional
    assert ("待确认" in owed.basis) is provisional


@pytest.mark.parametrize(
    ("seconds", "in_the_limit", "late"),
    [
        (20 * 60 - 1, True, 0),
        (20 * 60, True, 0),
        (20 * 60 + 1, False, 1),
        (21 * 60, False, 1),
        (21 * 60 + 1, False, 2),
    ],
)
def test_minute_twenty_belongs_to_the_limit_and_lateness_is_rounded_up(
    seconds: int, in_the_limit: bool, late: int
) -> None:
    reported_at = T0 + timedelta(seconds=seconds)
    assert in_time(minute(20), reported_at) is in_the_limit
    assert minutes_late(minute(20), reported_at) == late


def test_a_microsecond_late_is_a_minute_late() -> None:
    assert minutes_late(minute(20), minute(20) + timedelta(microseconds=1)) == 1


def test_a_followup_counts_from_the_report_before_it() -> None:
    owed = followup(facts(severity="major"), TABLE, minute(90), since=Since.REPORTED)
    assert owed.due_at == minute(210)
    assert "上一次书面报告或续报 7月26日 16:32 起 2 小时内" in owed.basis


def test_after_a_missing_followup_the_next_counts_from_its_limit() -> None:
    assert followup_after_missing(facts(severity="major"), TABLE, minute(240)).due_at == minute(360)


@pytest.mark.parametrize(("entered", "due_in"), [(359, 360), (360, 480), (361, 480), (900, 960)])
def test_no_further_followup_is_asked_of_the_time_before_the_entry(entered: int, due_in: int) -> None:
    late = facts(severity="major", entered_at=minute(entered))
    assert followup_after_missing(late, TABLE, minute(240)).due_at == minute(due_in)


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ({}, {"severity": "serious"}, True),
        ({"severity": "serious"}, {"severity": "major"}, False),
        ({}, {"dead": 1}, True),
        ({"dead": 0}, {"dead": 1}, True),
        ({"dead": 1}, {"dead": 1}, False),
        ({"dead": 1}, {"dead": 2}, True),
        ({"dead": 2}, {"dead": 1}, False),
        ({}, {"missing": 1}, True),
        ({}, {"missing": 0}, False),
        ({}, {"unclear": True}, False),
    ],
)
def test_what_asks_for_a_report_at_once(before: dict[str, Any], after: dict[str, Any], new: bool) -> None:
    assert newly_triggered(facts(**before), facts(**after)) is new


@pytest.mark.parametrize(
    ("values", "needed"),
    [
        ({}, False),
        ({"unclear": True}, True),
        ({"severity": "serious"}, True),
        ({"severity": "extreme"}, True),
        ({"dead": 3}, False),
    ],
)
def test_which_incidents_are_followed_up(values: dict[str, Any], needed: bool) -> None:
    assert needs_followups(facts(**values)) is needed
