"""Stations are registered and changed with a reason; their marks decide whether a level rests on them."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from floodresponse.assessing import assess
from floodresponse.models import Station
from floodresponse.querysets import StationQuerySet
from floodresponse.services.stations import StationContent, register_station
from foundation.errors import StateConflict
from foundation.models import AuditEntry
from organizations.models import Role
from tests.accounts import browser_of
from tests.floodresponse.city import gauge, make_plan, rained

pytestmark = pytest.mark.django_db
REGISTER, CHANGE = "/flood/stations/register/", "/flood/stations/R1/change/"
CHANGERS = {"duty_officer", "commander", "editor", "publisher"}
NEW = {"code": "R1", "kind": "rain", "name": "北门站", "interval_minutes": "5", "is_urban": "on"}
SAME = {
    "name": "雨量R1",
    "interval_minutes": "5",
    "is_urban": "on",
    "is_active": "on",
    "reason": "核对站点台账",
}


@pytest.fixture
def officer() -> Client:
    return browser_of("duty_officer")


def send_change(client: Client, sent: dict[str, Any]) -> Any:
    """Send the change from a page that was opened just now; who may not open it sends it all the same."""
    page = client.get(CHANGE)
    seen = page.context["form"]["seen"].value() if page.status_code == 200 else ""
    return client.post(CHANGE, {"seen": seen, **sent})


def test_registered_with_marks_position_network_and_interval(officer: Client) -> None:
    more = {"longitude": "122.74", "latitude": "48.01", "network": "水文站网", "street": "东街街道"}
    done = officer.post(REGISTER, {**NEW, **more})
    assert done["Location"] == "/flood/stations/R1/"
    station = Station.objects.get()
    assert (station.is_urban, station.network, station.longitude) == (True, "水文站网", Decimal("122.74"))
    assert AuditEntry.objects.filter(action="flood_station.register").count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": ""}, "必填"),
        ({"interval_minutes": "0"}, "至少 1 分钟"),
        ({"longitude": "122"}, "一起填写"),
        ({"longitude": "180.1", "latitude": "1"}, "−180 至 180"),
        ({"longitude": "1", "latitude": "90.1"}, "−90 至 90"),
        ({"kind": "snow"}, "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    officer: Client, change: dict[str, str], words: str
) -> None:
    refused = officer.post(REGISTER, {**NEW, **change})
    assert refused.status_code == 400 and words in refused.content.decode()
    assert not Station.objects.exists()


def test_a_code_is_given_once(officer: Client) -> None:
    gauge("R1")
    refused = officer.post(REGISTER, NEW)
    assert refused.status_code == 400 and "已存在" in refused.content.decode()


def test_a_code_given_between_look_and_write_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    gauge("R1")
    monkeypatch.setattr(StationQuerySet, "exists", lambda rows: False)
    with pytest.raises(StateConflict, match="已经登记"):
        register_station(
            actor=None, at=timezone.now(), content=StationContent(code="R1", name="北门站", kind="rain")
        )
    assert Station.objects.count() == 1


def test_a_mark_taken_away_takes_the_station_out_of_the_level(officer: Client) -> None:
    make_plan()
    rained(gauge("R1"), "50")
    assert assess(timezone.localtime()).level == 2
    sent = {name: value for name, value in SAME.items() if name != "is_urban"}
    assert send_change(officer, sent).status_code == 302
    assert assess(timezone.localtime()).level is None
    entry = AuditEntry.objects.get(action="flood_station.change")
    assert (entry.before, entry.after, entry.reason) == (
        {"is_urban": True},
        {"is_urban": False},
        "核对站点台账",
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [({}, "没有改动"), ({"name": "南门", "reason": "三个字"}, "4 至 200 字"), ({"name": ""}, "必填")],
)
def test_a_change_has_a_reason_and_changes_something(
    officer: Client, change: dict[str, Any], words: str
) -> None:
    gauge("R1")
    refused = send_change(officer, {**SAME, **change})
    assert refused.status_code == 400 and words in refused.content.decode()
    assert Station.objects.get().name == "雨量R1"


def test_code_and_kind_stay(officer: Client) -> None:
    gauge("R1")
    send_change(officer, {**SAME, "name": "南门", "code": "X", "kind": "ponding"})
    station = Station.objects.get()
    assert (station.code, station.kind, station.name) == ("R1", "rain", "南门")


def test_an_old_page_does_not_undo_anothers_correction(officer: Client) -> None:
    gauge("R1")
    old = officer.get(CHANGE).context["form"]["seen"].value()
    assert send_change(browser_of("editor"), {**SAME, "network": "水文站网"}).status_code == 302
    refused = send_change(officer, {**SAME, "name": "南门", "seen": old})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "他人已修改" in page and "站网“水文站网”" in page and 'value="南门"' in page
    station = Station.objects.get()
    assert (station.name, station.network) == ("雨量R1", "水文站网")
    renewed = refused.context["form"]["seen"].value()
    sent = {**SAME, "name": "南门", "network": "水文站网", "seen": renewed}
    assert officer.post(CHANGE, sent).status_code == 302
    assert Station.objects.get().name == "南门"


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_who_may(role: str | None) -> None:
    gauge("R1")
    client = browser_of(role)
    wanted = 200 if role in CHANGERS else 302 if role == "anonymous" else 403
    assert [client.get(path).status_code for path in (REGISTER, CHANGE)] == [wanted, wanted]
    send_change(client, {**SAME, "name": "南门"})
    assert (Station.objects.get().name == "南门") is (role in CHANGERS)
