"""Issues of the gazette, composed from records of the portal."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directives.models import Directive, DirectiveCorrection
from events.models import Correction
from foundation.publication import DRAFT, PUBLISHED, REVIEW, WITHDRAWN
from gazette.querysets import IssueQuerySet


class Issue(models.Model):
    """One issue (一期公报): the chronicle of its months, documents in order, corrections due.

    ``first_month`` and ``last_month`` are first days of months. A published issue
    never changes: ``frozen_html`` is what was signed, ``frozen_records`` the keys
    of what stands in it (``events`` and ``directives``), empty before.
    """

    class Publication(models.TextChoices):
        DRAFT = DRAFT, "编排中"
        REVIEW = REVIEW, "待签发"
        PUBLISHED = PUBLISHED, "已出版"
        WITHDRAWN = WITHDRAWN, "已撤回"

    title = models.CharField("刊名", max_length=60)
    year = models.PositiveIntegerField("年度")
    number = models.PositiveIntegerField("期号")
    first_month = models.DateField("大事记自")
    last_month = models.DateField("大事记至")
    directives = models.ManyToManyField(
        Directive, verbose_name="文件", through="IssueDocument", related_name="issues"
    )
    corrections = models.ManyToManyField(Correction, verbose_name="更正", blank=True, related_name="issues")
    document_corrections = models.ManyToManyField(
        DirectiveCorrection, verbose_name="文件更正", blank=True, related_name="issues"
    )
    publication = models.CharField("状态", max_length=10, choices=Publication, default=Publication.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="编排人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("建立时间")
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
    published_at = models.DateTimeField("出版时间", null=True, blank=True)
    withdrawal_reason = models.TextField("撤回理由", blank=True)
    frozen_html = models.TextField("出版时的版面", blank=True)
    frozen_records: "models.JSONField[Any, Any]" = models.JSONField("刊载的记录", default=dict, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = "公报期次"
        verbose_name_plural = "公报期次"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="issue_number_once_a_year"),
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="issue_months_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}{self.label}"

    def get_absolute_url(self) -> str:
        """The issue's page."""
        return reverse("gazette:issue", args=[self.pk])

    @property
    def label(self) -> str:
        """2022年第4期."""
        return f"{self.year}年第{self.number}期"

    @property
    def months(self) -> str:
        """The months of the chronicle: 2022年7—8月, 2022年12月—2023年1月."""
        first, last = self.first_month, self.last_month
        if first == last:
            return f"{first.year}年{first.month}月"
        if first.year == last.year:
            return f"{first.year}年{first.month}—{last.month}月"
        return f"{first.year}年{first.month}月—{last.year}年{last.month}月"


class IssueDocument(models.Model):
    """A document's place in an issue, counted from 1."""

    issue = models.ForeignKey(Issue, verbose_name="期次", on_delete=models.CASCADE, related_name="documents")
    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.PROTECT, related_name="places"
    )
    order = models.PositiveIntegerField("顺序")

    class Meta:
        verbose_name = "本期文件"
        verbose_name_plural = "本期文件"
        ordering = ["issue", "order"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "directive"], name="document_once_in_an_issue")
        ]

    def __str__(self) -> str:
        return f"{self.issue}：{self.directive}"
