"""Ledgers (台账) that the plans ask for, with their named columns."""

from django.db import models
from django.urls import reverse

from directives.models import Directive
from taskboard.ledgers.querysets import LedgerQuerySet


class Ledger(models.Model):
    """A ledger laid down by a plan; its rows are kept by the departments."""

    class Kind(models.TextChoices):
        LAND = "land", "闲置土地"
        STOPPED_ENTERPRISE = "stopped_enterprise", "停产停建"
        INDICATORS = "indicators", "控制性指标"
        PENDING_APPROVAL = "pending_approval", "待批项目"
        STALLED_PROJECT = "stalled_project", "“半拉子”工程"
        HAZARD = "hazard", "隐患"

    directive = models.ForeignKey(
        Directive, verbose_name="依据文件", on_delete=models.PROTECT, related_name="ledgers"
    )
    kind = models.CharField("类别", max_length=20, choices=Kind)
    title = models.CharField("台账", max_length=120)
    due_on = models.DateField("建立时限", null=True, blank=True)
    responsible = models.CharField("责任单位", max_length=200, blank=True)
    responsible_leader = models.CharField("责任领导", max_length=80, blank=True)
    rules = models.TextField("要求", blank=True)
    order = models.PositiveIntegerField("次序", default=0)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = "台账"
        verbose_name_plural = "台账"
        ordering = ["directive", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "title"], name="ledger_once_per_directive")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The ledger's page."""
        return reverse("taskboard:ledger", args=[self.pk])


class LedgerColumn(models.Model):
    """A column that the plan names."""

    class Type(models.TextChoices):
        TEXT = "text", "文字"
        NUMBER = "number", "数值"
        DATE = "date", "日期"
        CHOICE = "choice", "选项"

    ledger = models.ForeignKey(Ledger, verbose_name="台账", on_delete=models.CASCADE, related_name="columns")
    order = models.PositiveIntegerField("次序")
    name = models.CharField("栏目", max_length=80)
    type = models.CharField("类型", max_length=10, choices=Type, default=Type.TEXT)
    unit = models.CharField("单位", max_length=20, blank=True)
    choices = models.JSONField("选项", default=list, blank=True)

    class Meta:
        verbose_name = "台账栏目"
        verbose_name_plural = "台账栏目"
        ordering = ["ledger", "order"]
        constraints = [models.UniqueConstraint(fields=["ledger", "order"], name="column_order")]

    def __str__(self) -> str:
        return self.name
