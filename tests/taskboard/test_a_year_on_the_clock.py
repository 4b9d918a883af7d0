"""The clock moved day by day through 2022 and through 2026: what the daily sweeps leave behind.

Expected days are written by hand; working days after the State Council's notices of both years.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest
import time_machine

from foundation.errors import StateConflict
from notifications.models import Message
from organizations.models import Role, User
from organizations.services import NameDirectory
from taskboard import services
from taskboard import tasks as sweeps
from taskboard.models import (
    Extension,
    LightSnapshot,
    LookBack,
    ReportingRule,
    ReportObligation,
    Task,
    TaskList,
)
from taskboard.services.correcting import correct_task, due_by_workdays
from taskboard.services.periodic import file_periodic_report
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory
from tests.taskboard.campaign import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SWEEPS = (
    *(sweeps.keep_lights, sweeps.open_reports, sweeps.remind_of_due_dates),
    *(sweeps.look_back, sweeps.remind_of_supervision, sweeps.tell_approvers),
)
# Five working days after a receipt just before the National Day holiday: the day, and when they are over.
# 2022: rest 10-01 to 10-07, work on 10-08 and 10-09. 2026: rest 10-01 to 10-07, work on Saturday 10-10.
RECEIPT = {2022: ((9, 28), (10, 10)), 2026: ((9, 29), (10, 12))}


def morning(day: date) -> datetime:
    """Half past six in the city, when the sweeps run."""
    return datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC) - timedelta(hours=8)


class Year:
    """A list issued on 10 January that ends on 31 October, with three tasks of the water office."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.water = DepartmentFactory(name="水务局")
        self.officer: User = UserFactory(
            username="officer", role=Role.DEPARTMENT_OFFICER, department=self.water
        )
        self.head: User = UserFactory(username="head", role=Role.DEPARTMENT_HEAD, department=self.water)
        self.supervisor: User = UserFactory(username="supervisor", role=Role.SUPERVISOR)
        directive = DirectiveFactory()
        self.task_list: TaskList = TaskListFactory(
            directive=directive, state="draft", ends_on=self.on(10, 31)
        )
        for rhythm, starts, ends in (
            ("half_monthly", None, self.on(9, 30)),
            ("monthly", self.on(10, 1), None),
        ):
            ReportingRule.objects.create(directive=directive, rhythm=rhythm, starts_on=starts, ends_on=ends)
        self.forgotten = self.task("从不反馈")
        self.prolonged = self.task("延期后办结", due_on=self.on(5, 10))
        self.counted = self.task("按工作日")

    def on(self, month: int, day: int) -> date:
        return date(self.year, month, day)

    def task(self, title: str, **values: object) -> Task:
        values = {"task_list": self.task_list, "state": "draft", "leads": [self.water], **values}
        made: Task = TaskFactory(title=title, **values)
        return made

    def run(self) -> None:
        """Every day: the sweeps of the morning, then what people do at ten o'clock."""
        day, work = self.on(1, 1), self.work()
        while day.year == self.year:
            with time_machine.travel(morning(day), tick=False):
                for sweep in SWEEPS:
                    sweep()
            if day in work:
                with time_machine.travel(morning(day) + timedelta(hours=3, minutes=30), tick=False):
                    work[day](datetime.now(UTC))
            self.file_reports(day)
            day += timedelta(days=1)

    def work(self) -> Mapping[date, Callable[[datetime], object]]:
        received = self.on(*RECEIPT[self.year][0])
        handed_in = self.on(*RECEIPT[self.year][1]) + timedelta(days=3)
        return {
            self.on(1, 10): self.issue,
            self.on(5, 8): self.ask,
            self.on(5, 9): self.grant,
            self.on(6, 25): lambda at: self.hand_in(self.prolonged, at),
            self.on(6, 28): lambda at: services.close_task(
                actor=self.supervisor, at=at, task=Task.objects.get(pk=self.prolonged.pk)
            ),
            received: lambda at: self.reckon(received, at),
            handed_in: lambda at: self.hand_in(self.counted, at),
            self.on(11, 1): self.ask_too_late,
        }

    def issue(self, at: datetime) -> None:
        services.issue_list(actor=self.supervisor, at=at, task_list=self.task_list)
        services.sign_list(actor=self.officer, at=at, task_list=self.task_list)
        for task in self.task_list.tasks.all():
            services.report_progress(actor=self.officer, at=at, task=task, percent=10, text="已动工")

    def ask(self, at: datetime) -> None:
        task = Task.objects.get(pk=self.prolonged.pk)
        services.ask_extension(
            actor=self.officer, at=at, task=task, until=self.on(6, 30), reason="雨期不能施工"
        )

    def grant(self, at: datetime) -> None:
        services.decide_extension(actor=self.supervisor, at=at, extension=Extension.objects.get(), grant=True)

    def ask_too_late(self, at: datetime) -> None:
        task = Task.objects.get(pk=self.forgotten.pk)
        with pytest.raises(StateConflict, match="已过"):
            services.ask_extension(
                actor=self.officer, at=at, task=task, until=self.on(12, 31), reason="人手不足"
            )

    def reckon(self, received: date, at: datetime) -> None:
        changes, _ = due_by_workdays(trigger_on=received, days=5, clause="收到之日起5个工作日内")
        task = Task.objects.get(pk=self.counted.pk)
        correct_task(
            actor=self.supervisor,
            at=at,
            task=task,
            changes=changes,
            directory=NameDirectory(actor=self.supervisor, at=at),
            reason="材料已收到",
        )

    def hand_in(self, task: Task, at: datetime) -> None:
        found = Task.objects.get(pk=task.pk)
        services.add_evidence(actor=self.officer, at=at, task=found, upload=pdf(mark=task.title))
        services.submit_task(actor=self.officer, at=at, task=found, text="已完成")

    def file_reports(self, day: date) -> None:
        """On the day itself; the one of 15 March three days late, that of 30 June never."""
        late, never = self.on(3, 15), self.on(6, 30)
        if day == late + timedelta(days=3):
            day = late
        elif day in {late, never}:
            return
        at = morning(day) + timedelta(hours=9, days=3 if day == late else 0)
        for owed in ReportObligation.objects.filter(due_on=day, state="open"):
            file_periodic_report(actor=self.officer, at=at, obligation=owed, progress="在办")

    def spans(self, task: Task) -> list[tuple[str, date, date]]:
        """The kept lights as runs: word, first and last day."""
        rows = LightSnapshot.objects.filter(task=task).order_by("day").values_list("word", "day")
        runs = [(word, [day for _, day in group]) for word, group in groupby(rows, key=lambda row: row[0])]
        for _, days in runs:
            assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        return [(word, days[0], days[-1]) for word, days in runs]

    def reminded(self, due: date, who: User) -> list[tuple[str, date]]:
        """Tier and day of each reminder of a due date that a person got."""
        about = f"task-due:{self.task_list.pk}:{due.isoformat()}"
        rows = Message.objects.filter(about=about, recipient=who).order_by("created_at", "pk")
        return [(row.dedupe_key.split(":")[3], (row.not_before + timedelta(hours=8)).date()) for row in rows]


