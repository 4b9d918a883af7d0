"""Counts of a whole list and the plot of its departments, read from the database."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from taskboard import boards
from taskboard.models import TaskDepartment, TaskList


def overview_of(found: TaskList, on_day: date) -> dict[str, Any]:
    """Counts and plot of the whole list, whatever the filters show of it."""
    counts = boards.counts_of(row[1:] for row in found.tasks.all().count_by_light(on_day))
    duties = TaskDepartment.objects.filter(task__task_list=found).order_by()
    # A task that has a second lead is led by two or more.
    seconds = Count("pk", filter=Q(role=TaskDepartment.Role.LEAD, order=2))
    grouped = duties.values_list("department__slug", "department__name", "role")
    rows = list(grouped.annotate(n=Count("pk"), seconds=seconds))
    double_led = sum(row[4] for row in rows)
    return {"counts": counts, "plot": boards.plot_of((row[:4] for row in rows), counts.total, double_led)}
