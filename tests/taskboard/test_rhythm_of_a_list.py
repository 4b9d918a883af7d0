"""The supervisor sets how often a list is reported on, and changes it from a day on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from taskboard.models import ReportingRule, ReportObligation, TaskList
from taskboard.services import ReportingRuleContent, add_reporting_rule
from taskboard.services.periodic import about_report, file_periodic_report, open_report_obligations
from taskboard.services.rhythm import rhythm_mark, set_rhythm
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2023, 5, 10)


class World:
    """A list made by hand, without a document, that a department works on since 1 May."""

    def __init__(self) -> None:
        self.water: Department = DepartmentFactory(name="水务局")
        self.officer: User = UserFactory(role=Role.DEPARTMENT_OFFICER, department=self.water)
        self.supervisor: User = UserFactory(role=Role.SUPERVISOR)
        self.task_list: TaskList = TaskListFactory(title="清沟行动")
        TaskList.objects.filter(pk=self.task_list.pk).update(directive=None)
        self.task_list.refresh_from_db()
        task = TaskFactory(task_list=self.task_list, state="signed", leads=[self.water])
        task.transitions.create(
            at=at(date(2023, 5, 1)), action="issue", from_state="draft", to_state="issued"
        )

    def set(self, rhythm: str, starts_on: date | None, ends_on: date | None = None, **kwargs: Any) -> Any:
        content = ReportingRuleContent(
            rhythm=rhythm, starts_on=starts_on, ends_on=ends_on, content=kwargs.pop("content", "")
        )
        kwargs = {
            "actor": self.supervisor,
            "at": at(TODAY),
            "seen": rhythm_mark(self.task_list),
            "task_list": self.task_list,
            **kwargs,
        }
        return set_rhythm(content=content, **kwargs)

    def owed(self) -> list[tuple[date, date]]:
        rows = ReportObligation.objects.filter(task_list=self.task_list).order_by("period_start", "due_on")
        return list(rows.values_list("period_start", "due_on"))

    def spans(self) -> list[tuple[str, date | None, date | None]]:
        rules = self.task_list.reporting_rules.order_by("starts_on", "pk")
        return list(rules.values_list("rhythm", "starts_on", "ends_on"))


@pytest.fixture
def world() -> World:
    return World()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


def day(month: int, number: int) -> date:
    return date(2023, month, number)


def sweep(on_day: date) -> None:
    open_report_obligations(on_day=on_day, at=at(on_day))


def test_a_list_without_a_document_gets_a_rhythm_and_owes_at_once(world: World) -> None:
    rule = world.set("half_monthly", TODAY, content="进展")
    assert (rule.directive, str(rule)) == (None, "清沟行动 每半月")
    assert world.owed() == [(TODAY, day(5, 15))]
    entry = AuditEntry.objects.get(action="task_list.rhythm")
    assert entry.actor == world.supervisor
    assert entry.after["rules"] == ["每半月，自 2023-05-10，报送进展"] and entry.before["rules"] == []


def test_half_monthly_until_a_day_then_monthly(world: World) -> None:
    world.set("half_monthly", TODAY, day(6, 15))
    world.set("monthly", day(6, 16))
    assert world.spans() == [("half_monthly", TODAY, day(6, 15)), ("monthly", day(6, 16), None)]
    sweep(day(7, 1))
    assert [due for _, due in world.owed()] == [day(5, 15), day(5, 31), day(6, 15), day(6, 30), day(7, 31)]


def test_a_change_keeps_what_is_due_and_cuts_the_running_period(world: World) -> None:
    world.set("half_monthly", day(5, 10))
    sweep(day(5, 20))
    running = ReportObligation.objects.get(due_on=day(5, 31))
    assert Message.objects.filter(about=about_report(running), state="pending").exists()
    world.set("weekly", day(5, 23), at=at(day(5, 20)))
    # 15 May is overdue and stays; 16 to 31 May ends on the 22nd.
    assert world.owed() == [(day(5, 10), day(5, 15)), (day(5, 16), day(5, 22))]
    assert not Message.objects.filter(about=about_report(running), state="pending").exists()
    shorter = ReportObligation.objects.get(due_on=day(5, 22))
    assert Message.objects.filter(about=about_report(shorter), state="pending").exists()
    sweep(day(5, 27))
    assert world.owed()[2:] == [(day(5, 23), day(5, 26)), (day(5, 27), day(6, 2))]


def test_what_falls_due_today_stays(world: World) -> None:
    world.set("half_monthly", day(5, 10))
    world.set("monthly", day(5, 16), at=at(day(5, 15)))
    assert world.owed() == [(day(5, 10), day(5, 15))]


def test_what_was_handed_in_before_the_change_is_not_owed_again(world: World) -> None:
    world.set("monthly", TODAY)
    owed = ReportObligation.objects.get()
    file_periodic_report(actor=world.officer, at=at(TODAY), obligation=owed, progress="清沟三条")
    world.set("weekly", day(5, 20))
    sweep(day(5, 20))
    assert world.owed() == [(TODAY, day(5, 31)), (day(5, 20), day(5, 26))]


def test_who_hands_in_a_period_that_was_taken_back_is_told(world: World) -> None:
    world.set("monthly", TODAY)
    owed = ReportObligation.objects.get()
    world.set("weekly", day(5, 11))
    with pytest.raises(StateConflict, match="这一期不再报送"):
        file_periodic_report(actor=world.officer, at=at(TODAY), obligation=owed, progress="清沟三条")


def test_a_rhythm_of_the_list_takes_the_place_of_its_documents_and_of_that_alone(world: World) -> None:
    directive = DirectiveFactory()
    TaskList.objects.filter(pk=world.task_list.pk).update(directive=directive)
    world.task_list.refresh_from_db()
    other = TaskListFactory(directive=directive)
    TaskFactory(task_list=other, state="signed", leads=[world.water])
    ReportingRule.objects.create(directive=directive, rhythm="monthly", starts_on=day(5, 1))
    sweep(TODAY)
    world.set("weekly", day(5, 13))
    sweep(day(5, 13))
    assert world.owed() == [(day(5, 1), day(5, 12)), (day(5, 13), day(5, 19))]
    assert [row.due_on for row in other.report_obligations.all()] == [day(5, 31)]


def test_a_later_rhythm_is_replaced_whole(world: World) -> None:
    world.set("weekly", day(6, 1))
    world.set("monthly", day(5, 20))
    assert world.spans() == [("monthly", day(5, 20), None)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "field"),
    [
        (None, None, "starts_on"),
        (day(5, 9), None, "starts_on"),
        (day(5, 12), day(5, 11), "ends_on"),
        (date(3000, 1, 1), None, "starts_on"),
    ],
)
def test_days_that_do_not_go_are_refused(
    world: World, starts_on: date | None, ends_on: date | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        world.set("weekly", starts_on, ends_on)
    assert list(refusal.value.fields) == [field] and not ReportingRule.objects.exists()


def test_a_change_begins_tomorrow_at_the_earliest(world: World) -> None:
    world.set("weekly", TODAY)
    with pytest.raises(InvalidInput, match="明天或以后"):
        world.set("monthly", TODAY)
    world.set("monthly", day(5, 11))
    assert world.spans() == [("weekly", TODAY, TODAY), ("monthly", day(5, 11), None)]


def test_the_same_day_as_end_is_a_period(world: World) -> None:
    world.set("weekly", TODAY, TODAY)
    assert world.owed() == [(TODAY, TODAY)]


def test_an_unknown_rhythm_and_a_long_content_are_refused(world: World) -> None:
    with pytest.raises(InvalidInput, match="请选择报送频次"):
        world.set("daily", TODAY)
    with pytest.raises(InvalidInput, match="最多 200 字，现在是 201 字"):
        world.set("weekly", TODAY, content="进" * 201)
    assert world.set("weekly", TODAY, content="进" * 200)


def test_of_two_at_once_one_change_stands_and_the_other_is_told(world: World) -> None:
    seen = rhythm_mark(world.task_list)
    world.set("weekly", day(5, 12), seen=seen)
    with pytest.raises(StateConflict, match="被别人登记过（每周，自 2023-05-12）"):
        world.set("monthly", day(5, 12), seen=seen)
    assert world.spans() == [("weekly", day(5, 12), None)]


def test_an_archived_list_gets_none(world: World) -> None:
    TaskList.objects.update(state="archived")
    with pytest.raises(StateConflict, match="已归档"):
        world.set("weekly", TODAY)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.VIEWER, Role.DEPARTMENT_HEAD])
def test_only_the_supervisor_sets_it(world: World, role: Role) -> None:
    with pytest.raises(PermissionRefused):
        world.set("weekly", TODAY, actor=UserFactory(role=role))


def test_a_rule_of_nothing_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput, match="所属的文件或清单"):
        add_reporting_rule(
            actor=world.supervisor, at=at(TODAY), directive=None, content=ReportingRuleContent()
        )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_pages_lead_the_supervisor_to_the_form_and_nobody_else(world: World) -> None:
    page, form = f"/tasks/periodic/lists/{world.task_list.pk}/", f"{world.task_list.pk}/rhythm/"
    for address in (page, world.task_list.get_absolute_url()):
        assert form in browser(world.supervisor).get(address).content.decode()
        assert form not in browser(world.officer).get(address).content.decode()
    assert "督查人员登记后" in browser(world.supervisor).get(page).content.decode()
    assert browser(world.officer).get(f"{page}rhythm/").status_code == 403


def test_the_form_sets_changes_and_keeps_what_was_typed(world: World) -> None:
    address = f"/tasks/periodic/lists/{world.task_list.pk}/rhythm/"
    values = {"seen": "0", "rhythm": "half_monthly", "starts_on": "2023-05-11", "content": "进展和问题"}
    with time_machine.travel(at(TODAY), tick=False):
        client = browser(world.supervisor)
        assert 'value="2023-05-11"' in client.get(address).content.decode()
        answer = client.post(address, values, follow=True)
        said = answer.content.decode()
        assert "已登记" in said and "每半月" in said and "报送进展和问题" in said
        late = client.post(address, {**values, "rhythm": "weekly"})
        assert late.status_code == 409 and "被别人登记过" in late.content.decode()
        assert "进展和问题" in late.content.decode()
        wrong = client.post(
            address, {**values, "ends_on": "2023-05-01", "seen": rhythm_mark(world.task_list)}
        )
        assert wrong.status_code == 400 and "不能早于“自”" in wrong.content.decode()
    assert world.spans() == [("half_monthly", day(5, 11), None)]


def test_many_rhythms_take_as_many_queries_as_one(world: World, django_assert_max_num_queries: Any) -> None:
    for n in range(1, 28):
        world.set("weekly", date(2024, 1, n), date(2024, 1, n))
    client = browser(world.supervisor)
    with django_assert_max_num_queries(15):
        client.get(f"/tasks/periodic/lists/{world.task_list.pk}/rhythm/")
