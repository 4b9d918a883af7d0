"""Looking back at closed tasks: when, by whom, and what comes of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import User
from taskboard import services
from taskboard.models import Finding, FindingEvent, LookBack, Task, TaskTransition
from taskboard.services.supervision.deadlines import remind_of_deadlines
from taskboard.services.supervision.findings import (
    confirm_rectification,
    report_rectification,
    return_rectification,
)
from taskboard.services.supervision.lookbacks import (
    fail_look_back,
    find_in_look_back,
    open_look_backs,
    pass_look_back,
    set_look_back_days,
)
from taskboard.supervision.lights import look_back_mark
from taskboard.tasks import look_back as look_back_task
from tests.taskboard.campaign import Campaign, campaign, pdf, step
from tests.taskboard.supervisionworld import DUE_AT, DUE_ON, due_look_back

pytestmark = pytest.mark.django_db
S = LookBack.State


@pytest.fixture
def world() -> Campaign:
    return campaign()


def finding_of(world: Campaign, row: LookBack, days: int = 10) -> Finding:
    return find_in_look_back(
        actor=world.supervisor,
        at=DUE_AT,
        look_back=row,
        remarks="阀门漏水",
        rectify_by=DUE_ON + timedelta(days=days),
    )


# -- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "number"), [(29, 0), (30, 1), (31, 1)])
def test_the_default_is_thirty_days_after_closing(world: Campaign, days: int, number: int) -> None:
    world.task("closed")
    day = DUE_ON - timedelta(days=30 - days)
    assert open_look_backs(on_day=day, at=DUE_AT) == number
    assert LookBack.objects.count() == number


@pytest.mark.parametrize(("after", "number"), [(4, 0), (5, 1), (6, 1)])
def test_a_list_sets_its_own_days(world: Campaign, after: int, number: int) -> None:
    set_look_back_days(actor=world.supervisor, at=DUE_AT, task_list=world.task_list, days=5)
    world.task("closed")
    day = DUE_ON - timedelta(days=30 - after)
    assert open_look_backs(on_day=day, at=DUE_AT) == number


def test_nought_days_mean_no_look_back(world: Campaign) -> None:
    set_look_back_days(actor=world.supervisor, at=DUE_AT, task_list=world.task_list, days=0)
    world.task("closed")
    assert open_look_backs(on_day=DUE_ON + timedelta(days=400), at=DUE_AT) == 0


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (365, True), (366, False)])
def test_the_days_of_a_list_have_bounds(world: Campaign, days: int, allowed: bool) -> None:
    def save() -> int | None:
        row = set_look_back_days(actor=world.supervisor, at=DUE_AT, task_list=world.task_list, days=days)
        return row.look_back_days

    if allowed:
        assert save() == days
    else:
        with pytest.raises(InvalidInput, match="0 到 365"):
            save()


def test_sweeping_twice_opens_once_and_tells_once(world: Campaign) -> None:
    due_look_back(world)
    assert open_look_backs(on_day=DUE_ON, at=DUE_AT) == 0
    told = Message.objects.filter(about__startswith="look-backs:")
    assert [(m.recipient, m.subject) for m in told] == [(world.supervisor, "1 项已办结任务到期应回头看")]


@pytest.mark.parametrize("state", ["submitted", "in_progress", "suspended"])
def test_only_closed_tasks_are_looked_at(world: Campaign, state: str) -> None:
    world.task(state)
    assert open_look_backs(on_day=DUE_ON + timedelta(days=100), at=DUE_AT) == 0


def test_a_task_closed_again_is_looked_at_again(world: Campaign) -> None:
    row = due_look_back(world)
    services.reopen_task(actor=world.supervisor, at=DUE_AT, task=row.task, reason="又坏了")
    for minute, name in enumerate(("progress", "submit", "close"), start=1):
        step(world, row.task, name, DUE_AT + timedelta(minutes=minute))
    assert open_look_backs(on_day=DUE_ON + timedelta(days=29), at=DUE_AT) == 0
    assert open_look_backs(on_day=DUE_ON + timedelta(days=30), at=DUE_AT) == 1
    assert [r.state for r in row.task.look_backs.order_by("due_on")] == [S.VOID, S.OPEN]


def test_the_clock_sends_the_sweep(world: Campaign) -> None:
    world.task("closed")
    look_back_task()
    assert LookBack.objects.count() == (1 if timezone.localdate() >= DUE_ON else 0)


# -- what comes of it ---------------------------------------------------------------------------


def test_passing_leaves_the_task_closed_and_a_line_in_its_history(world: Campaign) -> None:
    row = due_look_back(world)
    pass_look_back(actor=world.supervisor, at=DUE_AT, look_back=row, remarks="现场无恙")
    row.refresh_from_db()
    assert (row.state, row.inspected_by, row.remarks) == (S.PASSED, world.supervisor, "现场无恙")
    last = row.task.transitions.latest("at")
    assert (last.action, last.from_state, last.to_state) == ("look_back", "closed", "closed")
    assert AuditEntry.objects.filter(action="look_back.passed").exists()


def test_a_finding_is_put_right_and_confirmed(world: Campaign) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)
    assert (row.state, finding.department, finding.task) == (S.RECTIFYING, world.water, row.task)
    assert Task.objects.get(pk=row.task_id).state == "closed"
    assert Message.objects.filter(about=f"finding:{finding.pk}", recipient=world.lead).exists()
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="已更换", upload=pdf(mark="r"))
    assert (finding.state, finding.reported_on) == ("reported", DUE_ON)
    confirm_rectification(actor=world.supervisor, at=DUE_AT, finding=finding, reason="属实")
    row.refresh_from_db()
    assert (finding.state, row.state) == ("confirmed", S.RECTIFIED)
    assert [e.action for e in finding.events.all()] == ["find", "report", "confirm"]
    assert FindingEvent.objects.get(finding=finding, action="report").file is not None


def test_what_was_sent_back_is_reported_again(world: Campaign) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="已更换", upload=pdf(mark="a"))
    return_rectification(actor=world.supervisor, at=DUE_AT, finding=finding, reason="照片不清")
    assert (finding.state, finding.reported_on) == ("rectifying", None)
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="重拍", upload=pdf(mark="b"))
    assert finding.state == "reported"


def test_failing_reopens_the_task_and_takes_back_the_rectification(world: Campaign) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)
    fail_look_back(actor=world.supervisor, at=DUE_AT, look_back=row, remarks="仍在漏水")
    finding.refresh_from_db()
    task = Task.objects.get(pk=row.task_id)
    assert (row.state, finding.state, task.state) == (S.REOPENED, "void", "in_progress")
    assert "仍在漏水" in TaskTransition.objects.filter(task=task, action="reopen").get().reason


def test_reopening_by_other_means_voids_what_stands(world: Campaign) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)
    services.reopen_task(actor=world.supervisor, at=DUE_AT, task=row.task, reason="群众反映")
    row.refresh_from_db()
    finding.refresh_from_db()
    assert (row.state, finding.state) == (S.VOID, "void")


@pytest.mark.parametrize("reopened", ["by the inspector", "by other means"])
def test_reopening_leaves_what_was_confirmed_at_that_moment(world: Campaign, reopened: str) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)

    def confirmed_just_before(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "taskboard_finding"') and "void" in rest[0]:
            with connection.cursor() as cursor:
                cursor.cursor.execute("UPDATE taskboard_finding SET state = 'confirmed'")
        return execute(sql, *rest)

    with connection.execute_wrapper(confirmed_just_before):
        if reopened == "by the inspector":
            fail_look_back(actor=world.supervisor, at=DUE_AT, look_back=row, remarks="仍在漏水")
        else:
            services.reopen_task(actor=world.supervisor, at=DUE_AT, task=row.task, reason="群众反映")
    finding.refresh_from_db()
    assert finding.state == "confirmed"
    assert not finding.events.filter(action="void").exists()


@pytest.mark.parametrize("way", ["confirm", "fail", "reopen"])
def test_the_look_back_is_taken_before_its_findings(
    world: Campaign, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row)
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=pdf())
    # SQLite has no row locks; the statement says where PostgreSQL takes them.
    monkeypatch.setattr(connection.features, "has_select_for_update", True)
    monkeypatch.setattr(connection.ops, "for_update_sql", lambda **options: "/* FOR UPDATE */")
    who: dict[str, Any] = {"actor": world.supervisor, "at": DUE_AT}
    with CaptureQueriesContext(connection) as captured:
        if way == "confirm":
            confirm_rectification(**who, finding=Finding.objects.get(pk=finding.pk))
        elif way == "fail":
            fail_look_back(**who, look_back=row, remarks="仍在漏水")
        else:
            services.reopen_task(**who, task=row.task, reason="群众反映")
    taken = [
        table
        for query in captured
        for table in ("lookback", "finding")
        if query["sql"].startswith(f'UPDATE "taskboard_{table}"')
        or (f'FROM "taskboard_{table}"' in query["sql"] and "FOR UPDATE" in query["sql"])
    ]
    assert taken[0] == "lookback" and "finding" in taken


@pytest.mark.parametrize(("after", "shape", "left"), [(10, "yellow", ""), (11, "red", "逾期 1 天")])
def test_a_rectification_that_is_overdue_turns_the_look_back_red(
    world: Campaign, after: int, shape: str, left: str
) -> None:
    row = due_look_back(world)
    finding = finding_of(world, row, 10)
    mark = look_back_mark(row, DUE_ON + timedelta(days=after), [finding])
    assert (mark.shape, mark.word, mark.left) == (shape, "限期整改", left)


@pytest.mark.parametrize(("after", "shape"), [(0, "yellow"), (7, "yellow"), (8, "red")])
def test_an_inspector_has_a_week(world: Campaign, after: int, shape: str) -> None:
    assert look_back_mark(due_look_back(world), DUE_ON + timedelta(days=after)).shape == shape


# -- what is refused ----------------------------------------------------------------------------


def try_to(result: str, person: User, row: LookBack) -> None:
    if result == "pass":
        pass_look_back(actor=person, at=DUE_AT, look_back=row)
    elif result == "fail":
        fail_look_back(actor=person, at=DUE_AT, look_back=row, remarks="不行")
    else:
        find_in_look_back(actor=person, at=DUE_AT, look_back=row, remarks="问题", rectify_by=DUE_ON)


@pytest.mark.parametrize("result", ["pass", "find", "fail"])
def test_only_supervisors_inspect(world: Campaign, result: str) -> None:
    row = due_look_back(world)
    for name in set(world.people) - {"supervisor"}:
        with pytest.raises(PermissionRefused):
            try_to(result, world.people[name], row)
    row.refresh_from_db()
    assert row.state == S.OPEN


def test_only_the_unit_concerned_reports_its_rectification(world: Campaign) -> None:
    finding = finding_of(world, due_look_back(world))
    for name, person in world.people.items():
        if name in ("lead", "head"):
            continue
        with pytest.raises(PermissionRefused):
            report_rectification(actor=person, at=DUE_AT, finding=finding, text="好了", upload=pdf(mark=name))
    report_rectification(actor=world.people["head"], at=DUE_AT, finding=finding, text="好了", upload=pdf())
    assert finding.state == "reported"


def test_without_evidence_nothing_is_reported(world: Campaign) -> None:
    finding = finding_of(world, due_look_back(world))
    with pytest.raises(InvalidInput, match="整改佐证"):
        report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=None)
    finding.refresh_from_db()
    assert finding.state == "rectifying"


@pytest.mark.parametrize("name", ["lead", "head", "supporter", "viewer", "outsider"])
def test_only_supervisors_confirm(world: Campaign, name: str) -> None:
    finding = finding_of(world, due_look_back(world))
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=pdf())
    with pytest.raises(PermissionRefused):
        confirm_rectification(actor=world.people[name], at=DUE_AT, finding=finding)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_the_deadline_is_today_or_later(world: Campaign, days: int, allowed: bool) -> None:
    row = due_look_back(world)
    if allowed:
        assert finding_of(world, row, days).rectify_by == DUE_ON + timedelta(days=days)
    else:
        with pytest.raises(InvalidInput, match="不能早于今天"):
            finding_of(world, row, days)
        row.refresh_from_db()
        assert row.state == S.OPEN


@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2100, 12, 31), True), (date(2101, 1, 1), False), (date.max, False)]
)
def test_nobody_has_a_century_to_put_something_right(world: Campaign, day: date, allowed: bool) -> None:
    row = due_look_back(world)
    if allowed:
        assert finding_of(world, row, (day - DUE_ON).days).rectify_by == day
    else:
        with pytest.raises(InvalidInput, match="整改期限的年份应为 2000 到 2100"):
            finding_of(world, row, (day - DUE_ON).days)
        row.refresh_from_db()
        assert row.state == S.OPEN


def test_the_second_inspector_is_told_who_was_first(world: Campaign) -> None:
    row = due_look_back(world)
    again = LookBack.objects.get(pk=row.pk)
    pass_look_back(actor=world.supervisor, at=DUE_AT, look_back=row)
    with pytest.raises(StateConflict, match=r"督查员甲已于6月7日 09:00办理“回头看”.*回头看通过"):
        fail_look_back(actor=world.supervisor, at=DUE_AT, look_back=again, remarks="不行")
    assert Task.objects.get(pk=row.task_id).state == "closed"


def test_a_rectification_is_confirmed_once(world: Campaign) -> None:
    finding = finding_of(world, due_look_back(world))
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=pdf())
    again = Finding.objects.get(pk=finding.pk)
    confirm_rectification(actor=world.supervisor, at=DUE_AT, finding=finding)
    with pytest.raises(StateConflict, match=r"确认整改.*整改完成"):
        confirm_rectification(actor=world.supervisor, at=DUE_AT, finding=again)
    assert finding.events.filter(action="confirm").count() == 1


# -- reminders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "to"),
    [
        (8, []),
        (7, ["lead"]),
        (0, ["lead"]),
        (-1, ["head", "lead"]),
        (-3, ["head", "lead", "supervisor"]),
    ],
)
def test_deadlines_are_reminded_of_by_the_tiers_of_tasks(world: Campaign, ahead: int, to: list[str]) -> None:
    finding = finding_of(world, due_look_back(world), 20)
    Message.objects.all().delete()
    day = finding.rectify_by - timedelta(days=ahead)
    remind_of_deadlines(on_day=day, at=DUE_AT)
    remind_of_deadlines(on_day=day, at=DUE_AT)
    told = Message.objects.filter(about=f"finding:{finding.pk}").order_by("recipient__username")
    assert [message.recipient.username for message in told if message.recipient] == to


def test_a_reported_rectification_is_no_longer_reminded_of(world: Campaign) -> None:
    finding = finding_of(world, due_look_back(world), 3)
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=pdf())
    assert remind_of_deadlines(on_day=date(2024, 1, 1), at=DUE_AT) == 0
    waiting = Message.objects.filter(about=f"finding:{finding.pk}", state=Message.State.PENDING)
    assert not waiting.exists()