@pytest.mark.parametrize("year", [2022, 2026])
def test_through_a_year_day_by_day(year: int) -> None:
    told = Year(year)
    told.run()
    on = told.on

    # Lights: a run for each, from the morning after the list was issued to the last of December.
    assert told.spans(told.forgotten) == [
        ("正常", on(1, 11), on(10, 23)),
        ("临期", on(10, 24), on(10, 31)),
        ("逾期", on(11, 1), on(12, 31)),
    ]
    assert told.spans(told.prolonged) == [
        ("正常", on(1, 11), on(5, 2)),
        ("临期", on(5, 3), on(5, 9)),
        ("正常", on(5, 10), on(6, 22)),
        ("临期", on(6, 23), on(6, 25)),
        ("正常", on(6, 26), on(6, 28)),
        ("已办结", on(6, 29), on(6, 29)),
    ]
    received, due = (on(*pair) for pair in RECEIPT[year])
    soon = max(received + timedelta(days=1), due - timedelta(days=7))
    green = [("正常", on(1, 11), soon - timedelta(days=1))]
    assert told.spans(told.counted) == [
        *green,
        ("临期", soon, due),
        ("逾期", due + timedelta(days=1), due + timedelta(days=3)),
        ("逾期补报", due + timedelta(days=4), on(12, 31)),
    ]

    # Working days: over the holiday and the days made up for it.
    assert Task.objects.get(pk=told.counted.pk).effective_due_on == due

    # Extensions: granted once, the old date kept; refused after the due day.
    extension = Extension.objects.get()
    assert (extension.state, extension.old_due, extension.until) == ("granted", on(5, 10), on(6, 30))
    assert Task.objects.get(pk=told.prolonged.pk).due_on == on(6, 30)

    # Reminders of the inherited end: 7, 3, 1 days before, on the day, after 1, 3, then every week.
    weekly = [on(11, 10), on(11, 17), on(11, 24), on(12, 1), on(12, 8), on(12, 15), on(12, 22), on(12, 29)]
    escalated = [("after-3", on(11, 3))]
    escalated += [(f"after-{(day - on(10, 31)).days}", day) for day in weekly]
    head = [("after-1", on(11, 1)), *escalated]
    first = [
        ("before-7", on(10, 24)),
        ("before-3", on(10, 28)),
        ("before-1", on(10, 30)),
        ("due", on(10, 31)),
    ]
    assert told.reminded(on(10, 31), told.officer) == [*first, *head]
    assert told.reminded(on(10, 31), told.head) == head
    assert told.reminded(on(10, 31), told.supervisor) == escalated
    # Of the date that was moved those until the decision; of the new one none after the result was handed in.
    assert told.reminded(on(5, 10), told.officer) == [
        ("before-7", on(5, 3)),
        ("before-3", on(5, 7)),
        ("before-1", on(5, 9)),
    ]
    assert told.reminded(on(6, 30), told.officer) == [("before-7", on(6, 23))]
    assert told.reminded(due, told.supervisor) == [("after-3", due + timedelta(days=3))]
    assert Message.objects.count() == Message.objects.values("dedupe_key").distinct().count()

    # Reports: half-monthly to the end of September, then monthly; one late, one never.
    halves = [on(month, day) for month in range(1, 10) for day in (15, _last(year, month).day)]
    months = [on(10, 31), on(11, 30), on(12, 31)]
    owed = list(ReportObligation.objects.order_by("due_on"))
    assert [row.due_on for row in owed] == [*halves, *months]
    states = {row.due_on: row.state for row in owed if row.state != "met"}
    assert states == {on(3, 15): "met_late", on(6, 30): "open"}

    # The look-back, thirty days after the closing.
    looked = LookBack.objects.get()
    assert (looked.task, looked.closed_on, looked.due_on) == (told.prolonged, on(6, 28), on(7, 28))
    assert looked.opened_at == morning(on(7, 28))


def _last(year: int, month: int) -> date:
    return date(year, month + 1, 1) - timedelta(days=1)
