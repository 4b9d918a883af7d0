"""Reads of task lists and tasks."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce

from taskboard.lights import GREEN, GREY, RED, SOON_DAYS, WITHOUT_CLOCK, YELLOW

if TYPE_CHECKING:
    from taskboard.models import Task, TaskList  # noqa: F401


class TaskListQuerySet(models.QuerySet["TaskList"]):
    """Task lists."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Lists are for signed-in staff."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Tasks are for signed-in staff."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def with_departments(self) -> Self:
        """List and departments in a constant number of queries."""
        return self.select_related("task_list").prefetch_related("duties__department")

    def with_due(self) -> Self:
        """Adds ``due``: the own date, else the list's end."""
        return self.annotate(due=Coalesce("due_on", "task_list__ends_on"))

    def with_light(self, on_day: date, soon_days: int = SOON_DAYS) -> Self:
        """Adds ``due`` and ``light``: what ``taskboard.lights`` says of the day, computed by the database."""
        soon = on_day + min(timedelta(days=soon_days), date.max - on_day)
        no_clock = models.Q(state__in=[*WITHOUT_CLOCK, "closed"]) | models.Q(due__isnull=True)
        return self.with_due().annotate(
            light=models.Case(
                models.When(no_clock, then=models.Value(GREY)),
                models.When(due__lt=on_day, then=models.Value(RED)),
                models.When(due__lte=soon, then=models.Value(YELLOW)),
                default=models.Value(GREEN),
            )
        )

    def count_by_light(self, on_day: date) -> list[tuple[int, str, str, int]]:
        """How many tasks: list, light, state, number."""
        lit: models.QuerySet[Any] = self.with_light(on_day).order_by()
        rows = lit.values_list("task_list_id", "light", "state")
        return list(rows.annotate(n=models.Count("pk")))

    def pressing(self, on_day: date) -> Self:
        """Overdue and nearly due tasks, the earliest first."""
        return self.with_light(on_day).filter(light__in=[RED, YELLOW]).order_by("due", "task_list", "order")

    def due_before(self, day: date) -> Self:
        """Tasks due on or before the day."""
        return self.with_due().filter(due__lte=day)

    def led_by(self, department: str) -> Self:
        """Tasks that the department (its slug) leads."""
        return self.filter(duties__role="lead", duties__department__slug=department)

    def supported_by(self, department: str) -> Self:
        """Tasks that the department (its slug) supports."""
        return self.filter(duties__role="support", duties__department__slug=department)
