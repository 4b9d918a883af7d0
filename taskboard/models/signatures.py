"""Departments that have taken a task on."""

from django.conf import settings
from django.db import models

from organizations.models import Department
from taskboard.models.tasks import Task


class Signature(models.Model):
    """A department has taken a task on (签收); only the lead's signature also moves the task."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="signatures")
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="task_signatures"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签收人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("签收时间")

    class Meta:
        verbose_name = "签收"
        verbose_name_plural = "签收"
        ordering = ["task", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "department"], name="department_signs_a_task_once")
        ]

    def __str__(self) -> str:
        return f"{self.department} 签收 {self.task}"
