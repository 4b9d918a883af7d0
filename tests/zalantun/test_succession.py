"""What somebody who left had begun is seen to by the successor; messages follow, authorship stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directives.services import move_directive
from events.models import Event
from events.services import move_event
from events.services.texts import propose_event, step_event_revision
from foundation.errors import PermissionRefused
from foundation.models import AuditEntry, Revision
from foundation.services.revisions import Writing
from gazette.desk.queues import MINE, OTHERS, Asked, rows_of
from gazette.models import NamesRun
from gazette.services.issues import create_issue
from gazette.services.namesruns import carry_out_names
from notifications.models import Contact, Message, Topic
from notifications.services import Draft, queue_messages, send_outbound
from organizations.models import Role, User
from organizations.services import reset_password, update_account
from organizations.succession import standing_in, works_for
from taskboard.models import CalendarKey, Inspection, Listing
from taskboard.services.calendarkeys import renew_calendar_key
from tests.accounts import browser_of, person
from tests.factories import DirectiveFactory, EventFactory, TaskFactory, TaskListFactory, UserFactory
from tests.floodresponse.reporting import build_city, happen, minute
from zalantun.accounts.duties import duties_of
from zalantun.accounts.services import leave

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def gone(user: User, successor: User | None = None) -> None:
    leave(actor=person("security_admin"), at=AT, user=user, successor=successor, reason="调离")
    user.refresh_from_db()


def send_away(user: User, at: datetime) -> None:
    leave(actor=person("security_admin"), at=at, user=user, successor=None, reason="调离")


def switch_off(user: User, at: datetime, *, is_active: bool = False) -> None:
    """In the admin, where nobody is asked who goes on."""
    actor, names = person("system_admin"), {"display_name": user.display_name, "email": user.email}
    update_account(actor=actor, at=at, user=user, is_active=is_active, reason="调离", **names)


def told(user: User) -> list[str]:
    mine = Message.objects.filter(recipient=user).exclude(topic=Topic.ACCOUNT)
    return list(mine.order_by("pk").values_list("subject", flat=True))


def labels(user: User, whose: str) -> list[str]:
    return [row[2] for row in rows_of(Asked("drafts", works_for(user.pk), whose=whose))]


def unfinished(user: User) -> dict[str, int]:
    return {line.label: line.count for line in duties_of(user, at=AT).unfinished if line.count}


def correction(user: User, event: Event) -> Revision:
    """A correction of a published entry that the person has begun."""
    writing = Writing(user, AT, "改")
    return propose_event(actor=user, event=event, content={"text": "另一段文字。"}, writing=writing)


def waiting_for(user: User, tier: str = "due", topic: str = "task") -> None:
    draft = Draft(
        about="obligation:1", tier=tier, recipient=user, topic=topic, subject="请报送", not_before=LATER
    )
    queue_messages(drafts=[draft], at=AT)


class TestWhoGoesOn:
    def test_by_way_of_others_who_left_and_only_while_they_are_gone(self) -> None:
        first, second, third = (person("editor", name) for name in ("first", "second", "third"))
        gone(first, second)
        assert standing_in(first) == second and works_for(second.pk) == {first.pk, second.pk}
        gone(second, third)
        assert standing_in(User.objects.get(pk=first.pk)) == third
        assert works_for(third.pk) == {first.pk, second.pk, third.pk}
        User.objects.filter(pk=first.pk).update(is_active=True)
        first.refresh_from_db()
        assert standing_in(first) == first and works_for(third.pk) == {second.pk, third.pk}

    def test_nobody_where_two_name_each_other(self) -> None:
        first, second = person("editor", "first"), person("editor", "second")
        User.objects.filter(pk=first.pk).update(is_active=False, successor=second)
        User.objects.filter(pk=second.pk).update(is_active=False, successor=first)
        first.refresh_from_db()
        assert standing_in(first) is None

    def test_nobody_without_a_successor(self) -> None:
        editor = person("editor")
        person("editor", "left-behind")
        gone(editor)
        assert standing_in(editor) is None


class TestDrafts:
    def test_they_stand_on_the_successors_desk(self) -> None:
        writer, heir = person("editor", "writer"), person("editor", "heir")
        published = EventFactory(title="检查防汛")
        correction(writer, published)
        assert labels(writer, MINE) == ["检查防汛"] and labels(heir, MINE) == []
        gone(writer, heir)
        assert labels(heir, MINE) == ["检查防汛"] and labels(heir, OTHERS) == []
        assert labels(person("editor"), OTHERS) == ["检查防汛"]

    def test_what_was_handed_in_comes_back_to_the_successor(self) -> None:
        writer, heir, signer = person("editor", "writer"), person("editor", "heir"), person("publisher")
        event = EventFactory(title="检查防汛", publication="draft")
        move_event(actor=writer, at=AT, event=event, step="submit")
        gone(writer, heir)
        move_event(actor=signer, at=LATER, event=event, step="return", reason="日期有误")
        assert told(heir) == ["被退回修改：大事记“检查防汛”"] and told(writer) == []

    @pytest.mark.parametrize("role", [None, "department_officer"])
    def test_and_to_all_editors_where_the_successor_is_none_or_nobody_was_named(
        self, role: str | None
    ) -> None:
        writer, signer = person("editor", "writer"), person("publisher")
        others = [person("editor", "one"), person("editor", "two")]
        directive = DirectiveFactory(title="供热通知", publication="draft")
        move_directive(actor=writer, at=AT, directive=directive, step="submit")
        gone(writer, person(role) if role else None)
        move_directive(actor=signer, at=LATER, directive=directive, step="return", reason="缺附件")
        assert [len(told(other)) for other in others] == [1, 1] and told(writer) == []

    def test_four_eyes_look_at_who_wrote(self) -> None:
        writer, heir = person("publisher", "writer"), person("publisher", "heir")
        event = EventFactory(title="检查防汛", publication="draft")
        move_event(actor=writer, at=AT, event=event, step="submit")
        gone(writer, heir)
        move_event(actor=heir, at=LATER, event=event, step="publish")
        event.refresh_from_db()
        assert event.publication == "published"
        revision = correction(heir, event)
        step_event_revision(actor=heir, at=LATER, revision=revision, step="submit")
        with pytest.raises(PermissionRefused):
            step_event_revision(actor=heir, at=LATER, revision=revision, step="publish")


def test_all_that_was_begun_is_counted_with_its_page() -> None:
    leaver = person("supervisor", "leaver")
    person("supervisor", "stays")
    task_list = TaskListFactory(made_by=leaver)
    TaskFactory(task_list=task_list, state="draft")
    issued = TaskListFactory(made_by=leaver)
    task = TaskFactory(task_list=issued, state="issued")
    day = date(2031, 9, 1)
    Inspection.objects.create(
        title="供热专项", purpose="看进度", starts_on=day, ends_on=day, created_at=AT, created_by=leaver
    )
    Listing.objects.create(task=task, listed_by=leaver, listed_at=AT, deadline=day, notice="催办")
    create_issue(
        actor=person("editor"), at=AT, title="青河公报", year=2031, number=8, first_month=day, last_month=day
    )
    assert unfinished(leaver) == {"未下发的任务清单": 1, "进行中的专项检查": 1, "挂牌中的督办事项": 1}
    assert unfinished(person("editor")) == {"未出版的公报": 1}


class TestLastOfARole:
    def test_the_last_supervisor_leaves_what_waits_for_review(self) -> None:
        leaver, heir = person("supervisor"), person("department_officer")
        TaskFactory(state="submitted")
        (last,) = duties_of(leaver, at=AT).last_of
        assert dict(last.waits)["待复核任务"] == 1
        gone(leaver, heir)
        assert heir.assignments.filter(role=Role.SUPERVISOR).exists()

    @pytest.mark.parametrize("role", ["supervisor", "editor", "publisher", "commander", "duty_officer"])
    def test_a_colleague_is_enough(self, role: str) -> None:
        leaver = person(role)
        assert [last.assignment.role for last in duties_of(leaver, at=AT).last_of] == [role]
        person(role, "colleague")
        assert not duties_of(leaver, at=AT).last_of

    def test_a_colleague_who_is_gone_is_not(self) -> None:
        leaver, other = person("supervisor"), person("supervisor", "other")
        User.objects.filter(pk=other.pk).update(is_active=False)
        assert len(duties_of(leaver, at=AT).last_of) == 1


@pytest.mark.parametrize("way", [send_away, switch_off])
def test_the_secret_address_ends_with_the_account_and_does_not_come_back(
    way: Callable[[User, datetime], None],
) -> None:
    user, other = person("department_officer"), person("department_officer", "other")
    secret = renew_calendar_key(actor=user, at=AT).secret
    renew_calendar_key(actor=other, at=AT)
    way(user, AT)
    switch_off(user, LATER, is_active=True)
    assert Client().get(f"/tasks/calendar/{secret}/mine.ics").status_code == 404
    assert CalendarKey.objects.get().user == other
    entry = AuditEntry.objects.get(action="calendar_key.end")
    assert (entry.reason, secret in str(vars(entry))) == ("调离", False)


class TestPasswordsThatOthersGive:
    def given(self, actor: User | None, user: User) -> list[Message]:
        reset_password(actor=actor, at=AT, user=user, password="An0ther-enough-9", reason="忘记密码")
        return list(Message.objects.filter(channel="inbox").order_by("recipient__username"))

    def test_its_person_and_the_security_administrators_hear_of_it_at_once(self) -> None:
        user, _gone = person("viewer", "lin"), person("security_admin", "was")
        person("security_admin")
        User.objects.filter(pk=_gone.pk).update(is_active=False)
        told = self.given(person("system_admin"), user)
        assert [str(row.recipient) for row in told] == ["a-security_admin", "lin"]
        assert [row.subject for row in told] == ["“lin”的密码已被重置", "您的密码已被重置"]
        assert all(row.urgent and row.topic == Topic.ACCOUNT and row.not_before == AT for row in told)
        assert all("a-system_admin" in row.body and "忘记密码" in row.body for row in told)
        assert AuditEntry.objects.about(user).get().action == "user.reset_password"

    def test_twice_is_told_twice(self) -> None:
        user = person("viewer", "lin")
        self.given(person("system_admin"), user)
        reset_password(
            actor=person("system_admin"), at=LATER, user=user, password="Th1rd-enough-99", reason="又忘"
        )
        assert Message.objects.filter(channel="inbox", recipient=user).count() == 2

    def test_nobody_is_told_of_what_the_portal_itself_or_the_person_does(self) -> None:
        person("security_admin")
        assert self.given(None, person("viewer", "lin")) == []
        assert self.given(person("system_admin"), person("system_admin")) == []


class TestMessages:
    def test_what_waits_goes_to_the_successor_once(self) -> None:
        leaver, heir = person("department_officer"), person("department_officer", "heir")
        waiting_for(leaver)
        waiting_for(leaver, "before-7")
        waiting_for(heir)
        gone(leaver, heir)
        states = Message.objects.filter(recipient=leaver, about="obligation:1").values_list(
            "state", flat=True
        )
        assert set(states) == {"cancelled"}
        assert sorted(
            Message.objects.filter(recipient=heir, about="obligation:1").values_list("dedupe_key", flat=True)
        ) == [f"obligation:1:{tier}:{heir.pk}:inbox" for tier in ("before-7", "due")]

    @pytest.mark.parametrize("way", [send_away, switch_off])
    @pytest.mark.parametrize("colleague", [False, True])
    def test_reports_of_a_unit_that_nobody_is_left_in_are_asked_of_the_office(
        self, colleague: bool, way: Callable[[User, datetime], None]
    ) -> None:
        city = build_city()
        if colleague:
            UserFactory(role="duty_officer", department=city.street)
        incident = happen(city)
        way(city.street_officer, minute(6))
        limits = list(incident.obligations.open().filter(due_at__gt=minute(6)))
        assert limits
        for limit in limits:
            asked = Message.objects.filter(about=limit.about, not_before=limit.due_at, state="pending")
            assert asked.exclude(recipient=None).exists()
            assert asked.filter(recipient=city.office).exists() is not colleague
            assert not asked.filter(recipient=city.street_officer).exists()

    @pytest.mark.parametrize(("topic", "state"), [("task", "cancelled"), ("account", "sent")])
    def test_no_mail_about_the_work_reaches_somebody_disabled(
        self, monkeypatch: Any, topic: str, state: str
    ) -> None:
        leaver = person("department_officer")
        Contact.objects.create(user=leaver, channel="email", address="li@example.cn")
        waiting_for(leaver, topic=topic)
        User.objects.filter(pk=leaver.pk).update(is_active=False)  # with nobody who took the message back
        carried: list[str] = []
        monkeypatch.setattr(
            "notifications.services.sending.deliver", lambda group: carried.append(group[0].address)
        )
        send_outbound(now=LATER)
        assert Message.objects.get(channel="email").state == state
        assert carried == ([] if topic == "task" else ["li@example.cn"])


def test_names_that_somebody_gone_began_to_carry_do_not_block_others() -> None:
    starter = person("editor", "starter")
    run = NamesRun.objects.create(kind="officials", expected=1, started_by=starter, created_at=AT)
    User.objects.filter(pk=starter.pk).update(is_active=False)
    carry_out_names(run=run, at=AT)
    run.refresh_from_db()
    assert run.state == "failed" and "没有权限" in run.error


def test_nobody_else_becomes_an_author_by_it() -> None:
    writer, heir = person("publisher", "writer"), person("publisher", "heir")
    revision = correction(writer, EventFactory())
    gone(writer, heir)
    revision.refresh_from_db()
    assert (revision.started_by, revision.head.made_by) == (writer, writer)


def test_the_page_asks_the_database_as_often_for_much_as_for_little() -> None:
    leaver, client = person("editor", "leaver"), browser_of("security_admin")
    address = f"/accounts/people/{leaver.pk}/leave/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        correction(leaver, EventFactory())
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) <= 30
