"""Reports of progress, with quantities against the targets of a task."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from organizations.models import Department
from taskboard.models.tasks import Task, TaskTarget


class ProgressReport(models.Model):
    """How far a department has come; the percentage of the task is the lead's latest."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="reports")
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="task_reports"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="报送人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("报送时间")
    # Whether the department led the task then, so that the percentage became the task's.
    as_lead = models.BooleanField("牵头报送", default=True)
    percent = models.PositiveSmallIntegerField("进度", validators=[MaxValueValidator(100)])
    text = models.TextField("进展")
    problems = models.TextField("存在问题", blank=True)
    next_steps = models.TextField("下步打算", blank=True)
    # Why the percentage is lower than what the department reported before; empty otherwise.
    setback = models.TextField("进度回落的原因", blank=True)

    class Meta:
        verbose_name = "进展报送"
        verbose_name_plural = "进展报送"
        ordering = ["task", "at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="report_percent")]

    def __str__(self) -> str:
        return f"{self.department} {self.percent}% {self.task}"


class ReportedQuantity(models.Model):
    """What a report says of one of the task's targets."""

    report = models.ForeignKey(
        ProgressReport, verbose_name="进展报送", on_delete=models.CASCADE, related_name="quantities"
    )
    target = models.ForeignKey(
        TaskTarget, verbose_name="指标", on_delete=models.CASCADE, related_name="reported"
    )
    value = models.DecimalField("完成值", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "报送数值"
        verbose_name_plural = "报送数值"
        ordering = ["report", "target"]
        constraints = [
            models.UniqueConstraint(fields=["report", "target"], name="target_once_per_report"),
            models.CheckConstraint(condition=Q(value__gte=0), name="reported_quantity_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.target.name} {self.value}{self.target.unit}"
