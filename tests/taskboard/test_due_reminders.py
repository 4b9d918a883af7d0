"""The morning's reminders of due dates, as rows of the outbox."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.models import Message
from notifications.services import deliver_to_inbox
from organizations.models import Department, Role, User
from taskboard.models import Task, TaskDepartment, TaskList
from taskboard.services.reminders import queue_task_reminders, settle_due_reminders
from tests.factories import DepartmentFactory, TaskFactory, TaskListFactory, UserFactory
from tests.taskboard.campaign import campaign
from tests.taskboard.campaign import step as take

pytestmark = pytest.mark.django_db

DUE = date(2023, 10, 31)


class World:
    """A department with officer and head, a supervisor, a list that ends on the due date."""

    def __init__(self) -> None:
        self.water: Department = DepartmentFactory(name="水务局")
        self.officer: User = UserFactory(
            username="officer", role=Role.DEPARTMENT_OFFICER, department=self.water
        )
        self.head: User = UserFactory(username="head", role=Role.DEPARTMENT_HEAD, department=self.water)
        self.supervisor: User = UserFactory(username="supervisor", role=Role.SUPERVISOR)
        self.task_list: TaskList = TaskListFactory(title="清沟行动", ends_on=DUE)

    def task(self, state: str = "in_progress", **values: object) -> Task:
        values = {"task_list": self.task_list, "state": state, "leads": [self.water], **values}
        task: Task = TaskFactory(**values)
        return task


@pytest.fixture
def world() -> World:
    return World()


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 0, 0, tzinfo=UTC)


def sweep(day: date) -> int:
    return queue_task_reminders(on_day=day, at=morning(day))


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def told(**conditions: object) -> list[tuple[str, str]]:
    rows = Message.objects.filter(**conditions).order_by("pk")
    return [(row.dedupe_key.split(":")[3], str(row.recipient)) for row in rows]


@pytest.mark.parametrize(
    ("days", "people"),
    [
        (-8, []),
        (-7, ["officer"]),
        (-3, ["officer"]),
        (-1, ["officer"]),
        (0, ["officer"]),
        (1, ["head", "officer"]),
        (3, ["head", "officer", "supervisor"]),
        (10, ["head", "officer", "supervisor"]),
    ],
)
def test_who_is_told_depends_on_how_late_it_is(world: World, days: int, people: list[str]) -> None:
    world.task()
    sweep(after(days))
    assert sorted(name for _, name in told()) == people


def test_through_a_year_each_tier_is_told_once(world: World) -> None:
    world.task()
    # Daily at first, then every third day, as if mornings were missed.
    for past in (*range(-10, 30), *range(30, 305, 3)):
        sweep(after(past))
    tiers = [tier for tier, name in told() if name == "officer"]
    assert tiers[:7] == ["before-7", "before-3", "before-1", "due", "after-1", "after-3", "after-10"]
    assert len(tiers) == len(set(tiers)) == 6 + (303 - 3) // 7


def test_a_missed_week_is_made_up_by_the_latest_tier_alone(world: World) -> None:
    world.task()
    sweep(after(-7))
    sweep(after(2))
    assert [tier for tier, name in told() if name == "officer"] == ["before-7", "after-1"]


def test_103_tasks_due_on_one_day_are_one_message_a_person(world: World) -> None:
    for place in range(103):
        world.task(title=f"疏通{place}号沟")
    assert sweep(after(-3)) == 1
    message = Message.objects.get()
    assert message.subject == "清沟行动：103 项任务还有 3 天到期"
    assert "疏通9号沟" in message.body and "疏通10号沟" not in message.body
    assert "另有 93 项" in message.body
    assert message.url == world.task_list.get_absolute_url()


def test_103_tasks_take_as_many_queries_as_three(world: World, django_assert_max_num_queries: object) -> None:
    for _ in range(103):
        world.task()
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        sweep(after(3))


@pytest.mark.parametrize("state", ["draft", "submitted", "closed", "suspended"])
def test_nobody_is_reminded_of_what_has_no_clock_or_is_done(world: World, state: str) -> None:
    world.task(state)
    assert sweep(after(0)) == sweep(after(3)) == 0


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_a_list_that_is_not_issued_reminds_of_nothing(world: World, state: str) -> None:
    world.task()
    TaskList.objects.update(state=state)
    assert sweep(after(0)) == 0


def test_a_task_without_any_date_reminds_of_nothing(world: World) -> None:
    world.task()
    TaskList.objects.update(ends_on=None)
    assert sweep(after(0)) == 0


def test_lists_and_due_dates_are_told_apart(world: World) -> None:
    world.task()
    world.task(due_on=after(1))
    world.task(task_list=TaskListFactory(title="亮灯行动", ends_on=DUE))
    sweep(after(-2))
    abouts = set(Message.objects.values_list("about", flat=True))
    assert len(abouts) == 3
    assert f"task-due:{world.task_list.pk}:2023-10-31" in abouts
    assert f"task-due:{world.task_list.pk}:2023-11-01" in abouts


def test_a_second_sweep_of_the_day_adds_nothing(world: World) -> None:
    world.task()
    assert sweep(after(0)) == 1
    assert sweep(after(0)) == 0
    assert Message.objects.count() == 1


def test_supporters_are_not_reminded(world: World) -> None:
    power = DepartmentFactory(name="电力局")
    UserFactory(username="supporter", role=Role.DEPARTMENT_OFFICER, department=power)
    world.task(supporters=[power])
    sweep(after(3))
    assert "supporter" not in {name for _, name in told()}


def test_a_department_without_an_officer_is_reminded_through_its_head(world: World) -> None:
    User.objects.filter(username="officer").update(is_active=False)
    world.task()
    sweep(after(-7))
    assert told() == [("before-7", "head")]


def test_a_collective_that_leads_means_the_units_below_it(world: World) -> None:
    streets = DepartmentFactory(name="街道办事处", kind=Department.Kind.COLLECTIVE)
    for name in ("东街", "西街"):
        below = DepartmentFactory(name=name, kind=Department.Kind.STREET, parent=streets)
        UserFactory(username=name, role=Role.DEPARTMENT_OFFICER, department=below)
    world.task(leads=[streets])
    sweep(after(0))
    assert sorted(name for _, name in told()) == ["东街", "西街"]


def test_each_of_two_leads_hears_of_its_own_tasks_and_the_supervisor_of_all(world: World) -> None:
    power = DepartmentFactory(name="电力局")
    UserFactory(username="other", role=Role.DEPARTMENT_OFFICER, department=power)
    world.task(title="清东沟")
    shared = world.task(title="亮东街")
    TaskDepartment.objects.create(task=shared, department=power, role="lead", order=2)
    sweep(after(3))
    bodies = {str(row.recipient): row.body for row in Message.objects.all()}
    assert "共 2 项" in bodies["officer"] and "共 2 项" in bodies["supervisor"]
    assert "共 1 项" in bodies["other"] and "亮东街" in bodies["other"]


def test_what_waits_is_taken_back_when_the_last_task_is_done(world: World) -> None:
    first, second = world.task(), world.task()
    sweep(after(0))
    Task.objects.filter(pk=first.pk).update(state="closed")
    assert settle_due_reminders(task=first, at=morning(after(0))) == 0
    Task.objects.filter(pk=second.pk).update(state="submitted")
    assert settle_due_reminders(task=second, at=morning(after(0))) == 1
    assert Message.objects.get().state == Message.State.CANCELLED


def test_the_next_sweep_takes_back_what_was_settled_in_another_way(world: World) -> None:
    task = world.task()
    sweep(after(0))
    Task.objects.filter(pk=task.pk).update(due_on=after(60))
    sweep(after(0))
    message = Message.objects.get()
    assert message.state == Message.State.CANCELLED and "延期" in message.cancel_reason


def test_a_stale_reminder_is_not_delivered_after_the_next_tier(world: World) -> None:
    world.task()
    sweep(after(-7))
    deliver_to_inbox(now=morning(after(-3)) + timedelta(minutes=1))
    assert Message.objects.get().state == Message.State.CANCELLED


def test_after_an_extension_the_new_date_has_its_own_reminders(world: World) -> None:
    task = world.task()
    sweep(after(0))
    Task.objects.filter(pk=task.pk).update(due_on=after(20))
    assert sweep(after(13)) == 1
    assert Message.objects.get(about__endswith="2023-11-20").dedupe_key.split(":")[3] == "before-7"


@pytest.mark.parametrize("step", ["submit", "suspend"])
def test_the_step_that_leaves_nothing_to_do_takes_back_what_waits(step: str) -> None:
    people = campaign()
    first, second = people.task("in_progress"), people.task("in_progress")
    for task in (first, second):
        take(people, task, "evidence")
    sweep(DUE)
    waiting = Message.objects.filter(about=f"task-due:{people.task_list.pk}:{DUE}", state="pending")
    assert waiting.count() == 1
    take(people, first, step)
    assert waiting.count() == 1
    take(people, second, step)
    assert waiting.count() == 0
