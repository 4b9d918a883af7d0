"""Warnings (预警) before a response: taken in, assessed, issued to those concerned, lifted or expired."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from floodresponse.querysets import FloodWarningQuerySet
from organizations.models import Department


class FloodWarning(models.Model):
    """A warning as it came from its issuer, and what the office made of it; it is not a level."""

    class Kind(models.TextChoices):
        RAINSTORM = "rainstorm", "暴雨"
        CONVECTION = "convection", "雷雨大风等强对流"
        GEOLOGICAL = "geological", "地质灾害气象风险"
        RIVER = "river", "洪水、山洪"
        WATERLOGGING = "waterlogging", "积水内涝"
        OTHER = "other", "其他"

    class Colour(models.IntegerChoices):
        RED = 1, "红色"
        ORANGE = 2, "橙色"
        YELLOW = 3, "黄色"
        BLUE = 4, "蓝色"

    class State(models.TextChoices):
        RECEIVED = "received", "待研判"
        DECLINED = "declined", "研判不发布"
        APPROVED = "approved", "研判待发布"
        ISSUED = "issued", "已发布"
        LIFTED = "lifted", "已解除"

    issuer = models.ForeignKey(
        Department, verbose_name="来源单位", on_delete=models.PROTECT, related_name="flood_warnings"
    )
    kind = models.CharField("类别", max_length=14, choices=Kind)
    colour = models.PositiveSmallIntegerField("预警颜色", choices=Colour)
    text = models.TextField("内容")
    valid_from = models.DateTimeField("起")
    valid_to = models.DateTimeField("止")
    exercise = models.BooleanField("演练", default=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RECEIVED)
    # One form is one warning, however often it is sent.
    key = models.UUIDField("表单号", unique=True)

    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    assessed_at = models.DateTimeField("研判时间", null=True, blank=True)
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="研判人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    assessment = models.CharField("研判意见", max_length=500, blank=True)
    issued_at = models.DateTimeField("发布时间", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发布人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    units = models.ManyToManyField(
        Department, verbose_name="发布范围", blank=True, related_name="flood_warnings_received"
    )
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="解除人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lift_reason = models.CharField("解除原因", max_length=300, blank=True)

    objects = FloodWarningQuerySet.as_manager()

    class Meta:
        verbose_name = "预警"
        verbose_name_plural = "预警"
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="warning_ends_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.get_colour_display()}预警"

    def get_absolute_url(self) -> str:
        """The warning's page."""
        return reverse("floodresponse:warning", args=[self.pk])

    def expired(self, at: datetime) -> bool:
        """Whether its time ran out without it being lifted or declined."""
        return self.valid_to <= at and self.state not in (self.State.LIFTED, self.State.DECLINED)
