"""Counts of a whole list and the plot of its departments, read from the database."""

from datetime import date
from typing import Any

from django.utils import timezone

from taskboard import boards
from taskboard.models import TaskDepartment, TaskList
from taskboard.pasttasks import moment_of


def overview_of(found: TaskList, on_day: date) -> dict[str, Any]:
    """Counts and plot of the whole list as it stood on the day, whatever the filters show of it."""
    today = timezone.localdate()
    tasks = found.tasks.all().seen(on_day, today)
    counts = boards.counts_of(row[1:] for row in tasks.count_by_light(on_day))
    rows = tasks.count_by_department(moment=moment_of(on_day, today))
    # A task that has a second lead is led by two or more.
    double_led = sum(n for _, _, role, order, n in rows if role == TaskDepartment.Role.LEAD and order == 2)
    drawn = ((slug, name, role, n) for slug, name, role, _, n in rows)
    return {"counts": counts, "plot": boards.plot_of(drawn, counts.total, double_led)}
