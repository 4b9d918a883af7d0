"""What the work on tasks never allows, and what is kept of it."""

from datetime import date, datetime, timedelta

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import Department, Role
from taskboard import services
from taskboard.boards import light_of
from taskboard.models import Extension, Signature, Task, TaskList
from taskboard.views.reading import reckoning_of
from tests.factories import DepartmentFactory, TaskFactory, TaskListFactory, UserFactory
from tests.taskboard.campaign import NOW, campaign, pdf, step

pytestmark = pytest.mark.django_db
DUE = date(2023, 10, 31)


def at(day: date) -> datetime:
    return datetime.combine(day, NOW.timetz())


# -- issuing ------------------------------------------------------------------------------------


def test_a_part_of_a_list_is_issued_and_drafts_start_no_clock() -> None:
    world = campaign()
    first, second = world.task(), world.task()
    services.issue_list(
        actor=world.supervisor, at=NOW, task_list=world.task_list, tasks=[first.pk], ends_on=date(2023, 9, 30)
    )
    first, second = (Task.objects.get(pk=task.pk) for task in (first, second))
    assert (first.state, second.state) == ("issued", "draft")
    assert first.effective_due_on == date(2023, 9, 30)
    assert light_of(first, date(2024, 1, 1)).colour == "red"
    assert light_of(second, date(2024, 1, 1)).colour == "grey"
    assert TaskList.objects.get(pk=world.task_list.pk).state == "issued"


def test_who_issued_before_is_named() -> None:
    world = campaign()
    world.task("issued")
    with pytest.raises(StateConflict, match=r"督查员甲已于5月8日 08:00下发"):
        services.issue_list(actor=world.supervisor, at=NOW, task_list=world.task_list)


def test_tasks_of_another_list_are_not_issued_with_it() -> None:
    world = campaign()
    stranger = TaskFactory(task_list=TaskListFactory(state="draft"), state="draft")
    with pytest.raises(InvalidInput):
        services.issue_list(
            actor=world.supervisor, at=NOW, task_list=world.task_list, tasks=[world.task().pk, stranger.pk]
        )
    assert not Task.objects.exclude(state="draft").exists()


def test_departments_hear_of_it_once_and_no_more_after_signing() -> None:
    world = campaign()
    tasks = [world.task(), world.task()]
    services.issue_list(actor=world.supervisor, at=NOW, task_list=world.task_list)
    waiting = Message.objects.filter(about__endswith=f"sign:{world.water.pk}")
    assert [message.recipient for message in waiting] == [world.lead]
    services.sign_task(actor=world.lead, at=NOW, task=tasks[0])
    assert waiting.get().state == Message.State.PENDING
    services.sign_task(actor=world.lead, at=NOW, task=tasks[1])
    assert waiting.get().state == Message.State.CANCELLED


# -- signing --------------------------------------------------------------------------------------


def test_a_supporters_signature_moves_no_state() -> None:
    world = campaign()
    task = world.task("issued")
    services.sign_task(actor=world.supporter, at=NOW, task=task)
    assert Task.objects.get(pk=task.pk).state == "issued"
    services.sign_task(actor=world.lead, at=NOW, task=task)
    assert Task.objects.get(pk=task.pk).state == "signed"
    assert Signature.objects.filter(task=task).count() == 2


def test_the_second_press_hears_who_was_first() -> None:
    world = campaign()
    task = world.task("issued")
    services.sign_task(actor=world.lead, at=NOW, task=task)
    with pytest.raises(StateConflict, match="水务局 经办人甲已于5月8日 09:00签收"):
        services.sign_task(actor=world.people["head"], at=NOW + timedelta(minutes=1), task=task)
    assert Signature.objects.filter(task=task).count() == 1


def test_each_street_signs_for_what_the_collective_supports() -> None:
    world = campaign()
    collective = DepartmentFactory(name="各街道", kind=Department.Kind.COLLECTIVE)
    streets = [DepartmentFactory(parent=collective, kind=Department.Kind.STREET) for _ in range(2)]
    officers = [UserFactory(role=Role.DEPARTMENT_OFFICER, department=street) for street in streets]
    task = TaskFactory(
        task_list=world.task_list, state="issued", leads=[world.water], supporters=[collective]
    )
    for officer in officers:
        assert services.sign_list(actor=officer, at=NOW, task_list=world.task_list) == 1
    assert set(Signature.objects.filter(task=task).values_list("department", flat=True)) == {
        street.pk for street in streets
    }


def test_below_an_ordinary_department_nobody_signs_for_it() -> None:
    world = campaign()
    branch = DepartmentFactory(parent=world.water)
    with pytest.raises(PermissionRefused):
        services.sign_task(
            actor=UserFactory(role=Role.DEPARTMENT_OFFICER, department=branch),
            at=NOW,
            task=world.task("issued"),
        )


# -- working and closing --------------------------------------------------------------------------


def test_the_same_report_twice_is_one_report() -> None:
    world = campaign()
    task = world.task("in_progress")
    with pytest.raises(StateConflict, match="报送同样的进展"):
        step(world, task, "progress")
    services.report_progress(actor=world.lead, at=NOW, task=task, percent=41, text="已完成四成")
    assert list(task.reports.values_list("percent", flat=True)) == [40, 41]


