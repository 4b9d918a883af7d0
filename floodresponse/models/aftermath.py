"""After a response: what it cost and taught, and the report that writes itself from the rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from events.models import Event
from floodresponse.aftermath.querysets import AftermathEntryQuerySet
from floodresponse.models.responses import Response
from organizations.models import Department
from taskboard.models import Task


class AftermathEntry(models.Model):
    """One matter to settle after a response; ``amount`` in yuan where money is meant.

    What was entered by mistake is struck out with a reason and stays.
    """

    class Kind(models.TextChoices):
        LOSS = "loss", "灾损"
        RELIEF = "relief", "救助"
        REBUILDING = "rebuilding", "恢复重建"
        COST = "cost", "经费"
        LESSON = "lesson", "经验教训"
        COMMENDATION = "commendation", "表扬"
        ACCOUNTABILITY = "accountability", "追责问责"

    response = models.ForeignKey(
        Response, verbose_name="响应", on_delete=models.PROTECT, related_name="aftermath"
    )
    kind = models.CharField("类别", max_length=16, choices=Kind)
    unit = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flood_aftermath",
    )
    text = models.CharField("内容", max_length=500)
    basis = models.CharField("依据", max_length=200, blank=True)
    amount = models.DecimalField("金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    task = models.ForeignKey(
        Task,
        verbose_name="任务",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flood_aftermath",
    )
    entered_at = models.DateTimeField("登记时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    struck_at = models.DateTimeField("划销时间", null=True, blank=True)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="划销人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    struck_reason = models.CharField("划销理由", max_length=200, blank=True)

    objects = AftermathEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "善后事项"
        verbose_name_plural = "善后事项"
        ordering = ["response", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="aftermath_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True) | ~Q(struck_reason=""), name="struck_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class AfterActionReport(models.Model):
    """The report on an ended response (总结评估报告); published by two persons, filed to the chronicle."""

    class Publication(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待签发"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    response = models.OneToOneField(
        Response, verbose_name="响应", on_delete=models.PROTECT, related_name="after_action_report"
    )
    title = models.CharField("标题", max_length=120)
    publication = models.CharField(
        "发布状态", max_length=12, choices=Publication, default=Publication.DRAFT, db_index=True
    )
    written_at = models.DateTimeField("生成时间")
    event = models.ForeignKey(
        Event,
        verbose_name="大事记条目",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="after_action_reports",
    )

    history = HistoricalRecords(verbose_name="总结报告修改历史", verbose_name_plural="总结报告修改历史")

    class Meta:
        verbose_name = "总结报告"
        verbose_name_plural = "总结报告"
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("floodresponse:after_action", args=[self.response_id])


class ReportSection(models.Model):
    """A part of the report: ``written`` from the rows, ``text`` as a person left it.

    While nobody edited it the two are the same, and writing again follows the rows.
    """

    report = models.ForeignKey(
        AfterActionReport, verbose_name="报告", on_delete=models.CASCADE, related_name="sections"
    )
    key = models.CharField("部分", max_length=20)
    order = models.PositiveIntegerField("次序")
    title = models.CharField("标题", max_length=60)
    written = models.TextField("按记录生成", blank=True)
    text = models.TextField("正文", blank=True)
    edited = models.BooleanField("经人修改", default=False)

    history = HistoricalRecords(
        verbose_name="总结报告各部分修改历史", verbose_name_plural="总结报告各部分修改历史"
    )

    class Meta:
        verbose_name = "总结报告各部分"
        verbose_name_plural = "总结报告各部分"
        ordering = ["report", "order"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="section_once_a_report")]

    def __str__(self) -> str:
        return self.title
