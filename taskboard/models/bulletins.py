"""Bulletins (通报) of the supervision office, composed from the figures of a period."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from foundation.publication import DRAFT, PUBLISHED, REVIEW, WITHDRAWN
from taskboard.bulletins.querysets import BulletinQuerySet
from taskboard.models.lists import TaskList
from taskboard.models.tasks import Task


class Bulletin(models.Model):
    """One bulletin: what is said, and the figures it was composed from.

    The number belongs to the issuer and the year and is given at publishing. A
    published bulletin never changes; it can be withdrawn, and keeps its number.
    ``sections`` are dicts of ``heading`` and ``text``, paragraphs being lines;
    ``figures`` are what the portal counted when the text was composed.
    """

    class Publication(models.TextChoices):
        DRAFT = DRAFT, "草稿"
        REVIEW = REVIEW, "待签发"
        PUBLISHED = PUBLISHED, "已印发"
        WITHDRAWN = WITHDRAWN, "已撤回"

    issuer = models.CharField("发文机关", max_length=80)
    mark = models.CharField("机关代字", max_length=20)
    year = models.PositiveIntegerField("年度", null=True, blank=True)
    number = models.PositiveIntegerField("序号", null=True, blank=True)
    title = models.CharField("标题", max_length=120)
    addressees = models.CharField("主送机关", max_length=300)
    opening = models.TextField("开头")
    sections: "models.JSONField[Any, Any]" = models.JSONField("内容", default=list)
    closing = models.TextField("结尾", blank=True)
    period_start = models.DateField("统计期自")
    period_end = models.DateField("统计期至")
    task_list = models.ForeignKey(
        TaskList,
        verbose_name="清单",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="bulletins",
    )
    figures: "models.JSONField[Any, Any]" = models.JSONField("取数", default=dict)
    composed_at = models.DateTimeField("取数时间")
    publication = models.CharField("状态", max_length=10, choices=Publication, default=Publication.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("修改时间")
    version = models.PositiveIntegerField("版次", default=1)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField("印发时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)

    history = HistoricalRecords(verbose_name="通报修改历史", verbose_name_plural="通报修改历史")
    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "通报"
        verbose_name_plural = "通报"
        ordering = [F("published_at").desc(nulls_first=True), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="bulletin_number_once"),
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")), name="bulletin_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(publication__in=[DRAFT, REVIEW])
                | Q(year__isnull=False, number__isnull=False, published_at__isnull=False),
                name="bulletin_published_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """The bulletin's page."""
        return reverse("taskboard:bulletin", args=[self.pk])

    @property
    def full_number(self) -> str:
        """The number as printed, in hexagonal brackets, no zeros before it; empty before publishing."""
        return f"{self.mark}〔{self.year}〕{self.number}号" if self.number else ""


class BulletinTask(models.Model):
    """A task that is named in a bulletin (列入通报), never changed afterwards."""

    bulletin = models.ForeignKey(
        Bulletin, verbose_name="通报", on_delete=models.CASCADE, related_name="named"
    )
    task = models.ForeignKey(
        Task, verbose_name="任务", on_delete=models.CASCADE, related_name="bulletin_entries"
    )
    at = models.DateTimeField("列入时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="列入人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "列入通报的任务"
        verbose_name_plural = "列入通报的任务"
        ordering = ["bulletin", "at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "task"], name="task_named_once_in_a_bulletin")
        ]

    def __str__(self) -> str:
        return f"{self.task} 列入 {self.bulletin}"
