"""Later dates that are asked for and decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organizations.models import Department
from taskboard.models.tasks import Task
from taskboard.querysets import ExtensionQuerySet


class Extension(models.Model):
    """A later date that a lead asks for; the date before it is kept."""

    class State(models.TextChoices):
        PENDING = "pending", "待批"
        GRANTED = "granted", "已同意"
        REFUSED = "refused", "未同意"
        LAPSED = "lapsed", "随办结失效"

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="extensions")
    department = models.ForeignKey(
        Department, verbose_name="申请部门", on_delete=models.PROTECT, related_name="task_extensions"
    )
    old_due = models.DateField("原时限")
    old_inherited = models.BooleanField("原为清单期限", default=False)
    until = models.DateField("延至")
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申请人", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=8, choices=State, default=State.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审批人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision_reason = models.TextField("审批意见", blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "延期申请"
        verbose_name_plural = "延期申请"
        ordering = ["task", "asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="pending"), name="one_open_extension_per_task"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("old_due")), name="extension_is_later"),
        ]

    def __str__(self) -> str:
        return f"{self.task} 延至 {self.until}"
