"""The office verifies an incident and passes it up, with copies; who is told, what refuses."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from floodresponse.models import Incident, PassingUp
from floodresponse.passing import draft_words
from floodresponse.services.passing import PassingContent, pass_up
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import User
from tests.accounts import token_for
from tests.factories import DepartmentFactory, UserFactory
from tests.floodresponse.city import make_plan
from tests.floodresponse.reporting import build_city, happen, minute, report

pytestmark = pytest.mark.django_db


def above() -> User:
    """An officer of the government's office."""
    office = DepartmentFactory(name="政府办公室", slug="zhengfuban")
    officer: User = UserFactory(username="above", role="department_officer", department=office)
    return officer


def passed(incident: Incident, actor: User, text: str = "已核实。", **more: Any) -> PassingUp:
    content = PassingContent(text=text, **more)
    return pass_up(actor=actor, incident=incident, content=content, at=minute(30))


def told(incident: Incident) -> set[str]:
    rows = Message.objects.filter(dedupe_key__startswith=f"flood-incident:{incident.pk}:")
    return set(rows.values_list("recipient__username", flat=True))


def test_those_above_and_those_copied_are_told_and_it_stands_with_what_was_seen() -> None:
    city, officer = build_city(), above()
    incident = happen(city)
    first = report(incident, city.street_officer, at=minute(20), figures={"affected": 30, "dead": 0})
    done = passed(incident, city.office, seen=first.pk, copies=[city.bureau])
    assert (done.number, done.report, done.figures) == (1, first, {"affected": 30, "dead": 0})
    assert list(done.copies.all()) == [city.bureau]
    assert told(incident) == {officer.username, city.bureau_officer.username}
    entry = AuditEntry.objects.about(incident).get(action="incident.pass_up")
    assert (entry.actor, entry.after["copies"]) == (city.office, ["水务局"])


def test_a_report_that_came_in_meanwhile_is_read_first() -> None:
    city = build_city()
    incident = happen(city)
    first = report(incident, city.street_officer, at=minute(20))
    second = report(incident, city.street_officer, at=minute(25), stage="followup")
    with pytest.raises(StateConflict, match="新的报告"):
        passed(incident, city.office, seen=first.pk)
    assert not PassingUp.objects.exists()
    assert passed(incident, city.office, seen=second.pk).report == second


def test_pressed_twice_it_goes_up_once_and_new_words_go_up_again() -> None:
    city = build_city()
    incident = happen(city)
    assert passed(incident, city.office).number == 1
    with pytest.raises(StateConflict, match="第 1 次"):
        passed(incident, city.commander)
    assert passed(incident, city.commander, text="水已退。").number == 2


def test_only_the_office_verifies_and_empty_words_do_not_go() -> None:
    city = build_city()
    incident = happen(city)
    with pytest.raises(PermissionRefused, match="防涝办"):
        passed(incident, city.street_officer)
    with pytest.raises(InvalidInput, match="上报内容"):
        passed(incident, city.office, text="  ")


def test_of_a_drill_nobody_above_hears() -> None:
    city, officer = build_city(), above()
    incident = happen(city, exercise=True)
    passed(incident, city.office, copies=[city.bureau])
    assert told(incident) == {city.office.username, city.commander.username}
    assert Message.objects.filter(recipient=officer).count() == 0
    subjects = Message.objects.filter(dedupe_key__startswith="flood-incident:").values_list(
        "subject", flat=True
    )
    assert all(subject.startswith("【演练】") for subject in subjects)


def test_the_draft_tells_what_is_known_and_what_is_not() -> None:
    city = build_city()
    incident = happen(city, depth_cm=45, dead=0, severity="major")
    last = report(incident, city.street_officer, at=minute(20), text="正在抽排。")
    words = draft_words(incident, last, {"affected": 30})
    for part in ("2023年7月26日 15:02", "柳河街道柳桥下发生涝情", "等级重大", "45 厘米", "受灾人口 30"):
        assert part in words
    assert "死亡 0" in words
    assert "失踪尚未核实" in words
    assert "正在抽排。" in words


