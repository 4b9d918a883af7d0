"""The document and its legal status over time."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from directives.models.topics import Topic
from directives.querysets import DirectiveQuerySet, NoticeQuerySet, StatusQuerySet
from foundation.models import Proposal
from organizations.models import Department


class Directive(models.Model):
    """A policy document.

    ``preamble``, ``plan_preamble`` hold paragraphs divided by line breaks;
    numbered text stands in sections. ``number`` is normalised (〔2022〕) and
    empty when the gazette prints none. ``copy_number`` (six digits),
    ``urgency``, ``copies_to``, ``signatory``, ``printed_by``, ``printed_on``
    are of documents issued here (GB/T 9704-2012, 7.2.1, 7.2.3, 7.2.6 and 7.4);
    without the last two the imprint names the issuer's office and the day of
    signing. ``moved_anchors`` leads from anchors of
    sections that are gone to those that stand for them.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", "通知"
        PLAN = "plan", "方案"
        OPINION = "opinion", "意见"
        DECISION = "decision", "决定"
        REPLY = "reply", "批复"
        ANNOUNCEMENT = "announcement", "公告"
        MEASURES = "measures", "办法"
        REPORT = "report", "报告"
        OTHER = "other", "其他"

    class Urgency(models.TextChoices):
        EXTRA = "extra_urgent", "特急"
        URGENT = "urgent", "加急"

    class Publication(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待签发"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    class Origin(models.TextChoices):
        GAZETTE = "gazette", "公报"
        PORTAL = "portal", "本平台制发"

    title = models.CharField("标题", max_length=300)
    number = models.CharField("发文字号", max_length=80, blank=True)
    issuer = models.CharField("发文机关", max_length=120)
    issuing_department = models.ForeignKey(
        Department,
        verbose_name="发文部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="issued",
    )
    issued_on = models.DateField("成文日期", null=True, blank=True, db_index=True)
    kind = models.CharField("种类", max_length=20, choices=Kind, default=Kind.OTHER)
    addressees = models.JSONField("主送机关", default=list, blank=True)
    copy_number = models.CharField("份号", max_length=6, default="", db_default="", blank=True)
    urgency = models.CharField(
        "紧急程度", max_length=12, choices=Urgency, default="", db_default="", blank=True
    )
    copies_to = models.JSONField("抄送机关", default=list, db_default=[], blank=True)
    signatory = models.CharField("签发人", max_length=40, default="", db_default="", blank=True)
    printed_by = models.CharField("印发机关", max_length=120, default="", db_default="", blank=True)
    printed_on = models.DateField("印发日期", null=True, blank=True)
    is_public = models.BooleanField("公开", default=True)
    release_note = models.CharField("公开标注", max_length=80, blank=True)
    preamble = models.TextField("前言", blank=True)
    plan_title = models.CharField("所附方案", max_length=300, blank=True)
    plan_preamble = models.TextField("方案前言", blank=True)
    summary = models.TextField("摘要", blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    origin = models.CharField("出处", max_length=10, choices=Origin, default=Origin.GAZETTE)
    publication = models.CharField(
        "发布状态", max_length=12, choices=Publication, default=Publication.DRAFT, db_index=True
    )
    topics = models.ManyToManyField(Topic, verbose_name="主题", blank=True, related_name="directives")
    moved_anchors = models.JSONField("已移动的锚点", default=dict, blank=True, editable=False)
    topics_by_hand = models.BooleanField("主题由编辑确定", default=False, editable=False)
    created_at = models.DateTimeField("入库时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    history = HistoricalRecords(verbose_name="政策文件修改历史", verbose_name_plural="政策文件修改历史")
    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "政策文件"
        verbose_name_plural = "政策文件"
        ordering = [models.F("issued_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "number"], condition=~models.Q(number=""), name="number_once_per_issuer"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The document's page."""
        return reverse("directives:directive", args=[self.pk])

    @property
    def is_issued_here(self) -> bool:
        """Whether it was written in the portal and comes from no gazette: on paper an official document."""
        return self.origin == self.Origin.PORTAL and not self.source


class LegalState(models.TextChoices):
    """How a document stands on a day: before its own date it is not issued, later what its changes say."""

    NOT_ISSUED = "not_issued", "尚未发布"
    IN_FORCE = "in_force", "现行有效"
    AMENDED = "amended", "已修改"
    REPEALED = "repealed", "已废止"
    EXPIRED = "expired", "已失效"


class StatusChange(Proposal):
    """From a date on the document is in another legal state."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", "现行有效"
        AMENDED = "amended", "已修改"
        REPEALED = "repealed", "已废止"
        EXPIRED = "expired", "已失效"

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="status_changes"
    )
    status = models.CharField("有效性", max_length=12, choices=Status)
    effective_on = models.DateField("自何日起")
    by_directive = models.ForeignKey(
        Directive,
        verbose_name="依据文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="effects",
    )
    note = models.CharField("说明", max_length=200, blank=True)

    objects = StatusQuerySet.as_manager()

    # What the other document did to this one.
    EFFECTS = {
        Status.IN_FORCE: "恢复",
        Status.AMENDED: "修改了",
        Status.REPEALED: "废止了",
        Status.EXPIRED: "使其失效",
    }

    class Meta:
        verbose_name = "有效性变更"
        verbose_name_plural = "有效性变更"
        ordering = ["effective_on", "pk"]

    def __str__(self) -> str:
        return f"{self.directive} {self.get_status_display()}（{self.effective_on}）"

    @property
    def effect(self) -> str:
        """The change seen from the document that makes it, as a verb."""
        return self.EFFECTS[self.Status(self.status)]


class DirectiveCorrection(Proposal):
    """A correction notice (更正): the printed words of the document stay, this stands beside them."""

    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="corrections"
    )
    printed = models.CharField("原文", max_length=200)
    corrected = models.CharField("应为", max_length=200, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_on = models.DateField("更正日期")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "文件更正"
        verbose_name_plural = "文件更正"
        ordering = ["made_on", "pk"]

    def __str__(self) -> str:
        return f"{self.printed} → {self.corrected}"