def test_a_supporter_reports_without_moving_the_task() -> None:
    world = campaign()
    task = world.task("signed")
    services.report_progress(actor=world.supporter, at=NOW, task=task, percent=90, text="线路已移")
    task.refresh_from_db()
    assert (task.state, task.percent) == ("signed", 0)


def test_nothing_is_closed_without_evidence() -> None:
    world = campaign()
    task = world.task("in_progress")
    step(world, task, "submit")
    with pytest.raises(StateConflict, match="没有佐证"):
        services.close_task(actor=world.supervisor, at=NOW, task=task)
    assert Task.objects.get(pk=task.pk).state == "submitted"
    services.add_evidence(actor=world.lead, at=NOW, task=task, upload=pdf())
    services.close_task(actor=world.supervisor, at=NOW, task=task)
    assert Task.objects.get(pk=task.pk).state == "closed"


def test_what_is_closed_already_says_by_whom() -> None:
    world = campaign()
    task = world.task("closed")
    with pytest.raises(StateConflict, match=r"督查员甲已于5月8日 08:05办结.*“已办结”，不能退回"):
        services.return_task(actor=world.supervisor, at=NOW, task=task, reason="再看")


def test_a_suspended_task_goes_on_where_it_stood() -> None:
    world = campaign()
    for state in ("issued", "signed", "in_progress", "submitted", "returned"):
        task = world.task(state)
        services.suspend_task(actor=world.supervisor, at=NOW, task=task, reason="等许可")
        services.resume_task(actor=world.supervisor, at=NOW + timedelta(days=1), task=task)
        assert Task.objects.get(pk=task.pk).state == state


def test_a_result_after_the_due_day_stays_late() -> None:
    world = campaign()
    task = world.task("in_progress", due_on=date(2023, 5, 7))
    step(world, task, "submit")
    light = light_of(task, date(2023, 6, 1))
    assert (light.word, light.late) == ("逾期补报", True)
    assert Task.objects.with_light(date(2023, 6, 1)).get(pk=task.pk).light == "red"  # type: ignore[attr-defined]


def test_every_step_is_in_the_history_and_in_the_audit_log() -> None:
    world = campaign()
    task = world.task("closed")
    actions = ["issue", "sign", "progress", "evidence", "submit", "close"]
    assert list(task.transitions.values_list("action", flat=True)) == actions
    logged = AuditEntry.objects.about(task).order_by("sequence").values_list("action", flat=True)
    assert [name for name in logged if name.startswith("task.")] == [f"task.{name}" for name in actions[1:]]


# -- extensions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "possible"), [(30, True), (31, True), (32, False)])
def test_an_extension_is_asked_for_before_the_due_day_is_over(day: int, possible: bool) -> None:
    world = campaign()
    task = world.task("in_progress")
    now = at(DUE + timedelta(days=day - 31))
    later = date(2023, 11, 30)
    if possible:
        services.ask_extension(actor=world.lead, at=now, task=task, until=later, reason="雨期")
    else:
        with pytest.raises(StateConflict, match="已过"):
            services.ask_extension(actor=world.lead, at=now, task=task, until=later, reason="雨期")
    assert Extension.objects.filter(task=task).exists() == possible


def test_one_request_is_open_at_a_time_and_decided_once() -> None:
    world = campaign()
    task = world.task("in_progress")
    until = date(2023, 11, 30)
    asked = services.ask_extension(actor=world.lead, at=NOW, task=task, until=until, reason="雨期")
    with pytest.raises(StateConflict, match="经办人甲已于5月8日 09:00申请延期"):
        services.ask_extension(actor=world.people["head"], at=NOW, task=task, until=until, reason="雨期")
    with pytest.raises(InvalidInput):
        services.decide_extension(actor=world.supervisor, at=NOW, extension=asked, grant=False)
    services.decide_extension(actor=world.supervisor, at=NOW, extension=asked, grant=True)
    with pytest.raises(StateConflict, match="督查员甲已于5月8日 09:00同意"):
        services.decide_extension(actor=world.supervisor, at=NOW, extension=asked, grant=False, reason="不必")
    task = Task.objects.get(pk=task.pk)
    assert task.effective_due_on == until
    assert Extension.objects.get().old_due == DUE
    said = reckoning_of(task, list(task.extensions.all()))
    assert [row.term for row in said.steps] == ["原文", "沿用", "原时限", "延期", "含当日", "临期"]


def test_a_refused_request_leaves_the_date() -> None:
    world = campaign()
    task = world.task("in_progress")
    asked = services.ask_extension(
        actor=world.lead, at=NOW, task=task, until=date(2023, 11, 30), reason="雨期"
    )
    services.decide_extension(actor=world.supervisor, at=NOW, extension=asked, grant=False, reason="可以赶上")
    assert Task.objects.get(pk=task.pk).effective_due_on == DUE


def test_closing_lets_an_open_request_lapse() -> None:
    world = campaign()
    task = world.task("returned")
    services.ask_extension(actor=world.lead, at=NOW, task=task, until=date(2023, 11, 30), reason="雨期")
    step(world, task, "submit")
    step(world, task, "close")
    assert Extension.objects.get().state == Extension.State.LAPSED
