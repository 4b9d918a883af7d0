"""Incidents (涝情、险情、灾情) and the reports made of them."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from floodresponse.reportcontent import FIGURES
from floodresponse.reportqueries import IncidentQuerySet, IncidentReportQuerySet
from foundation.models import Attachment
from organizations.models import Department


class Incident(models.Model):
    """What happened in a unit's charge; ``dead`` and ``missing`` are empty until they are counted.

    ``confirmed_at`` is when the grade or the casualties were confirmed last.
    """

    class Kind(models.TextChoices):
        WATERLOGGING = "waterlogging", "涝情"
        DANGER = "danger", "险情"
        DISASTER = "disaster", "灾情"

    class Severity(models.TextChoices):
        ORDINARY = "ordinary", "一般"
        SERIOUS = "serious", "较大"
        MAJOR = "major", "重大"
        EXTREME = "extreme", "特大"

    unit = models.ForeignKey(
        Department, verbose_name="责任单位", on_delete=models.PROTECT, related_name="incidents"
    )
    # Where it is; of a street's own incident the street itself.
    street = models.ForeignKey(
        Department,
        verbose_name="所在街道",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incidents_here",
    )
    # Told twice, counted once: the figures of this one do not count, those of the other do.
    same_as = models.ForeignKey(
        "self",
        verbose_name="与此为同一起",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="told_again",
    )
    occurred_at = models.DateTimeField("发生时间")
    found_at = models.DateTimeField("发现时间")
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField("等级或伤亡确认时间")
    location = models.CharField("地点", max_length=200)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    severity = models.CharField("等级", max_length=10, choices=Severity, default=Severity.ORDINARY)
    unclear = models.BooleanField("情况不明", default=False)
    depth_cm = models.PositiveIntegerField("积水深度（厘米）", null=True, blank=True)
    summary = models.TextField("情况", blank=True)
    dead = models.PositiveIntegerField("死亡", null=True, blank=True)
    missing = models.PositiveIntegerField("失踪", null=True, blank=True)
    exercise = models.BooleanField("演练", default=False)
    tracker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="跟踪人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolved_at = models.DateTimeField("处置完毕时间", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认处置完毕的人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    key = models.UUIDField("表单编号", null=True, blank=True, unique=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = "涝情险情灾情"
        verbose_name_plural = "涝情险情灾情"
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(found_at__gte=models.F("occurred_at")), name="incident_found_after_it_was"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location}{self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The incident's page."""
        return reverse("floodresponse:incident", args=[self.pk])


class IncidentReport(models.Model):
    """One report; it is never changed. ``lacking`` names what it leaves out."""

    class Channel(models.TextChoices):
        PHONE = "phone", "电话"
        MEDIA = "media", "图文影像"
        WRITTEN = "written", "书面"

    class Stage(models.TextChoices):
        FIRST = "first", "初报"
        FOLLOWUP = "followup", "续报"
        FINAL = "final", "终报"

    incident = models.ForeignKey(
        Incident, verbose_name="事件", on_delete=models.CASCADE, related_name="reports"
    )
    channel = models.CharField("方式", max_length=8, choices=Channel)
    stage = models.CharField("阶段", max_length=8, choices=Stage)
    reported_at = models.DateTimeField("报告时间")
    filed_at = models.DateTimeField("录入时间")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("内容", blank=True)
    figures = models.JSONField("数字", default=dict, blank=True)
    explanation = models.CharField("数字减少的说明", max_length=300, blank=True)
    incomplete = models.BooleanField("内容不全", default=False)
    lacking = models.JSONField("缺少", default=list, blank=True)
    late = models.BooleanField("迟报", default=False)

    key = models.UUIDField("表单编号", null=True, blank=True, unique=True)

    objects = IncidentReportQuerySet.as_manager()

    class Meta:
        verbose_name = "事件报告"
        verbose_name_plural = "事件报告"
        ordering = ["incident", "reported_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}{self.get_stage_display()}"

    @property
    def figure_rows(self) -> list[tuple[str, object]]:
        """The figures that were given, with their names; None is “not counted yet”."""
        return [(FIGURES[key], self.figures[key]) for key in FIGURES if key in self.figures]


class PassingUp(models.Model):
    """What the office verified and passed up to the party committee and the government; never changed.

    ``report`` is the last report that the person had seen; ``figures`` are those that held then.
    """

    incident = models.ForeignKey(
        Incident, verbose_name="事件", on_delete=models.PROTECT, related_name="passings_up"
    )
    number = models.PositiveIntegerField("次序")
    report = models.ForeignKey(
        IncidentReport,
        verbose_name="核实到的报告",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.TextField("上报内容")
    figures = models.JSONField("数字", default=dict, blank=True)
    copies = models.ManyToManyField(Department, verbose_name="抄送", blank=True, related_name="+")
    passed_at = models.DateTimeField("上报时间")
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="核实人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "核实上报"
        verbose_name_plural = "核实上报"
        ordering = ["incident", "number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="passing_up_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident}第 {self.number} 次上报"

    @property
    def figure_rows(self) -> list[tuple[str, object]]:
        """The figures that held, with their names."""
        return [(FIGURES[key], self.figures[key]) for key in FIGURES if key in self.figures]


class MediaPosition(models.Model):
    """Where a picture or video was taken; kept only when whoever handed it in wanted it. Degrees, WGS 84."""

    attachment = models.OneToOneField(
        Attachment, verbose_name="图文影像", on_delete=models.CASCADE, related_name="flood_position"
    )
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5)

    class Meta:
        verbose_name = "拍摄位置"
        verbose_name_plural = "拍摄位置"
        ordering = ["attachment"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
                ),
                name="media_position_on_earth",
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment}的拍摄位置"
