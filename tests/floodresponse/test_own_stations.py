"""A unit's duty officer writes for the own unit's stations; office, commander and desk for all."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from floodresponse.models import Measure, Plan, Reading, Station
from floodresponse.services import (
    confirm_plan_texts,
    propose_plan_texts,
    put_plan_in_force,
    void_plan_texts,
)
from floodresponse.services.stations import StationContent, change_station, register_station
from foundation.errors import PermissionRefused
from organizations.models import Department, User
from tests.accounts import person
from tests.factories import UserFactory
from tests.floodresponse.city import Phone, department, gauge, make_plan, row

pytestmark = pytest.mark.django_db
OWN, OTHER = "东街街道", "西街街道"


@pytest.fixture(autouse=True)
def city() -> None:
    make_plan()
    gauge("E1", name="东站", street=OWN)
    gauge("W1", name="西站", street=OTHER)


def street_officer() -> User:
    known = User.objects.filter(username="east").first()
    return known or UserFactory(username="east", role="duty_officer", department=department(OWN))


def browser() -> Client:
    client = Client()
    client.force_login(street_officer())
    return client


def handed_in(by: Phone) -> dict[str, Any]:
    now = timezone.now()
    rows = [row(one, now, 3) for one in Station.objects.order_by("code")]
    found: dict[str, Any] = by.post("readings/", rows)
    return found


class TestTheInterface:
    def test_other_stations_are_refused_row_by_row(self) -> None:
        answer = handed_in(Phone("duty_officer", department(OWN)))
        assert answer["accepted"] == 1 and len(answer["rejected"]) == 1
        assert "“W1”不属于您的单位" in answer["rejected"][0]["error"]
        assert [one.station.code for one in Reading.objects.select_related("station")] == ["E1"]

    def test_the_office_reports_all(self) -> None:
        office = department("防涝办", Department.Kind.GROUP)
        for one in (Phone("duty_officer"), Phone("duty_officer", office), Phone("commander")):
            assert handed_in(one)["rejected"] == []

    @pytest.mark.parametrize("written", ["东街", "东街街道", "东街街道办事处"])
    def test_a_street_is_the_same_however_it_is_written(self, written: str) -> None:
        Station.objects.filter(code="E1").update(street=written)
        assert handed_in(Phone("duty_officer", department(OWN)))["accepted"] == 1

    def test_a_unit_reports_the_network_that_bears_its_name(self) -> None:
        Station.objects.filter(code="W1").update(network="排水局")
        answer = handed_in(Phone("duty_officer", department("排水局")))
        assert answer["accepted"] == 1 and "“E1”" in answer["rejected"][0]["error"]

    def test_a_station_that_names_nobody_is_the_offices(self) -> None:
        Station.objects.update(street="", network="")
        assert handed_in(Phone("duty_officer", department(OWN)))["accepted"] == 0

    def test_registering(self) -> None:
        phone = Phone("duty_officer", department(OWN))
        body = {"code": "N1", "name": "新站", "kind": "rain", "is_urban": True}
        refused = phone.post("stations/", {**body, "street": OTHER}, 403)
        assert "不属于您的单位" in str(refused) and not Station.objects.filter(code="N1").exists()
        phone.post("stations/", {**body, "street": OWN})
        assert Station.objects.get(code="N1").street == OWN


class TestPages:
    def test_the_form_and_the_template_name_the_own_stations_alone(self) -> None:
        text = browser().get("/flood/readings/new/").content.decode()
        assert "东站" in text and "西站" not in text

    def test_a_hand_written_reading_for_another_street_is_refused(self) -> None:
        now = timezone.localtime()
        sent = {"unit": "mm", "value": "3", "when": "now", "opened_at": now.isoformat()}
        station = Station.objects.get(code="W1")
        browser().post("/flood/readings/new/", {**sent, "station": station.pk})
        assert not Reading.objects.exists()

    def test_without_stations_the_page_says_what_is_missing(self) -> None:
        Station.objects.filter(code="E1").update(is_active=False)
        assert "没有您单位的在用站点" in browser().get("/flood/readings/new/").content.decode()

    def test_a_reading_of_another_street_is_read_and_not_corrected(self) -> None:
        handed_in(Phone("duty_officer"))
        reading = Reading.objects.get(station__code="W1")
        client = browser()
        address = f"/flood/readings/{reading.pk}/"
        assert 'name="reason"' not in client.get(address).content.decode()
        sent = {"value": "9", "reason": "看错了表", "seen": str(reading.value)}
        assert client.post(address, sent).status_code == 403
        reading.refresh_from_db()
        assert reading.value == 3
        own = Reading.objects.get(station__code="E1")
        assert client.post(f"/flood/readings/{own.pk}/", sent).status_code == 302

    def test_another_streets_station_is_not_changed(self) -> None:
        client = browser()
        assert client.get("/flood/stations/W1/change/").status_code == 403
        assert client.get("/flood/stations/E1/change/").status_code == 200
        assert "修改站点" in client.get("/flood/stations/E1/").content.decode()
        assert "修改站点" not in client.get("/flood/stations/W1/").content.decode()


class TestTheService:
    def change(self, by: User, code: str, **changes: Any) -> None:
        station = Station.objects.get(code=code)
        change_station(actor=by, at=timezone.now(), station=station, changes=changes, reason="核对站点标记")

    def test_neither_another_unit_nor_giving_the_own_away(self) -> None:
        officer = street_officer()
        for code, changes in (("W1", {"is_urban": False}), ("E1", {"street": OTHER})):
            with pytest.raises(PermissionRefused, match="不属于您的单位"):
                self.change(officer, code, **changes)
        assert Station.objects.get(code="W1").is_urban and Station.objects.get(code="E1").street == OWN
        self.change(officer, "E1", is_urban=False)
        assert not Station.objects.get(code="E1").is_urban

    @pytest.mark.parametrize("role", ["duty_officer", "commander", "editor"])
    def test_office_and_desk_change_all(self, role: str) -> None:
        self.change(person(role), "W1", street=OWN)
        assert Station.objects.get(code="W1").street == OWN

    def test_registering_for_another_unit(self) -> None:
        content = StationContent(code="N2", name="新站", kind="rain", street=OTHER)
        with pytest.raises(PermissionRefused):
            register_station(actor=street_officer(), at=timezone.now(), content=content)
        assert not Station.objects.filter(code="N2").exists()


class TestWhatHoldsForTheWholeCity:
    def test_a_street_puts_no_plan_in_force(self) -> None:
        plan = Plan.objects.get()
        Plan.objects.update(publication="draft")
        address = f"/flood/plans/{plan.pk}/in-force/"
        assert address not in browser().get("/flood/").content.decode()
        page = browser().post(address, follow=True).content.decode()
        assert "只有编辑、签发人、防涝办值班员和指挥长可以办理" in page
        plan.refresh_from_db()
        assert plan.publication == "draft"

    @pytest.mark.parametrize("role", ["duty_officer", "commander", "editor", "publisher"])
    def test_office_commander_and_desk_do(self, role: str) -> None:
        plan = Plan.objects.get()
        Plan.objects.update(publication="draft")
        put_plan_in_force(actor=person(role), at=timezone.now(), plan=plan)
        plan.refresh_from_db()
        assert plan.publication == "published"

    def test_a_street_neither_proposes_nor_voids_other_words(self) -> None:
        plan = Plan.objects.get()
        row = Measure.objects.create(plan=plan, situation="response", order=99, text="转移群众。")
        texts = {"措施": (row, "不转移。")}
        with pytest.raises(PermissionRefused):
            propose_plan_texts(actor=street_officer(), at=timezone.now(), plan=plan, texts=texts, reason="试")
        correction = propose_plan_texts(
            actor=person("editor"), at=timezone.now(), plan=plan, texts=texts, reason="核对"
        )
        assert correction is not None
        with pytest.raises(PermissionRefused):
            confirm_plan_texts(actor=street_officer(), at=timezone.now(), correction=correction)
        with pytest.raises(PermissionRefused):
            void_plan_texts(actor=street_officer(), at=timezone.now(), correction=correction, reason="试")
        assert Measure.objects.get(pk=row.pk).text == "转移群众。"