def test_the_page_offers_the_draft_and_keeps_words_when_a_report_came_in(client: Client) -> None:
    city = build_city()
    incident = happen(city)
    address = f"{incident.get_absolute_url()}pass-up/"
    client.force_login(city.office)
    page = client.get(address)
    assert "柳河街道柳桥下发生涝情" in page.content.decode()
    late = report(incident, city.street_officer, at=minute(20))
    refused = client.post(address, {"text": "我写的话", "seen": ""})
    assert refused.status_code == 400
    assert "我写的话" in refused.content.decode()
    assert f'name="seen" value="{late.pk}"' in refused.content.decode()
    done = client.post(address, {"text": "我写的话", "seen": str(late.pk)}, follow=True).content.decode()
    assert "已作为第 1 次上报市委、市政府。" in done
    assert "核实上报 1 次" in done
    client.force_login(city.street_officer)
    assert "我写的话" in client.get(incident.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403


def test_the_list_shows_and_finds_what_is_to_be_verified(client: Client) -> None:
    city = build_city()
    quiet, verified, waiting = (happen(city, location=place) for place in ("甲巷", "乙巷", "丙巷"))
    seen = report(verified, city.street_officer, at=minute(20))
    passed(verified, city.office, seen=seen.pk)
    for incident in (verified, waiting):
        report(incident, city.street_officer, at=minute(40), stage="followup")
    passed(quiet, city.office)
    client.force_login(city.office)

    def found() -> set[str]:
        page = client.get("/flood/incidents/", {"state": "unverified"})
        return {incident.location for incident, _ in page.context["rows"]}

    assert found() == {"乙巷", "丙巷"}
    assert client.get("/flood/incidents/").content.decode().count("待核实上报</span>") == 2
    passed(waiting, city.office, seen=waiting.reports.get().pk)
    assert found() == {"乙巷"}


def test_who_is_above_and_has_no_account_is_named_to_be_called(client: Client) -> None:
    city = build_city()
    DepartmentFactory(name="市委办公室", slug="shiweiban", office_phone="5550199")
    client.force_login(city.office)
    page = client.get(f"{happen(city).get_absolute_url()}pass-up/").content.decode()
    assert "没有可收消息的账号" in page
    assert 'href="tel:5550199"' in page


def test_the_unit_that_reports_can_have_a_copy_without_a_seat(client: Client) -> None:
    city = build_city()
    incident = happen(city, unit=city.bureau)
    make_plan(2023)
    client.force_login(city.office)
    page = client.get(f"{incident.get_absolute_url()}pass-up/")
    assert city.bureau in page.context["form"].fields["copies"].queryset


def test_the_api_passes_up_once() -> None:
    city = build_city()
    incident = happen(city)
    api = APIClient(headers={"authorization": f"Token {token_for(city.office)}"})
    address = f"/api/v1/flood/incidents/{incident.pk}/pass-up/"
    made = api.post(address, {"text": "已核实。", "copies": ["shuiwu"]}, format="json")
    assert (made.status_code, made.json()["number"], made.json()["copies"]) == (201, 1, ["shuiwu"])
    assert api.post(address, {"text": "已核实。"}, format="json").status_code == 409
    assert api.post(address, {"text": "已核实。", "copies": ["nobody"]}, format="json").status_code == 400
    shown = api.get(f"/api/v1/flood/incidents/{incident.pk}/").json()
    assert [one["text"] for one in shown["passings_up"]] == ["已核实。"]
    street = APIClient(headers={"authorization": f"Token {token_for(city.street_officer)}"})
    assert street.post(address, {"text": "已核实。"}, format="json").status_code == 403
    nowhere = "/api/v1/flood/incidents/0/pass-up/"
    assert street.post(nowhere, {"text": "已核实。"}, format="json").status_code == 404
