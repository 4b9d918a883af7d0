"""Responses (应急响应) and their levels, as rows that only grow."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from floodresponse.models.plan import Level, Plan
from floodresponse.querysets import ResponseQuerySet


class Response(models.Model):
    """A response from declaration to termination; at most one real one and one exercise are active."""

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="responses")
    declared_at = models.DateTimeField("启动时间")
    terminated_at = models.DateTimeField("终止时间", null=True, blank=True)
    exercise = models.BooleanField("演练", default=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = "应急响应"
        verbose_name_plural = "应急响应"
        ordering = ["-declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["exercise"],
                condition=models.Q(terminated_at__isnull=True),
                name="one_response_of_a_kind_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.declared_at):%Y-%m-%d %H:%M} 应急响应"

    def get_absolute_url(self) -> str:
        """The response's page."""
        return reverse("floodresponse:response", args=[self.pk])


class LevelRecord(models.Model):
    """The level from a moment on (none: terminated), who decided it and why; never changed.

    ``recommended`` and ``recommendation`` keep what the portal recommended at
    that moment, with its reasons and measured values.
    """

    response = models.ForeignKey(
        Response, verbose_name="响应", on_delete=models.CASCADE, related_name="levels"
    )
    sequence = models.PositiveIntegerField("次序", default=1)
    level = models.PositiveSmallIntegerField("级别", choices=Level, null=True, blank=True)
    since = models.DateTimeField("自")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", on_delete=models.PROTECT, related_name="+"
    )
    authorised_by = models.CharField("下令人", max_length=80, blank=True)
    reason = models.TextField("理由", blank=True)
    recommended = models.PositiveSmallIntegerField("当时建议级别", choices=Level, null=True, blank=True)
    recommendation = models.JSONField("当时的评估", default=dict, blank=True)

    class Meta:
        verbose_name = "级别记录"
        verbose_name_plural = "级别记录"
        ordering = ["response", "since", "pk"]
        constraints = [models.UniqueConstraint(fields=["response", "sequence"], name="level_record_sequence")]

    def __str__(self) -> str:
        return f"{self.get_level_display() or '终止'} {timezone.localtime(self.since):%Y-%m-%d %H:%M}"


class KeptLevel(models.Model):
    """Somebody decided to keep the level although another was recommended (维持), and why; never changed.

    ``level`` is the declared one, None while no response runs.
    """

    response = models.ForeignKey(
        Response,
        verbose_name="响应",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="kept_levels",
    )
    exercise = models.BooleanField("演练", default=False)
    level = models.PositiveSmallIntegerField("维持级别", choices=Level, null=True, blank=True)
    decided_at = models.DateTimeField("决定时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="决定人", on_delete=models.PROTECT, related_name="+"
    )
    authorised_by = models.CharField("下令人", max_length=80, blank=True)
    reason = models.TextField("理由")
    recommended = models.PositiveSmallIntegerField("当时建议级别", choices=Level, null=True, blank=True)
    recommendation = models.JSONField("当时的评估", default=dict, blank=True)

    class Meta:
        verbose_name = "维持决定"
        verbose_name_plural = "维持决定"
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="kept_level_has_a_reason"),
        ]

    def __str__(self) -> str:
        kept = f"维持 {self.get_level_display()}" if self.level else "不启动"
        return f"{timezone.localtime(self.decided_at):%Y-%m-%d %H:%M} {kept}"
