"""Two people decide at the same moment: one change, and the other is told what has changed."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from floodresponse.models import (
    CapMessage,
    LevelRecord,
    Notice,
    Obligation,
    Response,
    SirenOrder,
    UnitAction,
)
from floodresponse.services import (
    Decision,
    adjust_response,
    declare_response,
    terminate_response,
)
from floodresponse.services.acknowledging import acknowledge_obligation
from floodresponse.services.obligations import excuse_obligation
from floodresponse.services.orders import acknowledge_action, confirm_sounding, finish_action
from floodresponse.services.reports import ReportContent, file_report
from foundation.models import AuditEntry
from organizations.models import User
from tests.atonce import press_at_once
from tests.factories import UserFactory
from tests.floodresponse.city import make_plan
from tests.floodresponse.reporting import build_city, happen

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "河道水位上涨，提前部署"


@pytest.fixture
def commanders() -> list[User]:
    make_plan()
    return [UserFactory(role="commander") for _ in range(2)]


def declared(by: User, level: int = 3) -> Response:
    at = timezone.now() - timedelta(minutes=1)
    return declare_response(actor=by, at=at, decision=Decision(level=level, reason=WHY))


def one_was_refused(answers: list[str]) -> str:
    assert sorted(map(bool, answers)) == [False, True]
    return max(answers)


def test_two_adjustments_from_the_same_page_are_one(commanders: list[User]) -> None:
    response = declared(commanders[0])
    answers = press_at_once(
        [
            partial(
                adjust_response,
                actor=who,
                at=timezone.now(),
                response=Response.objects.get(pk=response.pk),
                decision=Decision(level=level, reason=WHY),
                seen=1,
            )
            for who, level in zip(commanders, (2, 1), strict=True)
        ]
    )
    assert "没有执行" in one_was_refused(answers)
    for model in (LevelRecord, Notice, CapMessage):
        assert model._default_manager.count() == 2, model
    assert AuditEntry.objects.filter(action="flood_response.adjust").count() == 1


def test_a_response_ends_once(commanders: list[User]) -> None:
    response = declared(commanders[0])
    answers = press_at_once(
        [
            partial(
                terminate_response,
                actor=who,
                at=timezone.now(),
                response=Response.objects.get(pk=response.pk),
                decision=Decision(level=None, reason=WHY),
            )
            for who in commanders
        ]
    )
    assert "终止" in one_was_refused(answers)
    assert LevelRecord.objects.filter(level=None).count() == 1
    assert AuditEntry.objects.filter(action="flood_response.terminate").count() == 1


def test_adjusted_and_ended_from_the_same_page_is_one_of_both(commanders: list[User]) -> None:
    response = declared(commanders[0])

    def adjust() -> None:
        adjust_response(
            actor=commanders[0],
            at=timezone.now(),
            response=Response.objects.get(pk=response.pk),
            decision=Decision(level=2, reason=WHY),
            seen=1,
        )

    def end() -> None:
        terminate_response(
            actor=commanders[1],
            at=timezone.now(),
            response=Response.objects.get(pk=response.pk),
            decision=Decision(level=None, reason=WHY),
            seen=1,
        )

    one_was_refused(press_at_once([adjust, end]))
    assert LevelRecord.objects.filter(response=response).count() == 2


@pytest.mark.parametrize("step", [acknowledge_action, finish_action])
def test_a_units_action_is_answered_once(commanders: list[User], step: Callable[..., object]) -> None:
    declared(commanders[0])
    action = UnitAction.objects.order_by("pk")[0]
    if step is finish_action:
        acknowledge_action(actor=commanders[0], at=timezone.now(), action=action)
    records = AuditEntry.objects.filter(object_type=UnitAction._meta.label, object_id=str(action.pk))
    before = records.count()
    answers = press_at_once(
        [
            partial(step, actor=who, at=timezone.now(), action=UnitAction.objects.get(pk=action.pk))
            for who in commanders
        ]
    )
    assert one_was_refused(answers)
    assert records.count() == before + 1


def test_a_sounding_is_confirmed_once(commanders: list[User]) -> None:
    declared(commanders[0])
    order = SirenOrder.objects.order_by("pk")[0]
    answers = press_at_once(
        [
            partial(confirm_sounding, actor=who, at=timezone.now(), order=SirenOrder.objects.get(pk=order.pk))
            for who in commanders
        ]
    )
    assert one_was_refused(answers)
    assert SirenOrder.objects.exclude(sounded_at=None).count() == 1


def test_a_late_report_is_excused_once() -> None:
    city = build_city()
    incident = happen(city)
    phone = incident.obligations.get(kind="phone")
    answers = press_at_once(
        [
            partial(
                excuse_obligation,
                actor=who,
                obligation=Obligation.objects.get(pk=phone.pk),
                reason="通信中断",
                at=timezone.now(),
            )
            for who in (city.office, city.commander)
        ]
    )
    assert "无需" in one_was_refused(answers)
    assert AuditEntry.objects.filter(action="obligation.excuse").count() == 1


@pytest.mark.parametrize("attempt", range(4))
def test_a_report_is_kept_whoever_acknowledges_what_it_meets_meanwhile(attempt: int) -> None:
    make_plan()
    city = build_city()
    moment = timezone.now() - timedelta(minutes=5)
    incident = happen(city, at=moment, occurred_at=moment)
    owed = incident.obligations.get(kind="phone")
    content = ReportContent(channel="phone", stage="first", text="已封路")
    answers = press_at_once(
        [
            partial(
                file_report, actor=city.street_officer, incident=incident, content=content, at=timezone.now()
            ),
            partial(acknowledge_obligation, actor=city.office, obligation=owed, at=timezone.now()),
        ]
    )
    assert answers[0] == ""
    assert answers[1] == "" or "已经报送" in answers[1]
    assert incident.reports.get().channel == "phone"
    owed.refresh_from_db()
    assert owed.state == "met"
