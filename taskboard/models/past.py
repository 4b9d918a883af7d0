"""What held for a task until it was changed, so that a page can be seen as of an earlier day."""

from django.db import models

from organizations.models import Department
from taskboard.models.tasks import Task, TaskDepartment
from taskboard.pastquerysets import PastDutyQuerySet


class PastDue(models.Model):
    """The due date of an issued task until a moment, its own or its list's; never changed afterwards."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="past_dues")
    due = models.DateField("时限", null=True, blank=True)
    until = models.DateTimeField("有效至")

    class Meta:
        verbose_name = "改前的时限"
        verbose_name_plural = "改前的时限"
        ordering = ["task", "until", "pk"]
        indexes = [models.Index(fields=["task", "until"], name="past_due_of_task")]

    def __str__(self) -> str:
        return f"{self.task} {self.due or '没有时限'}"


class PastDuty(models.Model):
    """A department that led or supported an issued task until a moment; never changed afterwards.

    All departments of the task are kept together, with the same moment.
    """

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="past_duties")
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="past_task_duties"
    )
    role = models.CharField("角色", max_length=8, choices=TaskDepartment.Role)
    order = models.PositiveIntegerField("次序")
    printed_name = models.CharField("印作", max_length=80, blank=True)
    until = models.DateTimeField("有效至")

    objects = PastDutyQuerySet.as_manager()

    class Meta:
        verbose_name = "改前的部门"
        verbose_name_plural = "改前的部门"
        ordering = ["task", "until", "role", "order"]
        indexes = [models.Index(fields=["task", "until"], name="past_duty_of_task")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.department}"
