"""Entries of the chronicle (大事记条目)."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from directives.models import Topic
from directives.querysets import NoticeQuerySet
from events.querysets import EventQuerySet
from foundation.models import Proposal


class Event(models.Model):
    """One entry; ``position`` counts from 1 within the month of ``start_date``.

    ``title`` is the portal's own short wording, ``text`` the official one
    (empty until a gazette is imported).
    """

    class Publication(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待签发"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    start_date = models.DateField("起始日期", db_index=True)
    end_date = models.DateField("结束日期")
    position = models.PositiveIntegerField("本月序号")
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    publication = models.CharField(
        "发布状态", max_length=12, choices=Publication, default=Publication.DRAFT, db_index=True
    )
    topics = models.ManyToManyField(Topic, verbose_name="主题", blank=True, related_name="events")
    topics_by_hand = models.BooleanField("主题由编辑确定", default=False, editable=False)
    created_at = models.DateTimeField("入库时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    history = HistoricalRecords(verbose_name="大事记条目修改历史", verbose_name_plural="大事记条目修改历史")
    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "大事记条目"
        verbose_name_plural = "大事记条目"
        ordering = ["start_date", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_date__gte=models.F("start_date")), name="event_range"
            )
        ]
        indexes = [models.Index(fields=["start_date", "position"])]

    def __str__(self) -> str:
        return f"{self.start_date:%Y-%m-%d} {self.title}"

    def get_absolute_url(self) -> str:
        """The entry's page."""
        return reverse("events:event", args=[self.pk])

    @property
    def is_range(self) -> bool:
        """Whether the entry covers more than one day."""
        return self.end_date > self.start_date


class Correction(Proposal):
    """A correction notice (更正): the printed words stay, this stands beside them."""

    event = models.ForeignKey(
        Event, verbose_name="条目", on_delete=models.CASCADE, related_name="corrections"
    )
    printed = models.CharField("原文", max_length=200)
    corrected = models.CharField("应为", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_on = models.DateField("更正日期")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["made_on", "pk"]

    def __str__(self) -> str:
        return f"{self.printed} → {self.corrected}"
