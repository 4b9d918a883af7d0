"""Special inspections (专项检查) by several departments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directives.models import Directive
from organizations.models import Department
from taskboard.supervision.querysets import InspectionQuerySet


class Inspection(models.Model):
    """Several departments inspect together, one of them leads; all sign what was found, the lead last."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        CONCLUDED = "concluded", "已签结"
        CANCELLED = "cancelled", "已取消"

    title = models.CharField("专项检查", max_length=120)
    directive = models.ForeignKey(
        Directive,
        verbose_name="依据文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    purpose = models.TextField("检查内容")
    starts_on = models.DateField("自")
    ends_on = models.DateField("至")
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="建立人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField("签结或取消时间", null=True, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "专项检查"
        verbose_name_plural = "专项检查"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="inspection_in_order"),
            models.CheckConstraint(
                condition=Q(state="running", concluded_at__isnull=True)
                | Q(state__in=["concluded", "cancelled"], concluded_at__isnull=False),
                name="inspection_end_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The inspection's page."""
        return reverse("taskboard:inspection", args=[self.pk])


class InspectionMember(models.Model):
    """A department that inspects, and its signature under what was found."""

    inspection = models.ForeignKey(
        Inspection, verbose_name="专项检查", on_delete=models.CASCADE, related_name="members"
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="inspections"
    )
    leads = models.BooleanField("牵头", default=False)
    signed_at = models.DateTimeField("会签时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="会签人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opinion = models.TextField("会签意见", blank=True)

    class Meta:
        verbose_name = "专项检查部门"
        verbose_name_plural = "专项检查部门"
        ordering = ["inspection", "-leads", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "department"], name="inspects_once"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(leads=True), name="inspection_has_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {'牵头' if self.leads else '参加'}"


class InspectionEvent(models.Model):
    """One step of a special inspection, never changed afterwards; ``text`` says what was before."""

    class Action(models.TextChoices):
        CREATE = "create", "组织检查"
        CHANGE = "change", "调整"
        SIGN = "sign", "会签"
        CANCEL = "cancel", "取消"

    inspection = models.ForeignKey(
        Inspection, verbose_name="专项检查", on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=8, choices=Action)
    text = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "专项检查经过"
        verbose_name_plural = "专项检查经过"
        ordering = ["inspection", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.inspection}"
