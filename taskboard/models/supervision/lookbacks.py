"""A closed task is looked at again after some days (回头看)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse

from taskboard.models.tasks import Task
from taskboard.models.transitions import TaskTransition
from taskboard.supervision.querysets import LookBackQuerySet

# How many days an inspector has from the day on which a look-back falls due; our reading, 待确认.
INSPECT_WITHIN = 7


class LookBack(models.Model):
    """One look-back of one closing of a task; it appears on the day it falls due.

    A finding gives the lead a deadline for rectification; failing reopens the task.
    """

    class State(models.TextChoices):
        OPEN = "open", "待回头看"
        PASSED = "passed", "回头看通过"
        RECTIFYING = "rectifying", "限期整改"
        RECTIFIED = "rectified", "整改完成"
        REOPENED = "reopened", "退回重办"
        VOID = "void", "任务已重新办理"

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="look_backs")
    closing = models.OneToOneField(
        TaskTransition, verbose_name="办结", on_delete=models.CASCADE, related_name="look_back"
    )
    closed_on = models.DateField("办结日期")
    days = models.PositiveSmallIntegerField("办结后天数")
    due_on = models.DateField("应查日期")
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField("生成时间")
    inspected_at = models.DateTimeField("检查时间", null=True, blank=True)
    inspected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="检查人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    remarks = models.TextField("检查情况", blank=True)

    objects = LookBackQuerySet.as_manager()

    class Meta:
        verbose_name = "回头看"
        verbose_name_plural = "回头看"
        ordering = ["-due_on", "-pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="look_back_open_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "void"]) | models.Q(inspected_at__isnull=False),
                name="look_back_result_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} 回头看"

    def get_absolute_url(self) -> str:
        """The look-back's page."""
        return reverse("taskboard:look_back", args=[self.pk])

    @property
    def inspect_by(self) -> date:
        """The last day for the inspector."""
        return self.due_on + timedelta(days=INSPECT_WITHIN)
