"""Periodic reports: what departments owe, the reminders, and handing in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role, User
from taskboard.models import PeriodicReport, ReportingRule, ReportObligation, Task, TaskList
from taskboard.services.periodic import about_report, file_periodic_report, open_report_obligations
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory

pytestmark = pytest.mark.django_db

ISSUED = date(2022, 8, 1)


class World:
    """A list with a half-monthly rhythm until the end of September and a monthly one after it."""

    def __init__(self) -> None:
        self.water: Department = DepartmentFactory(name="水务局")
        self.officer: User = UserFactory(
            username="officer", role=Role.DEPARTMENT_OFFICER, department=self.water
        )
        self.head: User = UserFactory(username="head", role=Role.DEPARTMENT_HEAD, department=self.water)
        self.supervisor: User = UserFactory(username="supervisor", role=Role.SUPERVISOR)
        directive = DirectiveFactory()
        self.task_list: TaskList = TaskListFactory(directive=directive, ends_on=date(2023, 12, 31))
        self.task: Task = TaskFactory(task_list=self.task_list, state="signed", leads=[self.water])
        self.task.transitions.create(at=at(ISSUED), action="issue", from_state="draft", to_state="issued")
        rules = [("half_monthly", None, date(2022, 9, 30)), ("monthly", date(2022, 10, 1), None)]
        for rhythm, starts_on, ends_on in rules:
            ReportingRule.objects.create(
                directive=directive, rhythm=rhythm, starts_on=starts_on, ends_on=ends_on
            )

    def owed(self) -> list[ReportObligation]:
        return list(ReportObligation.objects.order_by("due_on"))


@pytest.fixture
def world() -> World:
    return World()


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


def sweep(day: date) -> int:
    return open_report_obligations(on_day=day, at=at(day))


def file(world: World, obligation: ReportObligation, day: date, actor: User | None = None) -> PeriodicReport:
    return file_periodic_report(
        actor=actor or world.officer,
        at=at(day, 5),
        obligation=obligation,
        progress="清沟三条",
        problems="缺挖机",
        advice="调配一台",
    )


def test_through_the_year_half_monthly_then_monthly(world: World) -> None:
    for offset in range(0, 153, 3):
        sweep(ISSUED + timedelta(days=offset))
    assert [row.due_on for row in world.owed()] == [
        *(date(2022, 8, 15), date(2022, 8, 31), date(2022, 9, 15), date(2022, 9, 30)),
        *(date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31)),
    ]
    assert world.owed()[0].period_start == ISSUED


def test_missed_sweeps_are_made_up_and_a_second_one_opens_nothing(world: World) -> None:
    assert sweep(date(2022, 10, 2)) == 5
    assert sweep(date(2022, 10, 2)) == 0
    assert len(world.owed()) == 5


def test_nothing_is_owed_for_the_time_before_the_list_was_issued(world: World) -> None:
    world.task.transitions.update(at=at(date(2022, 9, 10)))
    sweep(date(2022, 9, 20))
    assert [(row.period_start, row.due_on) for row in world.owed()] == [
        (date(2022, 9, 10), date(2022, 9, 15)),
        (date(2022, 9, 16), date(2022, 9, 30)),
    ]


@pytest.mark.parametrize(("state", "number"), [("draft", 0), ("issued", 1), ("archived", 0)])
def test_only_an_issued_list_owes_reports(world: World, state: str, number: int) -> None:
    TaskList.objects.update(state=state)
    assert sweep(ISSUED) == number


@pytest.mark.parametrize(
    ("state", "number"), [("issued", 1), ("submitted", 1), ("closed", 0), ("suspended", 0), ("draft", 0)]
)
def test_a_department_with_nothing_left_to_do_owes_nothing(world: World, state: str, number: int) -> None:
    Task.objects.update(state=state)
    assert sweep(ISSUED) == number


def test_a_rule_of_one_list_does_not_bind_the_others_of_its_document(world: World) -> None:
    other = TaskListFactory(directive=world.task_list.directive)
    TaskFactory(task_list=other, state="signed", leads=[world.water])
    ReportingRule.objects.all().delete()
    ReportingRule.objects.create(directive=other.directive, task_list=world.task_list, rhythm="weekly")
    sweep(ISSUED)
    assert {row.task_list for row in world.owed()} == {world.task_list}


def test_supporters_report_by_exception_and_owe_nothing(world: World) -> None:
    power = DepartmentFactory(name="电力局")
    TaskFactory(task_list=world.task_list, state="signed", leads=[world.water], supporters=[power])
    sweep(ISSUED)
    assert {row.department for row in world.owed()} == {world.water}


def test_the_reminders_are_written_with_the_obligation(world: World) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    rows = Message.objects.filter(about=about_report(owed)).order_by("not_before", "recipient__username")
    local = [(str(m.recipient), m.not_before.astimezone(UTC)) for m in rows]
    nine = [datetime(2022, 8, day, 1, 0, tzinfo=UTC) for day in (12, 15, 16, 18)]
    assert local == [
        *(("officer", nine[0]), ("officer", nine[1])),
        *(("head", nine[2]), ("officer", nine[2])),
        *(("head", nine[3]), ("officer", nine[3]), ("supervisor", nine[3])),
    ]


def test_a_report_meets_the_obligation_and_takes_the_reminders_back(world: World) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    report = file(world, owed, date(2022, 8, 15))
    assert (owed.state, owed.met_at) == ("met", at(date(2022, 8, 15), 5))
    assert (report.progress, report.problems, report.advice) == ("清沟三条", "缺挖机", "调配一台")
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert AuditEntry.objects.filter(action="periodic_report.file").count() == 1
    sweep(date(2022, 8, 15))
    assert not Message.objects.filter(about=about_report(owed), state="pending").exists()


@pytest.mark.parametrize(
    ("day", "state", "word"),
    [(14, "met", "已报送"), (15, "met", "已报送"), (16, "met_late", "逾期补报")],
)
def test_a_late_catch_up_stays_visible_as_such(world: World, day: int, state: str, word: str) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    file(world, owed, date(2022, 8, day))
    assert (owed.state, owed.word(date(2023, 1, 1))) == (state, word)


@pytest.mark.parametrize(("day", "word"), [(14, "待报送"), (15, "待报送"), (16, "逾期 1 天未报")])
def test_what_is_not_handed_in_says_for_how_long(world: World, day: int, word: str) -> None:
    sweep(ISSUED)
    assert world.owed()[0].word(date(2022, 8, day)) == word


def test_it_is_handed_in_once(world: World) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    file(world, owed, date(2022, 8, 10))
    with pytest.raises(StateConflict, match=r"officer已于8月10日.*不能重复报送"):
        file(world, owed, date(2022, 8, 11), world.head)
    assert PeriodicReport.objects.count() == 1


def test_only_the_department_that_owes_it_hands_it_in(world: World) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    power = DepartmentFactory(name="电力局")
    outsider = UserFactory(username="outsider", role=Role.DEPARTMENT_OFFICER, department=power)
    for stranger in (outsider, world.supervisor, UserFactory(username="nobody")):
        with pytest.raises(PermissionRefused):
            file(world, owed, date(2022, 8, 10), stranger)
    assert file(world, owed, date(2022, 8, 10), world.head).actor == world.head


def test_progress_must_be_written(world: World) -> None:
    sweep(ISSUED)
    (owed,) = world.owed()
    with pytest.raises(InvalidInput, match="请写明进展"):
        file_periodic_report(actor=world.officer, at=at(ISSUED), obligation=owed, progress="  ")
    owed.refresh_from_db()
    assert owed.state == "open"


def test_what_stays_open_is_asked_for_every_week(world: World) -> None:
    sweep(ISSUED)
    for offset in range(14, 40):
        sweep(ISSUED + timedelta(days=offset))
    (first, *_) = world.owed()
    mine = Message.objects.filter(about=about_report(first), recipient=world.officer).order_by("not_before")
    tiers = [row.dedupe_key.split(":")[2] for row in mine]
    assert tiers == ["before-3", "due", "after-1", "after-3", "after-10", "after-17", "after-24"]
