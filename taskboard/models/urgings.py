"""Reminders that a supervisor sends by hand (催办)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organizations.models import Department
from taskboard.models.obligations import ReportObligation
from taskboard.models.tasks import Task


class Urging(models.Model):
    """A department was urged for a task or for a periodic report; at most once a day, never changed."""

    task = models.ForeignKey(
        Task, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="urgings"
    )
    obligation = models.ForeignKey(
        ReportObligation,
        verbose_name="定期报送",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="urgings",
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="urgings"
    )
    day = models.DateField("日期")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="催办人", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("内容")

    class Meta:
        verbose_name = "催办"
        verbose_name_plural = "催办"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, obligation__isnull=True)
                | Q(task__isnull=True, obligation__isnull=False),
                name="urging_of_one_matter",
            ),
            models.UniqueConstraint(fields=["task", "department", "day"], name="task_urged_once_a_day"),
            models.UniqueConstraint(
                fields=["obligation", "department", "day"], name="report_urged_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} 催办 {self.department} {self.task or self.obligation}"
