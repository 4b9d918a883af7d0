"""Two sweeps of the clock at the same moment write each row once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from notifications.models import Message
from organizations.models import Role
from taskboard.models import LightSnapshot, ReportingRule, ReportObligation
from taskboard.services.periodic import open_report_obligations
from taskboard.services.reminders import queue_task_reminders
from taskboard.services.snapshots import snapshot_lights
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

DAY, NOW = date(2023, 10, 31), datetime(2023, 10, 31, 0, 0, tzinfo=UTC)


def at_once(sweep: Callable[[], int]) -> None:
    def run(_: int) -> int:
        try:
            return sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))


def test_each_row_is_written_once() -> None:
    water = DepartmentFactory(name="水务局")
    UserFactory(role=Role.DEPARTMENT_OFFICER, department=water)
    task_list = TaskListFactory(directive=DirectiveFactory(), ends_on=DAY)
    for _ in range(20):
        TaskFactory(task_list=task_list, leads=[water])
    ReportingRule.objects.create(directive=task_list.directive, rhythm="monthly", starts_on=date(2023, 10, 1))
    at_once(lambda: queue_task_reminders(on_day=DAY, at=NOW))
    assert Message.objects.count() == 1
    at_once(lambda: snapshot_lights(on_day=DAY))
    assert LightSnapshot.objects.count() == 20
    at_once(lambda: open_report_obligations(on_day=DAY, at=NOW))
    assert ReportObligation.objects.count() == 1
    keys = list(Message.objects.values_list("dedupe_key", flat=True))
    assert len(keys) == len(set(keys)) > 1
