"""What inspectors find, and its rectification (限期整改)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from foundation.models import Attachment
from organizations.models import Department
from taskboard.models.supervision.inspections import Inspection
from taskboard.models.supervision.lookbacks import LookBack
from taskboard.models.tasks import Task
from taskboard.supervision.querysets import FindingQuerySet


class Finding(models.Model):
    """Something a department has to put right by a day: found by a look-back or a special inspection."""

    class State(models.TextChoices):
        RECTIFYING = "rectifying", "整改中"
        REPORTED = "reported", "待确认"
        CONFIRMED = "confirmed", "整改完成"
        VOID = "void", "任务已重新办理"

    look_back = models.ForeignKey(
        LookBack,
        verbose_name="回头看",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="findings",
    )
    inspection = models.ForeignKey(
        Inspection,
        verbose_name="专项检查",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="findings",
    )
    task = models.ForeignKey(
        Task, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="findings"
    )
    department = models.ForeignKey(
        Department, verbose_name="整改单位", on_delete=models.PROTECT, related_name="findings"
    )
    text = models.TextField("发现的问题")
    rectify_by = models.DateField("整改期限")
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECTIFYING)
    found_at = models.DateTimeField("发现时间")
    reported_on = models.DateField("整改报送日期", null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "检查发现的问题"
        verbose_name_plural = "检查发现的问题"
        ordering = ["rectify_by", "pk"]
        indexes = [models.Index(fields=["state", "rectify_by"], name="finding_open_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(look_back__isnull=False, inspection__isnull=True)
                | Q(look_back__isnull=True, inspection__isnull=False),
                name="finding_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return reverse("taskboard:finding", args=[self.pk])


class FindingEvent(models.Model):
    """One step of a rectification, never changed afterwards."""

    class Action(models.TextChoices):
        FIND = "find", "发现问题"
        REPORT = "report", "报送整改"
        RETURN = "return", "退回整改"
        CONFIRM = "confirm", "确认整改"
        PROLONG = "prolong", "调整期限"
        VOID = "void", "随任务重办"

    finding = models.ForeignKey(Finding, verbose_name="问题", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=8, choices=Action)
    text = models.TextField("说明", blank=True)
    file = models.ForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "整改经过"
        verbose_name_plural = "整改经过"
        ordering = ["finding", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.finding}"
