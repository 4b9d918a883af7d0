"""Readings through the interface: idempotent, in any order, corrected with history, refused by name."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from floodresponse.models import Reading, ReadingBatch, ReadingRevision
from foundation.models import AuditEntry
from organizations.models import Role
from tests.floodresponse.city import Phone, gauge, low_spot, row

pytestmark = pytest.mark.django_db
OFFICERS = {"duty_officer", "commander"}


@pytest.fixture
def officer() -> Phone:
    return Phone("duty_officer")


def test_the_same_list_twice_changes_nothing(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    rows = [row(station, now - timedelta(minutes=n), 0.1) for n in range(3)]
    assert officer.post("readings/", rows) == {
        "accepted": 3,
        "corrected": 0,
        "duplicates": 0,
        "rejected": [],
    }
    again = officer.post("readings/", rows)
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 3, [])
    assert Reading.objects.count() == 3
    assert ReadingBatch.objects.count() == 1
    assert AuditEntry.objects.filter(action="flood_readings.record").count() == 1


def test_rows_come_in_any_order_and_repeat_within_a_list(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    late, early = row(station, now, 1), row(station, now - timedelta(hours=1), 2)
    answer = officer.post("readings/", [late, early, late])
    assert (answer["accepted"], answer["duplicates"]) == (2, 1)
    assert [float(reading.value) for reading in Reading.objects.order_by("observed_at")] == [2, 1]


def test_a_correction_keeps_the_value_before(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    officer.post("readings/", [row(station, now, "5.5")])
    answer = officer.post("readings/", [row(station, now, "6.25")])
    assert (answer["accepted"], answer["corrected"], answer["duplicates"]) == (1, 1, 0)
    assert Reading.objects.get().value == Decimal("6.25")
    revision = ReadingRevision.objects.get()
    assert (revision.value, revision.reading) == (Decimal("5.5"), Reading.objects.get())


def test_two_values_for_one_moment_in_a_list_keep_the_first(officer: Phone) -> None:
    station, now = gauge(), timezone.now()
    rows = [row(station, now, 1), row(station, now, 2)]
    for _ in range(2):
        answer = officer.post("readings/", rows)
        assert [refusal["index"] for refusal in answer["rejected"]] == [1]
    assert Reading.objects.get().value == 1
    assert not ReadingRevision.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": -0.1}, "负数"),
        ({"value": 500.000001}, "不合理"),
        ({"value": "NaN"}, "不是有限的数"),
        ({"value": "Infinity"}, "不是有限的数"),
        ({"value": "多"}, "不是可读的数"),
        ({"value": True}, "不是可读的数"),
        ({"value": None}, "不是可读的数"),
        ({"unit": "cm"}, "站点“R1”的单位“cm”不对：雨量以 mm 报送"),
        ({"unit": "英寸"}, "单位“英寸”不对"),
        ({"value": "1.1234567"}, "小数超过 6 位"),
        ({"station": "R9"}, "未登记"),
        ({"station": "R\u0000"}, "不是站号"),
        ({"station": 7}, "不是站号"),
        ({"kind": "ponding"}, "不报积水深度"),
        ({"kind": "snow"}, "rain 或 ponding"),
        ({"observed_at": "昨天"}, "不是可读的时间"),
        ({"observed_at": "2022-07-26T15:00:00"}, "没有写明时区"),
        ({"observed_at": "0001-01-01T00:00:00+08:00"}, "不是合理的时间"),
        ({"observed_at": "9999-12-31T23:59:59-08:00"}, "在未来"),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_the_rest_is_kept(
    officer: Phone, change: dict[str, Any], words: str
) -> None:
    station, now = gauge(), timezone.now()
    good = row(station, now, 1)
    answer = officer.post("readings/", [good, {**good, **change}])
    assert answer["accepted"] == 1
    assert [refusal["index"] for refusal in answer["rejected"]] == [1]
    assert words in answer["rejected"][0]["error"]


@pytest.mark.parametrize("unit", ["mm", "毫米", "MM", "", None])
def test_a_unit_that_is_the_right_one_is_taken(officer: Phone, unit: str | None) -> None:
    given = {**row(gauge(), timezone.now(), 1), "unit": unit}
    assert officer.post("readings/", [given])["accepted"] == 1


@pytest.mark.parametrize(
    ("kind", "value", "taken"),
    [
        ("rain", 0, True),
        ("rain", 500, True),
        ("rain", "500.000001", False),
        ("ponding", 1000, True),
        ("ponding", "1000.1", False),
    ],
)
def test_the_bounds_of_what_can_be(officer: Phone, kind: str, value: Any, taken: bool) -> None:
    station = gauge() if kind == "rain" else low_spot()
    answer = officer.post("readings/", [row(station, timezone.now(), value)])
    assert answer["accepted"] == int(taken)


@pytest.mark.parametrize(("seconds", "taken"), [(-1, True), (280, True), (330, False)])
def test_a_clock_may_be_a_little_ahead(officer: Phone, seconds: int, taken: bool) -> None:
    moment = timezone.now() + timedelta(seconds=seconds)
    assert officer.post("readings/", [row(gauge(), moment, 1)])["accepted"] == int(taken)


@pytest.mark.parametrize("data", [{}, "x", 3, {"station": "R1"}])
def test_anything_but_a_list_is_refused(officer: Phone, data: Any) -> None:
    assert officer.http.post("/api/v1/flood/readings/", data, format="json").status_code == 400


def test_rows_that_are_no_objects_are_refused_one_by_one(officer: Phone) -> None:
    answer = officer.post("readings/", [1, None, "x", [], {}])
    assert [refusal["index"] for refusal in answer["rejected"]] == [0, 1, 2, 3, 4]


def test_an_empty_list_is_harmless_and_broken_json_is_a_sentence(officer: Phone) -> None:
    assert officer.post("readings/", [])["accepted"] == 0
    for body in (b"[", b"\xff", b"[" * 100_000):
        answer = officer.http.post("/api/v1/flood/readings/", body, content_type="application/json")
        assert answer.status_code == 400 and "JSON" in answer.json()["detail"]


def test_numbers_without_quotes_keep_every_digit_and_are_named_when_they_are_none(officer: Phone) -> None:
    gauge()
    now = timezone.now().isoformat()
    body = f'[{{"station":"R1","kind":"rain","observed_at":"{now}","value":0.100001}},'
    body += f'{{"station":"R1","kind":"rain","observed_at":"{now}","value":NaN}}]'
    answer = officer.http.post("/api/v1/flood/readings/", body, content_type="application/json").json()
    assert (answer["accepted"], answer["rejected"][0]["index"]) == (1, 1)
    assert Reading.objects.get().value == Decimal("0.100001")


def test_five_thousand_are_taken_at_once_and_one_more_is_refused(officer: Phone) -> None:
    stations, now = [gauge(f"R{n}") for n in range(100)], timezone.now()
    rows = [row(station, now - timedelta(minutes=n), "0.2") for n in range(50) for station in stations]

    def queries(part: list[Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.post("readings/", part)["accepted"] == len(part)
        return sum("INSERT INTO" not in query["sql"] for query in captured)

    few = queries(rows[:10])
    assert queries(rows[10:4000]) <= few, "reads do not grow with the list"
    answer = officer.post("readings/", rows)
    assert (answer["accepted"], answer["duplicates"]) == (1000, 4000)
    assert "5000" in officer.post("readings/", [*rows, rows[0]], status=400)["detail"]
    assert Reading.objects.count() == 5000


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_only_the_command_post_enters(role: str | None) -> None:
    station = gauge()
    status = 401 if role == "anonymous" else 201 if role in OFFICERS else 403
    Phone(role).post("readings/", [row(station, timezone.now(), 1)], status=status)
    Phone(role).post("readings/", {}, status=400 if status == 201 else status)
    assert Reading.objects.count() == (1 if role in OFFICERS else 0)


def test_stations_are_registered_and_listed(officer: Phone) -> None:
    station = {"code": "R7", "name": "北门", "kind": "rain", "is_urban": True, "interval_minutes": 5}
    assert officer.post("stations/", station)["code"] == "R7"
    assert "已经登记" in officer.post("stations/", station, status=409)["detail"]
    officer.post("stations/", {**station, "code": "R8", "kind": "snow"}, status=400)
    Phone("viewer").post("stations/", station, status=403)
    assert [row["code"] for row in Phone("viewer").get("stations/")["results"]] == ["R7"]
    Phone(None).get("stations/", status=403)
    Phone("anonymous").get("stations/", status=401)
