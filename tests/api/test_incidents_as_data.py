"""Incidents and what is owed as data: shapes, who may, what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from floodresponse.models import Obligation
from organizations.models import User
from tests.accounts import person
from tests.floodresponse.reporting import City, build_city

pytestmark = pytest.mark.django_db
INCIDENTS, OBLIGATIONS = "/api/v1/flood/incidents/", "/api/v1/flood/obligations/"


@pytest.fixture
def city() -> City:
    return build_city()


def caller(user: User | None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def ago(minutes: float) -> str:
    return (timezone.now() - timedelta(minutes=minutes)).isoformat()


def incident(city: City, **values: Any) -> dict[str, Any]:
    given = {
        "unit": city.street.slug,
        "occurred_at": ago(15),
        "location": "柳桥下",
        "kind": "waterlogging",
        "severity": "ordinary",
        "summary": "没过路缘",
        "dead": 0,
        "missing": 0,
    }
    return {**given, **values}


def taken_in(city: City, **values: Any) -> int:
    response = caller(city.street_officer).post(INCIDENTS, incident(city, **values), format="json")
    assert response.status_code == 201, response.json()
    pk: int = response.json()["id"]
    return pk


def written(**values: Any) -> dict[str, Any]:
    return {"channel": "written", "stage": "first", "text": "在排水", **values}


def test_an_incident_is_taken_in_with_what_it_owes(city: City) -> None:
    client = caller(city.street_officer)
    pk = taken_in(city, severity="major", found_at=ago(10))
    shown = client.get(f"{INCIDENTS}{pk}/").json()
    assert (shown["unit"], shown["severity"], shown["dead"], shown["reports"]) == ("liuhe", "major", 0, [])
    rows = client.get(OBLIGATIONS, {"incident": pk}).json()["results"]
    assert {row["kind"] for row in rows} == {"immediate", "phone", "media", "written", "followup"}
    assert set(rows[0]) >= {
        "id", "incident", "kind", "sequence", "unit", "due_at", "basis", "state", "met_at", "minutes_late",
    }  # fmt: skip
    assert all(row["state"] == "open" and row["minutes_late"] == 0 and row["basis"] for row in rows)


def test_a_report_meets_what_it_meets_and_lateness_is_told(city: City) -> None:
    pk = taken_in(city, occurred_at=ago(30))
    client = caller(city.street_officer)

    def rows() -> dict[str, tuple[str, int]]:
        found = client.get(OBLIGATIONS, {"incident": pk}).json()["results"]
        return {row["kind"]: (row["state"], row["minutes_late"]) for row in found}

    assert rows()["phone"] == ("overdue", 11)
    response = client.post(
        f"{INCIDENTS}{pk}/reports/",
        {"channel": "phone", "stage": "first", "reported_at": ago(8.5), "text": "x"},
        format="json",
    )
    assert response.status_code == 201 and response.json()["late"] is True
    assert rows()["phone"] == ("met_late", 2)
    assert rows()["written"] == ("open", 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reported_at": "2099-01-01T00:00:00+08:00"}, "reported_at"),
        ({"reported_at": "2001-01-01T00:00:00+08:00"}, "reported_at"),
        ({"channel": "pigeon"}, "channel"),
        ({"stage": ""}, "stage"),
        ({"figures": {"cows": 1}}, "figures"),
        ({"figures": {"dead": -1}}, "figures"),
        ({"figures": {"dead": 1.5}}, "figures"),
        ({"figures": {"affected": 1, "dead": 2}}, "figures"),
        ({"figures": [1]}, "figures"),
    ],
)
def test_what_cannot_be_used_is_named(city: City, given: dict[str, Any], field: str) -> None:
    pk = taken_in(city)
    response = caller(city.office).post(f"{INCIDENTS}{pk}/reports/", written(**given), format="json")
    assert response.status_code == 400
    assert field in response.json()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"unit": "nowhere"}, "unit"),
        ({"occurred_at": "2099-01-01T00:00:00+08:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00Z"}, "occurred_at"),
        ({"found_at": "2001-01-01T00:00:00+08:00"}, "found_at"),
        ({"kind": "storm"}, "kind"),
        ({"severity": "huge"}, "severity"),
        ({"dead": -1}, "dead"),
        ({"location": " "}, "location"),
    ],
)
def test_an_impossible_incident_is_refused_with_the_field(
    city: City, given: dict[str, Any], field: str
) -> None:
    response = caller(city.office).post(INCIDENTS, incident(city, **given), format="json")
    assert response.status_code == 400
    assert field in response.json()


def test_an_incomplete_report_is_kept_and_flagged(city: City) -> None:
    pk = taken_in(city, kind="disaster")
    kept = caller(city.street_officer).post(f"{INCIDENTS}{pk}/reports/", written(text=""), format="json")
    assert (
        kept.status_code == 201 and kept.json()["incomplete"] is True and "文字说明" in kept.json()["lacking"]
    )
    full = written(text="受灾三户，组织转移", figures={"affected": 9, "loss_10k_yuan": 0, "dead": None})
    again = caller(city.street_officer).post(f"{INCIDENTS}{pk}/reports/", full, format="json")
    assert again.json()["incomplete"] is False
    assert again.json()["figures"] == {"affected": 9, "loss_10k_yuan": 0, "dead": None}


def test_it_is_resolved_once(city: City) -> None:
    pk = taken_in(city)
    client = caller(city.street_officer)
    assert client.post(f"{INCIDENTS}{pk}/resolve/").json()["resolved_at"]
    assert client.post(f"{INCIDENTS}{pk}/resolve/").status_code == 409


def test_a_death_found_later_adds_what_is_owed(city: City) -> None:
    pk = taken_in(city)
    client = caller(city.street_officer)
    assert client.post(f"{INCIDENTS}{pk}/grade/", {"dead": 1}, format="json").json()["dead"] == 1
    assert client.get(OBLIGATIONS, {"incident": str(pk), "kind": "immediate"}).json()["count"] == 1


def test_the_office_excuses_with_a_reason(city: City) -> None:
    pk = taken_in(city, occurred_at=ago(30))
    phone = Obligation.objects.get(incident=pk, kind="phone")
    address = f"{OBLIGATIONS}{phone.pk}/excuse/"
    assert caller(city.street_officer).post(address, {"reason": "忙"}).status_code == 403
    assert caller(city.office).post(address, {}).status_code == 400
    excused = caller(city.office).post(address, {"reason": "通信中断"}).json()
    assert (excused["state"], excused["minutes_late"], excused["excuse_reason"]) == (
        "excused",
        11,
        "通信中断",
    )
    assert caller(city.office).post(address, {"reason": "通信中断"}).status_code == 409


def test_filters_narrow_what_is_owed(city: City) -> None:
    taken_in(city, occurred_at=ago(30))
    client = caller(city.commander)

    def kinds(**query: Any) -> set[str]:
        return {row["kind"] for row in client.get(OBLIGATIONS, query).json()["results"]}

    assert kinds(state="overdue") == {"phone"}
    assert kinds(state="open") == {"media", "written"}
    assert kinds(unit="shuiwu") == set()
    assert kinds(unit="liuhe", kind="written") == {"written"}
    assert client.get(OBLIGATIONS, {"state": "never"}).status_code == 400


@pytest.mark.parametrize(
    ("who", "listed", "report", "file", "resolve"),
    [
        (None, 401, 401, 401, 401),
        ("nobody", 403, 403, 403, 403),
        ("viewer", 200, 403, 403, 403),
        ("supervisor", 200, 403, 403, 403),
        ("bureau_officer", 200, 403, 403, 403),
        ("street_officer", 200, 201, 201, 200),
        ("office", 200, 201, 201, 200),
        ("commander", 200, 201, 201, 200),
    ],
)
def test_who_may(city: City, who: str | None, listed: int, report: int, file: int, resolve: int) -> None:
    pk = taken_in(city)
    user = getattr(city, who, None) if who else None
    if who and user is None:
        user = person(None if who == "nobody" else who)
    client = caller(user)
    assert client.get(INCIDENTS).status_code == listed
    assert client.get(OBLIGATIONS).status_code == listed
    assert client.post(INCIDENTS, incident(city), format="json").status_code == report
    assert client.post(f"{INCIDENTS}{pk}/reports/", written(), format="json").status_code == file
    assert client.post(f"{INCIDENTS}{pk}/resolve/").status_code == resolve


def test_a_unit_sees_its_own_and_the_command_post_all(city: City) -> None:
    pk = taken_in(city)
    for user, count, status in (
        (city.street_officer, 1, 200),
        (city.bureau_officer, 0, 404),
        (city.office, 1, 200),
        (city.commander, 1, 200),
    ):
        assert caller(user).get(INCIDENTS).json()["count"] == count
        assert caller(user).get(f"{INCIDENTS}{pk}/").status_code == status


@pytest.mark.parametrize("address", [f"{INCIDENTS}99/reports/", f"{OBLIGATIONS}99/excuse/"])
def test_what_is_not_there_is_404_before_anything_else(city: City, address: str) -> None:
    assert caller(city.office).post(address, {}).status_code == 404
    assert caller(None).post(address, {}).status_code == 401
