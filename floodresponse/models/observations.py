"""What is measured and seen: stations, their readings with every correction, confirmed signs.

Only gauges of the urban area and points on the list of low spots count for
the level; the others are shown.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from floodresponse.querysets import ReadingQuerySet, StationQuerySet
from organizations.models import Department


class Station(models.Model):
    """A rain gauge (mm since its record before) or a point where ponding is measured (cm)."""

    class Kind(models.TextChoices):
        RAIN = "rain", "雨量站"
        PONDING = "ponding", "积水点"

    code = models.CharField("站号", max_length=40, unique=True)
    name = models.CharField("站名", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    is_urban = models.BooleanField("城区", default=False)
    is_low_spot = models.BooleanField("低洼易积水点", default=False)
    street = models.CharField("街道", max_length=80, blank=True)
    network = models.CharField("站网", max_length=80, blank=True)
    interval_minutes = models.PositiveIntegerField("应报间隔（分钟）", default=5)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    is_active = models.BooleanField("在用", default=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = "监测站点"
        verbose_name_plural = "监测站点"
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return f"{self.name}（{self.code}）"


class ReadingBatch(models.Model):
    """A list of readings as it came in, and what became of it; a correction by a person has a reason."""

    class Source(models.TextChoices):
        API = "api", "接口"
        SHEET = "sheet", "表格"
        HAND = "hand", "人工"

    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="报送人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    source = models.CharField("来源", max_length=6, choices=Source, default=Source.API)
    file_name = models.CharField("文件名", max_length=120, blank=True)
    reason = models.CharField("更正理由", max_length=200, blank=True)
    accepted = models.PositiveIntegerField("接收条数")
    corrected = models.PositiveIntegerField("其中更正", default=0)
    duplicates = models.PositiveIntegerField("重复条数", default=0)
    rejected = models.PositiveIntegerField("拒收条数", default=0)

    class Meta:
        verbose_name = "来报批次"
        verbose_name_plural = "来报批次"
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.received_at):%Y-%m-%d %H:%M} 来报 {self.accepted} 条"


class Reading(models.Model):
    """What a station measured at a moment, as known now; earlier values are in its revisions."""

    station = models.ForeignKey(
        Station, verbose_name="站点", on_delete=models.PROTECT, related_name="readings"
    )
    observed_at = models.DateTimeField("观测时间")
    value = models.DecimalField("数值", max_digits=12, decimal_places=6)
    received_at = models.DateTimeField("收到时间")
    batch = models.ForeignKey(
        ReadingBatch, verbose_name="来报批次", on_delete=models.PROTECT, related_name="readings"
    )

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "观测数据"
        verbose_name_plural = "观测数据"
        ordering = ["-observed_at", "station"]
        constraints = [
            models.UniqueConstraint(fields=["station", "observed_at"], name="reading_once_per_moment")
        ]
        indexes = [models.Index(fields=["observed_at"], name="reading_moment")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.observed_at):%Y-%m-%d %H:%M} {self.value}"


class ReadingRevision(models.Model):
    """A value that was replaced by a later report; never changed."""

    reading = models.ForeignKey(
        Reading, verbose_name="观测数据", on_delete=models.PROTECT, related_name="revisions"
    )
    value = models.DecimalField("原数值", max_digits=12, decimal_places=6)
    received_at = models.DateTimeField("原收到时间")
    replaced_at = models.DateTimeField("更正时间")
    batch = models.ForeignKey(
        ReadingBatch, verbose_name="更正批次", on_delete=models.PROTECT, related_name="revisions"
    )

    class Meta:
        verbose_name = "观测更正"
        verbose_name_plural = "观测更正"
        ordering = ["reading", "replaced_at", "pk"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.replaced_at):%Y-%m-%d %H:%M} 更正前 {self.value}"


class SignObservation(models.Model):
    """A sign on the ground, confirmed by a named person as caused by waterlogging: support only (旁证)."""

    code = models.CharField("代码", max_length=30)
    place = models.CharField("地点", max_length=120)
    # Empty of what was confirmed before streets were asked for, or by the office without saying.
    street = models.ForeignKey(
        Department,
        verbose_name="所在街道",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    observed_at = models.DateTimeField("发现时间")
    ended_at = models.DateTimeField("解除时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="核实人", on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("核实时间")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "现场现象记录"
        verbose_name_plural = "现场现象记录"
        ordering = ["-observed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.place} {self.code}"
