"""Figures by street and the units that report as data: the page's numbers, who may, what is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from floodresponse.models import CommandPostMember, Plan
from floodresponse.services.counting import count_incident
from floodresponse.services.reportingunits import settle_reporting_unit
from organizations.models import User
from tests.accounts import person
from tests.factories import DepartmentFactory
from tests.floodresponse.city import make_plan
from tests.floodresponse.reporting import City, build_city, happen, minute, report

pytestmark = pytest.mark.django_db
LOSSES, UNITS = "/api/v1/flood/losses/", "/api/v1/flood/reporting-units/"
JULY = {"date_from": "2023-07-01", "date_to": "2023-07-31"}


@pytest.fixture
def city() -> City:
    return build_city()


def ask(user: User | None, path: str, query: Any = None, status: int = 200) -> Any:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def rows(user: User, path: str, query: Any = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(user, path, query)["results"]
    return found


class TestLosses:
    def test_a_line_for_each_street_and_the_city_last(self, city: City) -> None:
        told = happen(city)
        report(told, city.street_officer, at=minute(20), figures={"affected": 30, "loss_10k_yuan": "1.5"})
        report(
            told, city.street_officer, at=minute(40), stage="followup", figures={"affected": 50, "injured": 0}
        )
        happen(city, unit=city.bureau, location="柳桥北", dead=0)
        street, nowhere, whole = rows(city.office, LOSSES, JULY)
        assert (street["street"], street["name"], street["whole"]) == ("liuhe", "柳河街道", False)
        assert (street["incidents"], street["figures"]["affected"]) == (1, 50)
        assert (street["figures"]["loss_10k_yuan"], street["figures"]["injured"]) == (1.5, 0)
        assert (nowhere["street"], nowhere["name"]) == (None, "未注明街道")
        assert (nowhere["figures"]["dead"], nowhere["figures"]["affected"]) == (0, None)
        assert (whole["name"], whole["whole"], whole["incidents"]) == ("全市", True, 2)
        assert (whole["figures"]["affected"], whole["uncounted"]["affected"]) == (50, 1)

    def test_what_two_told_is_one_and_drills_are_apart(self, city: City) -> None:
        streets, bureaus = happen(city), happen(city, unit=city.bureau, location="柳桥北")
        report(streets, city.street_officer, at=minute(20), figures={"affected": 30})
        report(bureaus, city.bureau_officer, at=minute(21), figures={"affected": 28})
        count_incident(
            actor=city.office, incident=bureaus, street=city.street, same_as=streets, at=minute(60)
        )
        report(happen(city, exercise=True), city.street_officer, at=minute(20), figures={"affected": 999})
        assert rows(city.office, LOSSES, JULY)[-1]["figures"]["affected"] == 30
        assert rows(city.office, LOSSES, {**JULY, "exercise": "true"})[-1]["figures"]["affected"] == 999

    def test_a_unit_adds_up_its_own(self, city: City) -> None:
        happen(city)
        assert rows(city.bureau_officer, LOSSES, JULY) == []
        assert [row["name"] for row in rows(city.street_officer, LOSSES, JULY)] == ["柳河街道", "合计"]

    def test_without_a_day_it_is_this_year(self, city: City) -> None:
        happen(city)
        assert rows(city.office, LOSSES) == []

    @pytest.mark.parametrize(
        "query", [{"date_from": "七月"}, {"kind": "storm"}, {"exercise": "maybe"}, {"page_size": "0"}]
    )
    def test_what_cannot_be_read_is_named(self, city: City, query: dict[str, str]) -> None:
        assert set(ask(city.office, LOSSES, query, status=400)) == set(query)

    def test_it_costs_few_queries_however_many_happened(self, city: City) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as captured:
                rows(city.office, LOSSES, JULY)
            return len(captured)

        happen(city)
        few = cost()
        for n in range(5):
            happen(city, location=f"柳桥 {n}")
        assert cost() == few <= 10


class TestReportingUnits:
    def settled(self, city: City) -> Plan:
        plan = make_plan()
        odd = DepartmentFactory(name="园艺局", slug="yuanyi")
        CommandPostMember.objects.create(plan=plan, order=9, role="成员", printed_name="林某", unit=odd)
        settle_reporting_unit(
            actor=city.office, plan=plan, unit=city.street, owes=False, reason="例会", at=minute(0)
        )
        return plan

    def test_what_is_open_first_and_what_was_settled_with_by_whom(self, city: City) -> None:
        self.settled(city)
        found = rows(city.street_officer, UNITS)
        assert (found[0]["unit"], found[0]["gap"], found[0]["owes"]) == ("yuanyi", True, True)
        settled = next(row for row in found if row["unit"] == "liuhe")
        assert (settled["owes"], settled["basis"], settled["decided_by"]) == (False, "例会", str(city.office))
        assert settled["decided_at"] is not None
        assert found[0]["decided_by"] is None

    @pytest.mark.parametrize(
        ("query", "units"),
        [
            ({"state": "not"}, ["liuhe"]),
            ({"state": "gap"}, ["yuanyi"]),
            ({"state": "settled"}, ["liuhe"]),
            ({"unit": "yuanyi"}, ["yuanyi"]),
            ({"q": "例会"}, ["liuhe"]),
            ({"unit": "nowhere"}, []),
            ({"year": "1999"}, []),
        ],
    )
    def test_found_by(self, city: City, query: dict[str, str], units: list[str]) -> None:
        self.settled(city)
        assert [row["unit"] for row in rows(city.office, UNITS, query)] == units

    @pytest.mark.parametrize("query", [{"state": "perhaps"}, {"year": "0"}, {"ordering": "age"}])
    def test_what_cannot_be_read_is_named(self, city: City, query: dict[str, str]) -> None:
        assert set(ask(city.office, UNITS, query, status=400)) == set(query)

    def test_without_a_plan_there_are_none(self, city: City) -> None:
        assert rows(city.office, UNITS) == []


@pytest.mark.parametrize("path", [LOSSES, UNITS])
def test_who_may_not(city: City, path: str) -> None:
    ask(None, path, status=401)
    assert "没有权限" in ask(person(None), path, status=403)["detail"]
