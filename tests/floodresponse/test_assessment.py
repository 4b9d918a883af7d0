"""The recommended level from stored readings, asked through the interface."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.utils import timezone

from floodresponse.models import Response
from floodresponse.services import confirm_sign, end_sign
from organizations.models import Role
from tests.floodresponse.city import Phone, gauge, low_spot, make_plan, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Phone:
    make_plan()
    return Phone("duty_officer")


def assessment(at: Any = None) -> dict[str, Any]:
    asked = f"?at={quote(at.isoformat())}" if at else ""
    found: dict[str, Any] = Phone("viewer").get(f"assessment/{asked}")
    return found


@pytest.mark.parametrize(
    ("kind", "hours", "value", "level"),
    [
        ("rain", 5, "19.999999", None),
        ("rain", 5, "20", "IV"),
        ("rain", 5, "49.9", "IV"),
        ("rain", 5, "50", "III"),
        ("rain", 2, "49.999999", "IV"),
        ("rain", 2, "50", "II"),
        ("rain", 2, "99.999999", "II"),
        ("rain", 2, "100", "I"),
        ("ponding", 0, "19.9", None),
        ("ponding", 0, "20", "IV"),
        ("ponding", 0, "20.000001", "III"),
        ("ponding", 0, "29.9", "III"),
        ("ponding", 0, "30", "II"),
        ("ponding", 0, "49.9", "II"),
        ("ponding", 0, "50", "I"),
    ],
)
def test_each_threshold_below_at_and_above(
    officer: Phone, kind: str, hours: int, value: str, level: str | None
) -> None:
    station, now = gauge() if kind == "rain" else low_spot(), timezone.now()
    officer.post("readings/", [row(station, now - timedelta(hours=hours), value)])
    found = assessment(now)
    assert found["level"] == level
    if level:
        reason = found["reasons"][0]
        assert (reason["where"], reason["value"], reason["single"]) == (station.code, float(value), True)


@pytest.mark.parametrize(
    ("step", "times", "level"), [("0.1", 199, None), ("0.1", 200, "IV"), ("0.2", 100, "IV")]
)
def test_small_readings_add_up_exactly(officer: Phone, step: str, times: int, level: str | None) -> None:
    station, now = gauge(), timezone.now()
    officer.post("readings/", [row(station, now - timedelta(minutes=n), step) for n in range(times)])
    assert assessment(now)["level"] == level


def test_a_window_is_open_at_its_begin_and_closed_at_its_end(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    officer.post("readings/", [row(station, now - timedelta(hours=6), 20)])
    assert assessment(now)["level"] is None
    assert assessment(now - timedelta(microseconds=1))["level"] == "IV"
    assert assessment(now - timedelta(hours=6))["level"] == "IV"


def test_stations_that_do_not_count_set_no_level(officer: Phone) -> None:
    outside, other = gauge("R2", is_urban=False), low_spot("P2", is_low_spot=False)
    closed, now = gauge("R3", is_active=False), timezone.now()
    officer.post("readings/", [row(outside, now, 200), row(other, now, 80), row(closed, now, 200)])
    found = assessment(now)
    assert (found["level"], found["reasons"], found["silent"]) == (None, [], [])


def test_a_later_correction_counts(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    officer.post("readings/", [row(station, now, 120)])
    officer.post("readings/", [row(station, now, 12)])
    assert assessment(now)["level"] is None


@pytest.mark.parametrize(
    ("minutes", "rain", "silent"),
    [(30, 0, False), (31, 0, False), (1440, 0, False), (1441, 0, True), (30, 1, False), (31, 1, True)],
)
def test_silence_counts_sooner_while_rain_is_reported(
    officer: Phone, minutes: int, rain: int, silent: bool
) -> None:
    quiet, other, now = gauge("R1"), gauge("R2", is_urban=False), timezone.now()
    officer.post("readings/", [row(quiet, now - timedelta(minutes=minutes), 0), row(other, now, rain)])
    found = assessment(now)
    assert (found["complete"], found["silent"]) == (not silent, ["R1"] if silent else [])


@pytest.mark.parametrize(("exercise", "complete"), [(False, False), (True, True)])
def test_silence_counts_sooner_while_a_real_response_is_active(
    officer: Phone, exercise: bool, complete: bool
) -> None:
    station, now = gauge(), timezone.now()
    officer.post("readings/", [row(station, now - timedelta(minutes=31), 0)])
    assert assessment(now)["complete"] is True
    plan = make_plan(2001)
    Response.objects.create(plan=plan, declared_at=now - timedelta(hours=1), exercise=exercise)
    assert assessment(now)["complete"] is complete
    assert assessment(now - timedelta(minutes=1, hours=1))["silent"] == ["R1"]


def test_a_gauge_that_never_reported_is_silent(officer: Phone) -> None:
    gauge("R5")
    assert assessment()["silent"] == ["R5"]


def test_without_stations_there_is_no_level_and_nothing_is_silent(officer: Phone) -> None:
    assert assessment() == {
        "level": None,
        "complete": True,
        "silent": [],
        "single_station": False,
        "reasons": [],
    }


def test_a_confirmed_sign_stands_beside_the_level_until_it_is_over(officer: Phone) -> None:
    now = timezone.now()
    assert officer.user is not None
    sign = confirm_sign(actor=officer.user, at=now, code="road_cut", place="桥头", observed_at=now)
    found = assessment(now)
    assert found["level"] is None
    assert [(reason["criterion"], reason["value"]) for reason in found["reasons"]] == [("sign", "road_cut")]
    end_sign(actor=officer.user, at=now + timedelta(minutes=5), sign=sign)
    assert assessment(now + timedelta(minutes=5))["reasons"] == []


def test_the_same_answer_as_the_command(officer: Phone, tmp_path: Any) -> None:
    station, point, now = gauge(), low_spot(), timezone.localtime()
    rain = [(now - timedelta(minutes=10 * n), "12.5") for n in range(5)]
    officer.post("readings/", [row(station, at, mm) for at, mm in rain] + [row(point, now, "31")])
    seen = {
        "at": now.isoformat(),
        "rain": [{"gauge": "R1", "at": at.isoformat(), "mm": mm} for at, mm in rain],
        "ponding": [{"point": "P1", "at": now.isoformat(), "cm": 31}],
        "expected_gauges": ["R1"],
    }
    file, out = tmp_path / "seen.json", StringIO()
    file.write_text(json.dumps(seen))
    call_command("assess_flood", str(file), "--json", stdout=out)
    assert assessment(now) == json.loads(out.getvalue())


@pytest.mark.parametrize(
    "asked", ["x", "", "2022-07-26", "2022-07-26T15:00:00", "0001-01-01T00:00:00%2B08:00"]
)
def test_a_moment_that_is_none_is_refused(officer: Phone, asked: str) -> None:
    assert "at" in Phone("viewer").get(f"assessment/?at={asked}", status=400)


def test_an_unescaped_plus_is_understood(officer: Phone) -> None:
    assert Phone("viewer").get("assessment/?at=2022-07-26T15:00:00+08:00")["level"] is None


def test_without_a_plan_it_says_so() -> None:
    assert "方案" in Phone("viewer").get("assessment/", status=409)["detail"]


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_staff_see_it(officer: Phone, role: str | None) -> None:
    Phone(role).get("assessment/", status=401 if role == "anonymous" else 200 if role else 403)
