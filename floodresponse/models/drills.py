"""A storm that is replayed for a drill, with readings of its own.

They stand in a table apart from what gauges measured: no question about the
real weather can meet them, and none about the drill meets a real reading.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from floodresponse.models.observations import Station
from floodresponse.querysets import DrillReadingQuerySet, StormReplayQuerySet


class StormReplay(models.Model):
    """A storm running in a drill; at most one at a time.

    Its clock runs ``speed`` times as fast as ours, from ``begins`` on, and
    meets ours when the storm is over: nothing in it lies in the future.
    """

    title = models.CharField("演练降雨", max_length=80)
    is_on = models.BooleanField("进行中", default=True)
    speed = models.DecimalField("速度倍数", max_digits=7, decimal_places=2)
    begins = models.DateTimeField("降雨开始（演练时间）")
    started_at = models.DateTimeField("开始时间")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="开始人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    # Minute, station and value of each step: whoever takes an interrupted drill up again has them all.
    steps = models.JSONField("降雨过程", default=list, blank=True)

    objects = StormReplayQuerySet.as_manager()

    class Meta:
        verbose_name = "演练降雨过程"
        verbose_name_plural = "演练降雨过程"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_on"], condition=Q(is_on=True), name="one_storm_replay_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{timezone.localtime(self.started_at):%Y-%m-%d %H:%M}）"

    def moment(self, at: datetime) -> datetime:
        """What the drill's clock shows at a moment of ours; never ahead of it."""
        passed = max(at - self.started_at, timedelta())
        return min(at, self.begins + passed * float(self.speed))


class DrillReading(models.Model):
    """A reading of the drill: marked by its table, never among what was measured."""

    replay = models.ForeignKey(
        StormReplay, verbose_name="演练降雨过程", on_delete=models.CASCADE, related_name="readings"
    )
    station = models.ForeignKey(
        Station, verbose_name="站点", on_delete=models.PROTECT, related_name="drill_readings"
    )
    observed_at = models.DateTimeField("观测时间（演练时间）")
    value = models.DecimalField("数值", max_digits=12, decimal_places=6)
    received_at = models.DateTimeField("写入时间")

    objects = DrillReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "演练观测数据"
        verbose_name_plural = "演练观测数据"
        ordering = ["-observed_at", "station"]
        constraints = [
            models.UniqueConstraint(
                fields=["replay", "station", "observed_at"], name="drill_reading_once_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"【演练】{timezone.localtime(self.observed_at):%Y-%m-%d %H:%M} {self.value}"
