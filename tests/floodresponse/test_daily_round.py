"""Zero and weather reports while flood watch is on."""

from datetime import UTC, datetime, timedelta

import pytest

from floodresponse.models import Obligation, Plan, ReportDeadline
from floodresponse.services.daily import (
    end_flood_watch,
    file_daily_report,
    list_missing_zeros,
    open_daily,
    start_flood_watch,
)
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from notifications.models import Message
from notifications.services import deliver_to_inbox
from tests.factories import DepartmentFactory
from tests.floodresponse.reporting import City, build_city, happen, report

pytestmark = pytest.mark.django_db

# Local midnight of 26 July; 17:00 is nine hours after 08:00 local = 00:00 UTC.
MIDNIGHT = datetime(2023, 7, 25, 16, 0, tzinfo=UTC)


def hour(n: float) -> datetime:
    return MIDNIGHT + timedelta(hours=n)


@pytest.fixture
def city() -> City:
    found = build_city()
    plan = Plan.objects.create(title="青河市2023年方案", year=2023)
    plan.members.create(order=1, role="成员", printed_name="林某", unit=found.bureau)
    DepartmentFactory(name="气象局", slug="qixiang")
    return found


def of_day(kind: str) -> list[tuple[str, float, str]]:
    rows = Obligation.objects.filter(kind=kind).select_related("unit").order_by("unit__name", "due_at")
    return [(row.unit.name, (row.due_at - MIDNIGHT) / timedelta(hours=1), row.state) for row in rows]


def test_nothing_is_owed_daily_before_flood_watch_is_on(city: City) -> None:
    assert open_daily(at=hour(1)) == 0
    assert not Obligation.objects.exists()


def test_every_unit_and_street_owes_a_zero_report_and_the_bureau_two_weather_reports(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    assert of_day("zero") == [("柳河街道", 17.0, "open"), ("水务局", 17.0, "open")]
    assert of_day("weather") == [("气象局", 8.0, "open"), ("气象局", 20.0, "open")]
    assert "17:00" in Obligation.objects.filter(kind="zero")[0].basis


def test_the_plans_own_times_come_before_the_defaults(city: City) -> None:
    ReportDeadline.objects.create(
        plan=Plan.objects.get(), kind="zero", daily_at="16:30", who="各单位", clause="附件3", provisional=True
    )
    start_flood_watch(actor=city.office, at=hour(1))
    zero = Obligation.objects.filter(kind="zero")[0]
    assert (zero.due_at - MIDNIGHT) / timedelta(hours=1) == 16.5
    assert "附件3" in zero.basis and zero.provisional


def test_rounds_repeat_without_a_second_row_or_message(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    messages = Message.objects.count()
    assert messages and open_daily(at=hour(2)) == 0
    assert Message.objects.count() == messages
    assert open_daily(at=hour(25)) == 4


def test_what_was_due_before_it_was_switched_on_is_not_asked(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(18))
    assert of_day("zero") == []
    assert of_day("weather") == [("气象局", 20.0, "open")]


def test_it_is_on_once_and_ends_with_what_was_not_due(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(9))
    with pytest.raises(StateConflict, match="已经开启"):
        start_flood_watch(actor=city.commander, at=hour(9))
    end_flood_watch(actor=city.commander, at=hour(10))
    assert {state for _, _, state in of_day("zero")} == {"excused"}
    with pytest.raises(StateConflict, match="没有开启"):
        end_flood_watch(actor=city.commander, at=hour(10))
    assert not Message.objects.filter(state="pending").exists()


def test_a_unit_does_not_switch_it(city: City) -> None:
    with pytest.raises(PermissionRefused):
        start_flood_watch(actor=city.street_officer, at=hour(9))


@pytest.mark.parametrize(("at", "state"), [(17, "met"), (17.001, "met_late")])
def test_nothing_to_report_is_a_positive_act(city: City, at: float, state: str) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    zero = Obligation.objects.get(kind="zero", unit=city.street)
    with pytest.raises(InvalidInput):
        file_daily_report(actor=city.street_officer, obligation=zero, text=" ", at=hour(at))
    file_daily_report(actor=city.street_officer, obligation=zero, text="无", at=hour(at))
    zero.refresh_from_db()
    assert zero.state == state
    with pytest.raises(StateConflict):
        file_daily_report(actor=city.street_officer, obligation=zero, text="无", at=hour(at))


def test_another_unit_does_not_report_for_it(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    zero = Obligation.objects.get(kind="zero", unit=city.street)
    with pytest.raises(PermissionRefused):
        file_daily_report(actor=city.bureau_officer, obligation=zero, text="无", at=hour(9))


@pytest.mark.parametrize("watch_first", [True, False])
def test_an_incident_report_that_day_meets_the_zero_report(city: City, watch_first: bool) -> None:
    if watch_first:
        start_flood_watch(actor=city.office, at=hour(1))
    incident = happen(city, occurred_at=hour(9), at=hour(9.1))
    report(incident, city.street_officer, at=hour(9.2), channel="phone")
    if not watch_first:
        start_flood_watch(actor=city.office, at=hour(10))
    assert of_day("zero") == [("柳河街道", 17.0, "met"), ("水务局", 17.0, "open")]


def test_an_exercise_meets_nothing_real(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    incident = happen(city, occurred_at=hour(9), at=hour(9.1), exercise=True)
    report(incident, city.street_officer, at=hour(9.2), channel="phone")
    assert of_day("zero")[0] == ("柳河街道", 17.0, "open")


def test_the_missing_ones_reach_the_office_as_one_list(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    assert list_missing_zeros(at=hour(17)) == 0
    zero = Obligation.objects.get(kind="zero", unit=city.bureau)
    file_daily_report(actor=city.bureau_officer, obligation=zero, text="无", at=hour(16))
    for at in (hour(17.01), hour(17.02)):
        assert list_missing_zeros(at=at) == 1
    deliver_to_inbox(now=hour(17.02))
    told = Message.objects.get(about="zero-list:2023-07-26")
    assert told.recipient == city.office and told.body == "柳河街道 值班电话 5550111"


def test_a_unit_is_reminded_itself(city: City) -> None:
    start_flood_watch(actor=city.office, at=hour(1))
    zero = Obligation.objects.get(kind="zero", unit=city.street)
    rows = Message.objects.filter(about=zero.about)
    assert {row.recipient for row in rows} == {city.street_officer}
    assert sorted((row.not_before - hour(17)) / timedelta(minutes=1) for row in rows) == [-15, 0, 30]
