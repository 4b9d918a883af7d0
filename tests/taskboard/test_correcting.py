"""A task is changed as a draft, corrected after issue, due by working days; quantities against targets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from notifications.models import Message
from organizations.services import NameDirectory
from taskboard import services
from taskboard.correcting.seen import seen_mark
from taskboard.models import CalendarDay, Task, TaskTarget
from taskboard.services.correcting import correct_task, due_by_workdays
from taskboard.services.reminders import queue_task_reminders
from taskboard.targets import WITH_REACHED, Standing, standing_of
from taskboard.tasksheets.columns import values_of
from tests.api.world import Caller
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def filled(task: Task, **typed: str) -> dict[str, str]:
    kind = "own" if task.due_on else "inherit"
    return {**values_of(task), "seen": seen_mark(task), "kind": kind, "reason": "会议决定", **typed}


def corrected(world: Campaign, name: str, task: Task, **typed: str):
    path = f"{task.get_absolute_url()}correct/"
    return client_of(world, name).post(path, filled(task, **typed))


# -- who, and in which state -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("draft", {"supervisor": 200, "editor": 200, "publisher": 200}),
        ("issued", {"supervisor": 200}),
        ("submitted", {"supervisor": 200}),
        ("suspended", {"supervisor": 200}),
        ("closed", {"supervisor": 409, "editor": 409, "publisher": 409}),
    ],
)
def test_who_may_change_a_task(world: Campaign, state: str, allowed: dict[str, int]) -> None:
    path = f"{world.task(state).get_absolute_url()}correct/"
    for name in world.people:
        assert client_of(world, name).get(path).status_code == allowed.get(name, 403), name
    assert Client().get(path).status_code == 302


def test_the_service_asks_for_itself(world: Campaign) -> None:
    directory = NameDirectory(actor=None, at=NOW)

    def change(name: str, task: Task, reason: str = "会议决定") -> Task:
        actor = world.people[name]
        changes = {"title": "新"}
        return correct_task(
            actor=actor, at=NOW, task=task, changes=changes, directory=directory, reason=reason
        )

    issued, closed, draft = world.task("issued"), world.task("closed"), world.task("draft")
    with pytest.raises(PermissionRefused):
        change("editor", issued)
    with pytest.raises(PermissionRefused):
        change("lead", draft)
    with pytest.raises(StateConflict, match="已办结"):
        change("supervisor", closed)
    with pytest.raises(InvalidInput, match="更正的理由"):
        change("supervisor", issued, "")
    assert change("editor", draft, "").title == "新"


def test_a_correction_stands_in_the_history_and_tells_new_departments(world: Campaign) -> None:
    task = world.task("signed")
    Message.objects.all().delete()
    response = corrected(world, "supervisor", task, title="清两条沟", lead="水务局、林草局")
    assert response.status_code == 302
    task.refresh_from_db()
    assert (task.title, task.state) == ("清两条沟", "signed")
    step = task.transitions.get(action="correct")
    assert step.reason == "更正任务、牵头部门：会议决定" and step.actor == world.supervisor
    told = Message.objects.filter(channel="inbox").values_list("recipient__username", flat=True)
    assert list(told) == ["outsider"]


def test_a_supporter_that_had_signed_and_now_leads_has_taken_the_task_on(world: Campaign) -> None:
    task = world.task("issued")
    services.sign_task(actor=world.supporter, at=NOW, task=task)
    assert Task.objects.get(pk=task.pk).state == "issued"
    assert corrected(world, "supervisor", task, lead="电力局", support="").status_code == 302
    task.refresh_from_db()
    last = task.transitions.latest("at", "pk")
    assert (last.action, last.from_state, last.to_state, task.state) == (
        "correct",
        "issued",
        "signed",
        "signed",
    )
    services.report_progress(actor=world.supporter, at=NOW, task=task, percent=20, text="已开工")
    assert Task.objects.get(pk=task.pk).state == "in_progress"


def test_reminders_of_the_old_date_are_taken_back(world: Campaign) -> None:
    task = world.task("issued", due_on=date(2023, 5, 9))
    other = world.task("issued", due_on=date(2023, 5, 9))
    queue_task_reminders(on_day=date(2023, 5, 8), at=NOW)
    waiting = Message.objects.filter(about__startswith="task-due:", state="pending")
    Message.objects.filter(about__startswith="task-due:").update(state="pending")
    number = waiting.count()
    assert number
    corrected(world, "supervisor", task, kind="own", due_on="2023-08-01")
    assert waiting.count() == number, "another task of the list is still due that day"
    corrected(world, "supervisor", other, kind="own", due_on="2023-08-01")
    assert not waiting.exists()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"reason": ""}, "必填"),
        ({"lead": "无此局"}, "没有“无此局”这个部门"),
        ({"support": "水务局"}, "不能既牵头又配合"),
        ({}, "没有改动"),
        ({"kind": "own"}, "请填写日期"),
        ({"kind": "workdays", "days": "5"}, "请填写起算日期"),
        (
            {"kind": "workdays", "trigger_on": "2150-01-01", "days": "5", "clause": "5个工作日内"},
            "工作日日历没有 2150 年的放假安排",
        ),
    ],
)
def test_what_is_wrong_is_said(world: Campaign, typed: dict[str, str], error: str) -> None:
    task = world.task("issued")
    response = corrected(world, "supervisor", task, **typed)
    assert response.status_code == 400
    assert error in response.content.decode()
    assert not task.transitions.filter(action="correct").exists()


# -- two who correct ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "kept"),
    [
        ({"title": "清两条沟"}, {"title": "清两条沟"}),
        ({"support": "林草局"}, {"support": "林草局"}),
        ({"kind": "own", "due_on": "2023-08-01"}, {"due_on": "2023-08-01"}),
    ],
)
def test_a_form_opened_earlier_does_not_undo_a_correction(
    world: Campaign, first: dict[str, str], kept: dict[str, str]
) -> None:
    task = world.task("issued")
    path = f"{task.get_absolute_url()}correct/"
    page = client_of(world, "supervisor").get(path)
    assert str(page.context["form"]["seen"]) in page.content.decode()
    opened = filled(task, part="第九部分") | {"seen": page.context["form"]["seen"].value()}
    assert corrected(world, "supervisor", task, **first).status_code == 302
    answer = client_of(world, "supervisor").post(path, opened)
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "被别人改过" in said and "没有保存" in said and 'value="第九部分"' in said
    found = Task.objects.get(pk=task.pk)
    assert kept.items() <= values_of(found).items() and found.part != "第九部分"
    assert found.transitions.filter(action="correct").count() == 1


def test_another_reckoning_to_the_same_day_is_another_correction(world: Campaign) -> None:
    task = world.task("draft")
    given = {"kind": "workdays", "trigger_on": "2023-04-27", "days": "4", "clause": "4个工作日内"}
    corrected(world, "editor", task, **given)
    opened = filled(Task.objects.get(pk=task.pk), **given)
    changed = {"trigger_on": "2023-04-28", "days": "3", "clause": "3个工作日内"}
    corrected(world, "editor", Task.objects.get(pk=task.pk), **(given | changed))
    path = f"{task.get_absolute_url()}correct/"
    assert client_of(world, "editor").post(path, {**opened, "number": "9"}).status_code == 409
    found = Task.objects.get(pk=task.pk)
    assert (found.due_on, found.trigger_days) == (date(2023, 5, 6), 3)


@pytest.mark.parametrize("mark", ["", "0" * 32])
def test_a_form_that_does_not_say_what_it_was_filled_in_from_is_refused(world: Campaign, mark: str) -> None:
    task = world.task("issued")
    assert corrected(world, "supervisor", task, title="清两条沟", seen=mark).status_code == 409
    assert Task.objects.get(pk=task.pk).title == task.title


def test_a_task_that_moved_on_meanwhile_is_still_corrected(world: Campaign) -> None:
    task = world.task("issued")
    opened = filled(task, title="清两条沟")
    services.sign_task(actor=world.lead, at=NOW, task=task)
    path = f"{task.get_absolute_url()}correct/"
    assert client_of(world, "supervisor").post(path, opened).status_code == 302
    assert Task.objects.get(pk=task.pk).title == "清两条沟"


# -- a task more ----------------------------------------------------------------------------------


def test_a_task_is_added_at_the_end_of_a_list_as_a_draft(world: Campaign) -> None:
    old = world.task("issued")
    client = client_of(world, "editor")
    path = f"{world.task_list.get_absolute_url()}tasks/new/"
    typed = {"title": "换阀", "lead": "无此局，电力局", "due_on": "2023-06-01"}
    response = client.post(path, typed)
    assert response.status_code == 400 and "没有“无此局”这个部门" in response.content.decode()
    assert client.post(path, {**typed, "lead": "市水务局，电力局"}).status_code == 302
    made = world.task_list.tasks.exclude(pk=old.pk).get()
    assert (made.state, made.order, made.due_on) == ("draft", old.order + 1, date(2023, 6, 1))
    assert [duty.department.name for duty in made.leads] == ["水务局", "电力局"]
    again = client.post(path, {**typed, "lead": "水务局，电力局"})
    assert again.status_code == 409 and "没有重复新增" in again.content.decode()
    world.task_list.state = "archived"
    world.task_list.save()
    closed = client.post(path, {**typed, "title": "另一项", "lead": "水务局"})
    assert closed.status_code == 409 and "已归档" in closed.content.decode()


# -- due dates by working days ------------------------------------------------------------------------


def test_working_days_around_the_spring_holiday_by_hand(world: Campaign) -> None:
    """2023: received on Thursday 2023-04-27. Of the days after it 28 (Fri) works, 29-30 and 1-3 May rest,
    4 and 5 work, Saturday 6 is made up: the fourth working day is the 6th.
    """
    changes, count = due_by_workdays(trigger_on=date(2023, 4, 27), days=4, clause="4个工作日内")
    assert changes["due_on"] == date(2023, 5, 6)
    assert [passed.day.day for passed in count.skipped] == [29, 30, 1, 2, 3]
    assert [passed.day for passed in count.made_up] == [date(2023, 5, 6)]


def test_a_reckoned_date_explains_itself(world: Campaign) -> None:
    task = world.task("issued")
    given = {"kind": "workdays", "trigger_on": "2023-04-27", "days": "4", "clause": "自收到之日起4个工作日内"}
    response = client_of(world, "supervisor").post(
        f"{task.get_absolute_url()}correct/", filled(task, **given), follow=True
    )
    page = response.content.decode()
    assert "依据“自收到之日起4个工作日内”，2023年4月27日收到（当日不计），4 个工作日" in page
    assert "4月29日至5月1日（劳动节）、5月2日至3日（劳动节调休）共 5 天" in page
    assert "5月6日（劳动节补班）上班，计为工作日" in page and "于2023年5月6日届满（含当日）" in page
    assert "起算" in page and "补班" in page
    task.refresh_from_db()
    assert (task.due_on, task.trigger_on, task.trigger_days) == (date(2023, 5, 6), date(2023, 4, 27), 4)


def test_a_date_that_is_written_ends_the_reckoning(world: Campaign) -> None:
    task = world.task("draft")
    given = {"kind": "workdays", "trigger_on": "2023-04-27", "days": "4", "clause": "4个工作日内"}
    corrected(world, "editor", task, **given)
    task.refresh_from_db()
    assert task.trigger_on is not None
    corrected(world, "editor", task, kind="own", due_on="2023-05-06")
    task.refresh_from_db()
    assert task.due_on == date(2023, 5, 6)
    assert [task.trigger_on, task.trigger_days, task.trigger_clause] == [None, None, ""]
    corrected(world, "editor", task, kind="inherit")
    task.refresh_from_db()
    assert task.due_on is None


def test_a_calendar_that_changed_afterwards_is_said(world: Campaign) -> None:
    task = world.task("draft")
    given = {"kind": "workdays", "trigger_on": "2023-04-27", "days": "4", "clause": "4个工作日内"}
    corrected(world, "editor", task, **given)
    CalendarDay.objects.create(day=date(2023, 5, 4), is_working=False, name="停工")
    page = client_of(world, "viewer").get(task.get_absolute_url()).content.decode()
    assert "现在推算为 2023-05-08；时限仍按登记时的 2023-05-06" in page


def test_an_extension_of_a_reckoned_date_keeps_the_steps(world: Campaign) -> None:
    task = world.task("signed")
    given = {"kind": "workdays", "trigger_on": "2023-05-04", "days": "9", "clause": "9个工作日内"}
    corrected(world, "supervisor", task, **given)
    task.refresh_from_db()
    asked = services.ask_extension(
        actor=world.lead, at=NOW, task=task, until=date(2023, 6, 30), reason="大雨"
    )
    services.decide_extension(actor=world.supervisor, at=NOW, extension=asked, grant=True)
    page = client_of(world, "viewer").get(task.get_absolute_url()).content.decode()
    assert "9 个工作日，含最后一日" in page and "同意延至" in page


# -- quantities against targets --------------------------------------------------------------------------


def target(value: str, *, at_least: bool = True) -> TaskTarget:
    return TaskTarget(name="长度", value=Decimal(value), unit="米", at_least=at_least)


@pytest.mark.parametrize(
    ("value", "at_least", "reached", "percent", "met", "word"),
    [
        ("100", True, None, 0, False, "还没有报数"),
        ("100", True, "0", 0, False, "完成 0%"),
        ("100", True, "99.99", 99, False, "完成 99%"),
        ("100", True, "100", 100, True, "已达到"),
        ("100", True, "250", 100, True, "已达到"),
        ("100", False, "99.99", 99, True, "未超过"),
        ("100", False, "100", 100, True, "未超过"),
        ("100", False, "100.01", 100, False, "已超过"),
        ("0", True, "0", 100, True, "已达到"),
        ("0", False, "0", 0, True, "未超过"),
        ("0", False, "1", 100, False, "已超过"),
    ],
)
def test_how_far_a_target_is_reached(
    value: str, at_least: bool, reached: str | None, percent: int, met: bool, word: str
) -> None:
    standing = Standing(target(value, at_least=at_least), Decimal(reached) if reached is not None else None)
    assert (standing.percent, standing.met, standing.word) == (percent, met, word)


def reported(world: Campaign, task: Task, length: str, minute: int) -> None:
    services.report_progress(
        actor=world.lead,
        at=NOW + timedelta(minutes=minute),
        task=task,
        percent=50,
        text=f"修了 {length}",
        quantities={task.targets.get().pk: Decimal(length)},
    )


def test_the_latest_report_counts_on_the_page_and_in_the_interface(world: Campaign) -> None:
    task = world.task("in_progress")
    TaskTarget.objects.create(task=task, name="长度", value=Decimal(5700), unit="平方米")
    reported(world, task, "3000", 1)
    reported(world, task, "2850", 2)
    page = client_of(world, "viewer").get(task.get_absolute_url()).content.decode()
    assert "完成 50%" in page and '<rect class="target-part" width="50"' in page
    row = Caller("viewer").get(f"tasks/{task.pk}/")
    assert row["targets"] == [
        {
            "id": task.targets.get().pk,
            "name": "长度",
            "unit": "平方米",
            "value": "5700.00",
            "at_least": True,
            "reached": "2850.00",
            "percent": 50,
            "met": False,
        }
    ]


def test_targets_of_many_tasks_cost_one_query(world: Campaign) -> None:
    for _ in range(4):
        task = world.task("in_progress")
        TaskTarget.objects.create(task=task, name="长度", value=Decimal(10), unit="米")
        reported(world, task, "5", 1)
    with CaptureQueriesContext(connection) as captured:
        tasks = list(Task.objects.prefetch_related(WITH_REACHED))
        found = [standing_of(target).percent for task in tasks for target in task.targets.all()]
    assert found == [50] * 4 and len(captured) == 2
