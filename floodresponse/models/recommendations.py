"""What the portal recommended, from when until when it last looked."""

from django.db import models
from django.utils import timezone

from floodresponse.models.plan import Level


class Recommendation(models.Model):
    """A stretch of time in which the automatic assessment came to the same result.

    ``seen_at`` of the latest row is the heartbeat of the assessment. ``found``
    holds the reasons at its beginning, with the names of the stations.
    """

    begins_at = models.DateTimeField("自")
    seen_at = models.DateTimeField("最近一次研判")
    level = models.PositiveSmallIntegerField("推荐级别", choices=Level, null=True, blank=True)
    silent = models.JSONField("静默测站", default=list, blank=True)
    error = models.CharField("无法研判的原因", max_length=300, blank=True)
    found = models.JSONField("研判结果", default=dict, blank=True)

    class Meta:
        verbose_name = "自动研判"
        verbose_name_plural = "自动研判"
        ordering = ["-pk"]

    def __str__(self) -> str:
        begins = timezone.localtime(self.begins_at)
        return f"{begins:%Y-%m-%d %H:%M} 起{self.get_level_display() or '未达 IV 级'}"

    def same_as(self, other: "Recommendation") -> bool:
        """Whether level, silent gauges and the reason for not judging are the same."""
        mine, theirs = ((one.level, one.silent, one.error) for one in (self, other))
        return mine == theirs
