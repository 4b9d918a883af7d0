"""A unit's own page: what it owes, what it was told to do, sirens; for whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from floodresponse.models import CallOut, Obligation, Response, SirenOrder, UnitAction
from floodresponse.services import Decision, declare_response
from floodresponse.services.incidents import IncidentContent, report_incident
from foundation.models import AuditEntry
from organizations.models import Role
from tests.accounts import browser_of, person
from tests.factories import UserFactory
from tests.floodresponse.city import department, make_plan
from tests.floodresponse.commandpost import on_duty

pytestmark = pytest.mark.django_db
PAGE = "/flood/mine/"
WHY = "雨势持续，提前处置值守。"


def officer_of(unit: str, role: str = "department_officer") -> Client:
    client = Client()
    client.force_login(UserFactory(username=f"{role}-{unit}", role=role, department=department(unit)))
    return client


def declared(level: int = 3, *, exercise: bool = False) -> Response:
    return declare_response(
        actor=person("commander"),
        at=timezone.now(),
        decision=Decision(level=level, reason=WHY),
        exercise=exercise,
    )


def happened(unit: str, minutes: int = 30, **more: Any) -> None:
    now = timezone.now()
    content = IncidentContent(
        unit=department(unit),
        occurred_at=now - timedelta(minutes=minutes),
        location=f"{unit}门口",
        **more,
    )
    report_incident(actor=person("commander"), content=content, at=now)


def test_a_unit_sees_its_own_overdue_first_and_nothing_of_others() -> None:
    make_plan()
    happened("排水局")
    happened("治安局")
    page = officer_of("排水局").get(PAGE)
    kinds = [one.clock.obligation.kind for one in page.context["due"].all]
    assert kinds == ["phone", "media", "written"]
    assert "排水局门口" in page.content.decode() and "治安局门口" not in page.content.decode()


def test_the_office_sees_all() -> None:
    make_plan()
    happened("排水局")
    happened("治安局")
    assert len(browser_of("duty_officer").get(PAGE).context["due"].all) == 6


def owe_daily(unit: str, *, due_at: datetime) -> None:
    created_at = due_at - timedelta(hours=9)
    Obligation.objects.create(
        kind="zero", unit=department(unit), due_at=due_at, basis="每日", created_at=created_at
    )


def hence(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def test_what_is_due_next_stands_open_and_the_rest_is_folded() -> None:
    make_plan()
    for number in range(3):
        happened("排水局", minutes=30 + number)
    page = officer_of("排水局").get(PAGE)
    due = page.context["due"]
    assert (len(due.first), len(due.rest)) == (6, 3)
    limits = [one.clock.obligation.due_at for one in due.all]
    assert limits == sorted(limits)
    assert "其余 3 项" in page.content.decode()


def test_one_or_two_more_are_not_worth_folding() -> None:
    make_plan()
    for number in range(2):
        happened("排水局", minutes=30 + number)
    owe_daily("排水局", due_at=hence(1))
    owe_daily("排水局", due_at=hence(2))
    due = officer_of("排水局").get(PAGE).context["due"]
    assert (len(due.first), len(due.rest)) == (8, 0)


def test_what_was_missed_on_earlier_days_stands_last() -> None:
    make_plan()
    owe_daily("排水局", due_at=hence(-49))
    happened("排水局")
    due = officer_of("排水局").get(PAGE).context["due"].all
    assert [one.clock.obligation.kind for one in due] == ["phone", "media", "written", "zero"]


def test_the_office_sees_the_zero_reports_of_one_limit_in_one_line() -> None:
    make_plan()
    now = timezone.now()
    for unit in ("排水局", "治安局", "东街街道"):
        owe_daily(unit, due_at=now - timedelta(minutes=5))
    page = browser_of("duty_officer").get(PAGE)
    assert [one.units for one in page.context["due"].all] == [3]
    text = page.content.decode()
    assert "3 个单位 · 零报告" in text and "?kind=zero&amp;state=overdue" in text
    assert "报“今日无灾情”" not in text


def test_the_office_has_orders_at_hand_that_nobody_has_answered_with_the_number_on_duty() -> None:
    make_plan()
    declared()
    unit = department("东街街道")
    on_duty(unit, "555 0101")
    UnitAction.objects.filter(unit__name="排水局").update(state="acknowledged")
    page = browser_of("duty_officer").get(PAGE)
    states = [order.action.state for order in page.context["actions"].all]
    assert states == sorted(states, key=["open", "acknowledged", "done"].index)
    assert 'href="tel:5550101"' in page.content.decode()
    action = UnitAction.objects.filter(unit=unit, state="open")[0]
    browser_of("duty_officer").post(f"{PAGE}actions/{action.pk}/calls/", {"answered": "1"})
    call = CallOut.objects.get(action=action)
    assert (call.called, call.number) == ("东街街道 值班 林甲", "555 0101")


def test_an_order_is_acknowledged_then_done_once_each() -> None:
    make_plan()
    declared()
    client, action = officer_of("排水局"), UnitAction.objects.get(unit__name="排水局")
    address = f"{PAGE}actions/{action.pk}/"
    assert "抽排积水" in client.get(PAGE).content.decode()
    client.post(address)
    again = client.post(address, follow=True).content.decode()
    assert "已签收" in again and "不能这样办理" in again
    client.post(address, {"step": "done"})
    action.refresh_from_db()
    assert (action.state, action.acknowledged_by) == ("done", action.done_by)


def test_another_units_order_is_not_ones_own() -> None:
    make_plan()
    declared()
    action = UnitAction.objects.get(unit__name="治安局")
    answer = officer_of("排水局").post(f"{PAGE}actions/{action.pk}/", follow=True)
    assert "不能代为办理" in answer.content.decode()
    action.refresh_from_db()
    assert action.state == "open"


def test_a_siren_is_confirmed_once_by_the_command_post() -> None:
    make_plan()
    declared(3)
    client, order = browser_of("duty_officer"), SirenOrder.objects.get(number=1)
    assert "待鸣放警报 3 次" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sirens/{order.pk}/")
    order.refresh_from_db()
    assert order.sounded_by == person("duty_officer")
    again = client.post(f"{PAGE}sirens/{order.pk}/", follow=True).content.decode()
    assert "待鸣放警报 2 次" in again and "没有重复确认" in again


def test_the_duty_officer_of_a_street_is_not_asked_to_confirm_what_only_the_office_confirms() -> None:
    make_plan()
    declared(3)
    client, order = Client(), SirenOrder.objects.get(number=1)
    client.force_login(UserFactory(role="duty_officer", department=department("东街街道")))
    assert "待鸣放警报" not in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sirens/{order.pk}/")
    order.refresh_from_db()
    assert order.sounded_at is None


def test_a_unit_is_not_asked_about_sirens() -> None:
    make_plan()
    declared(3)
    client, order = officer_of("排水局"), SirenOrder.objects.get(number=1)
    assert "待鸣放警报" not in client.get(PAGE).content.decode()
    client.post(f"{PAGE}sirens/{order.pk}/")
    order.refresh_from_db()
    assert order.sounded_at is None


def test_a_drill_is_marked() -> None:
    make_plan()
    declared(4, exercise=True)
    happened("排水局", exercise=True)
    assert officer_of("排水局").get(PAGE).content.decode().count("flood-exercise") >= 4


def test_nothing_to_report_is_one_press() -> None:
    make_plan()
    now = timezone.now()
    zero = Obligation.objects.create(
        kind="zero", unit=department("排水局"), due_at=now + timedelta(hours=1), basis="每日", created_at=now
    )
    client = officer_of("排水局")
    assert "报“今日无灾情”" in client.get(PAGE).content.decode()
    client.post(f"/flood/obligations/{zero.pk}/", {"step": "daily", "text": "今日无灾情。"})
    zero.refresh_from_db()
    assert zero.state == "met" and "没有应报的报告" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
def test_who_may(role: str | None) -> None:
    make_plan()
    may = role in (Role.DUTY_OFFICER, Role.COMMANDER, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)
    wanted = 302 if role == "anonymous" else 200 if may else 403
    assert browser_of(role).get(PAGE).status_code == wanted


def test_it_costs_few_queries_however_much_is_owed() -> None:
    make_plan()
    declared()
    client = officer_of("排水局")
    happened("排水局")
    few = cost(client)
    for _ in range(5):
        happened("排水局")
    assert cost(client) == few <= 15


def cost(client: Client) -> int:
    client.get(PAGE)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(PAGE).status_code == 200
    return len(captured)


class TestCalls:
    def call(self, client: Client, action: UnitAction, answered: str) -> str:
        return client.post(f"{PAGE}actions/{action.pk}/calls/", {"answered": answered}, follow=True).text

    def test_the_office_keeps_who_was_called_about_an_order_and_whether_they_answered(self) -> None:
        make_plan()
        declared()
        client, action = browser_of("duty_officer"), UnitAction.objects.filter(state="open")[0]
        assert "未接听（" in self.call(client, action, "0")
        assert "已接听（" in self.call(client, action, "1")
        calls = CallOut.objects.filter(action=action, obligation=None)
        assert list(calls.values_list("answered", flat=True)) == [False, True]
        entries = AuditEntry.objects.filter(action="flood_action.call").order_by("sequence")
        assert [entry.after["answered"] for entry in entries] == [False, True]

    def test_nobody_is_called_about_what_was_answered(self) -> None:
        make_plan()
        declared()
        action = UnitAction.objects.filter(state="open")[0]
        UnitAction.objects.filter(pk=action.pk).update(state="acknowledged")
        assert "无需再叫应" in self.call(browser_of("duty_officer"), action, "1")
        assert not CallOut.objects.exists()

    def test_a_unit_does_not_call_itself(self) -> None:
        make_plan()
        declared()
        action = UnitAction.objects.filter(state="open", unit__name="排水局")[0]
        client = officer_of("排水局")
        assert f"actions/{action.pk}/calls/" not in client.get(PAGE).text
        assert "您没有权限登记叫应" in self.call(client, action, "1")
        assert not CallOut.objects.exists()


@pytest.mark.parametrize("exercise", [False, True])
def test_the_log_of_an_answer_says_whether_it_was_a_drill(exercise: bool) -> None:
    make_plan()
    declared(exercise=exercise)
    action = UnitAction.objects.filter(state="open")[0]
    browser_of("duty_officer").post(f"{PAGE}actions/{action.pk}/")
    assert AuditEntry.objects.get(action="flood_action.acknowledge").after["exercise"] is exercise
