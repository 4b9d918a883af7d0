"""Somebody leaves: what is still owed is seen, handed over in one step, and told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from floodresponse.models import DutyShift, DutySwap, Incident
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from taskboard.models.ledgers import ApprovalCase
from tests.accounts import browser_of, person, token_for
from tests.factories import DepartmentFactory, TaskFactory, UserFactory
from tests.zalantun.onerecord import one_of_each
from zalantun.accounts.duties import duties_of, left_over
from zalantun.accounts.services import leave

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def unit() -> Department:
    made: Department = DepartmentFactory(name="住建局")
    return made


@pytest.fixture
def leaver(unit: Department) -> User:
    user: User = UserFactory(username="li", role="department_officer", department=unit, display_name="李明")
    return user


@pytest.fixture
def successor(unit: Department) -> User:
    user: User = UserFactory(username="zhao", role="department_officer", department=unit, display_name="赵敏")
    return user


def incident(unit: Department, tracker: User) -> Incident:
    return Incident.objects.create(
        unit=unit,
        occurred_at=AT,
        found_at=AT,
        entered_at=AT,
        entered_by=tracker,
        confirmed_at=AT,
        location="中央南路",
        kind="waterlogging",
        tracker=tracker,
    )


def shift(unit: Department, user: User, days: int) -> DutyShift:
    day = date(2026, 7, 6) + timedelta(days=days)
    return DutyShift.objects.create(
        unit=unit, day=day, role="officer", name=str(user), phone="13900000000", user=user, entered_at=AT
    )


def seen_in(answer: Any) -> str:
    """The mark of the plan that a page showed."""
    return str(answer.context["plan"].mark) if answer.context["shown"] else ""


def test_all_is_handed_over_in_one_step(unit: Department, leaver: User, successor: User) -> None:
    followed, past, coming = incident(unit, leaver), shift(unit, leaver, -1), shift(unit, leaver, 3)
    token = {"Authorization": f"Token {token_for(leaver)}"}
    moved = leave(actor=person("security_admin"), at=AT, user=leaver, successor=successor, reason="调离")
    for record in (followed, past, coming, leaver):
        record.refresh_from_db()
    assert moved == 2 and followed.tracker == successor
    assert (past.user, coming.user, coming.name) == (leaver, successor, "赵敏")
    assert not leaver.is_active
    assert Client().get("/api/v1/messages/", headers=token).status_code == 401
    entry = AuditEntry.objects.get(action="user.leave")
    assert (entry.reason, entry.after["successor"], entry.after["moved"]) == ("调离", "赵敏", 2)
    told = Message.objects.filter(topic="account", channel="inbox").values_list("recipient", flat=True)
    assert set(told) == {leaver.pk, successor.pk}


def test_a_swap_that_waits_is_off(unit: Department, leaver: User, successor: User) -> None:
    mine, other = shift(unit, leaver, 3), shift(unit, successor, 4)
    swap = DutySwap.objects.create(
        shift=mine, other=other, name="李明", other_name="赵敏", reason="试", asked_at=AT, asked_by=leaver
    )
    leave(actor=person("security_admin"), at=AT, user=leaver, successor=successor, reason="调离")
    swap.refresh_from_db()
    assert swap.state == "withdrawn"


def test_the_last_officer_of_a_department_leaves_the_role_to_the_successor(
    unit: Department, leaver: User
) -> None:
    task = TaskFactory(state="issued")
    task.duties.create(department=unit, role="lead", order=0)
    stranger: User = UserFactory(username="sun")
    (last,) = duties_of(leaver, at=AT).last_of
    assert list(last.waits) == [("未办结任务", 1), ("未报防汛报告", 0)]
    leave(actor=person("security_admin"), at=AT, user=leaver, successor=stranger, reason="调离")
    assert stranger.assignments.filter(role=Role.DEPARTMENT_OFFICER, department=unit).exists()


def test_approvals_wait_for_the_successor(
    tmp_path: Any, settings: Any, leaver: User, successor: User
) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    one_of_each()
    ApprovalCase.objects.update(approver=leaver, outcome="", outcome_on=None)
    leave(actor=person("security_admin"), at=AT, user=leaver, successor=successor, reason="调离")
    assert {case.approver for case in ApprovalCase.objects.select_related("approver")} == {successor}


def test_when_one_room_refuses_nothing_has_happened(unit: Department, leaver: User) -> None:
    incident(unit, leaver)
    stranger: User = UserFactory(username="sun", role="department_officer", department=DepartmentFactory())
    UserFactory(username="wu", role="department_officer", department=unit)
    with pytest.raises(InvalidInput, match="不能接替"):
        leave(actor=person("security_admin"), at=AT, user=leaver, successor=stranger, reason="调离")
    leaver.refresh_from_db()
    assert leaver.is_active and Incident.objects.get().tracker == leaver
    assert not Message.objects.exists()


@pytest.mark.parametrize("kind", ["oneself", "the leaver", "disabled", "administrator"])
def test_who_cannot_take_over(leaver: User, kind: str) -> None:
    admin = person("security_admin")
    successors: dict[str, User] = {
        "oneself": admin,
        "the leaver": leaver,
        "disabled": UserFactory(username="off", is_active=False),
        "administrator": person("audit_admin"),
    }
    with pytest.raises(InvalidInput):
        leave(actor=admin, at=AT, user=leaver, successor=successors[kind], reason="调离")
    leaver.refresh_from_db()
    assert leaver.is_active


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "commander", "department_head"])
def test_nobody_else_sends_people_away(leaver: User, role: str) -> None:
    with pytest.raises(PermissionRefused):
        leave(actor=person(role), at=AT, user=leaver, successor=None, reason="调离")


def test_whoever_is_gone_without_a_successor_is_told_to_the_head_until_somebody_takes_it(
    unit: Department, leaver: User, successor: User
) -> None:
    now = timezone.now()
    incident(unit, leaver)
    head: User = UserFactory(username="head", role="department_head", department=unit)
    other: User = UserFactory(username="far", role="department_head", department=DepartmentFactory())
    admin = person("security_admin")
    leave(actor=admin, at=now, user=leaver, successor=None, reason="调离")
    assert [user.pk for user in left_over({unit.pk}, at=now)] == [leaver.pk]
    for who, sees in ((head, True), (other, False), (successor, False)):
        client = Client()
        client.force_login(who)
        assert ("李明已离岗" in client.get("/").content.decode()) is sees
    leave(actor=admin, at=now, user=leaver, successor=successor, reason="补办移交")
    assert not left_over({unit.pk}, at=now)
    with pytest.raises(StateConflict):
        leave(actor=admin, at=now, user=leaver, successor=successor, reason="再办")


class TestPages:
    def test_what_is_owed_is_listed_and_the_form_keeps_what_was_typed(
        self, unit: Department, leaver: User
    ) -> None:
        incident(unit, leaver)
        client = browser_of("security_admin")
        address = f"/accounts/people/{leaver.pk}/leave/"
        assert "中央南路" in client.get(address).content.decode()
        answer = client.post(address, {"successor": person("audit_admin").pk, "reason": "调往外地"})
        assert answer.status_code == 400
        assert "不能兼办业务" in answer.content.decode() and 'value="调往外地"' in answer.content.decode()

    def test_who_owes_nothing_is_told_so(self, leaver: User, successor: User) -> None:
        page = browser_of("security_admin").get(f"/accounts/people/{leaver.pk}/leave/").content.decode()
        assert "名下没有未了结的事项" in page and 'scope="row"' not in page

    def test_done_by_the_page(self, leaver: User, successor: User) -> None:
        client, address = browser_of("security_admin"), f"/accounts/people/{leaver.pk}/leave/"
        choice = {"successor": successor.pk, "reason": "调离"}
        answer = client.post(address, {**choice, "seen": seen_in(client.post(address, choice))}, follow=True)
        assert "已停用“李明”的账号" in answer.content.decode()
        assert "工作由赵敏接替" in answer.content.decode()
        assert not User.objects.get(pk=leaver.pk).is_active

    def test_nothing_happens_before_the_plan_was_seen(
        self, unit: Department, leaver: User, successor: User
    ) -> None:
        followed = incident(unit, leaver)
        client, address = browser_of("security_admin"), f"/accounts/people/{leaver.pk}/leave/"
        choice = {"successor": successor.pk, "reason": "调离"}
        answer = client.post(address, choice)
        page, plan = answer.content.decode(), answer.context["plan"]
        assert answer.status_code == 200 and "此前什么都没有改动" in page and "停用并移交" in page
        assert [(going.line.label, going.to) for going in plan.lines if going.line.count] == [
            ("跟踪中的险情灾情", "赵敏")
        ]
        leaver.refresh_from_db()
        assert leaver.is_active
        shift(unit, leaver, 900)  # somebody enters another duty meanwhile
        answer = client.post(address, {**choice, "seen": plan.mark})
        assert answer.status_code == 400 and "刚才有变化，没有办理" in answer.content.decode()
        followed.refresh_from_db()
        assert followed.tracker == leaver
        client.post(address, {**choice, "seen": answer.context["plan"].mark})
        followed.refresh_from_db()
        assert followed.tracker == successor

    def test_who_cannot_take_it_is_said_beside_the_duty_and_no_button_carries_it_out(
        self, unit: Department, leaver: User
    ) -> None:
        incident(unit, leaver)
        UserFactory(username="wu", role="department_officer", department=unit)
        stranger: User = UserFactory(
            username="sun", role="department_officer", department=DepartmentFactory()
        )
        client = browser_of("security_admin")
        answer = client.post(
            f"/accounts/people/{leaver.pk}/leave/", {"successor": stranger.pk, "reason": "调离"}
        )
        page = answer.content.decode()
        assert "sun不是住建局或防涝办的人员，不能接替" in page and "停用并移交" not in page

    def test_without_a_successor_the_page_says_who_is_left_with_it(
        self, unit: Department, leaver: User
    ) -> None:
        incident(unit, leaver)
        client = browser_of("security_admin")
        answer = client.post(f"/accounts/people/{leaver.pk}/leave/", {"successor": "", "reason": "调离"})
        assert "无人接替，提醒部门负责人" in answer.content.decode() and seen_in(answer)
