"""Flood watch (汛期值守) and what units report each day while it is on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from floodresponse.models.obligations import Obligation
from floodresponse.reportqueries import FloodWatchQuerySet


class FloodWatch(models.Model):
    """A period of flood watch: who switched it on and off, and when; at most one is on."""

    is_on = models.BooleanField("进行中", default=True)
    started_at = models.DateTimeField("开始时间")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="开始人", on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="结束人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = FloodWatchQuerySet.as_manager()

    class Meta:
        verbose_name = "汛期值守"
        verbose_name_plural = "汛期值守"
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_on"], condition=Q(is_on=True), name="one_flood_watch_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.started_at):%Y-%m-%d %H:%M} 起的汛期值守"


class DailyReport(models.Model):
    """A zero report or a weather report: “nothing to report” is said by a person."""

    obligation = models.OneToOneField(
        Obligation, verbose_name="报告义务", on_delete=models.PROTECT, related_name="daily_report"
    )
    text = models.TextField("内容")
    reported_at = models.DateTimeField("报告时间")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="报告人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "每日报告"
        verbose_name_plural = "每日报告"
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return str(self.obligation)
