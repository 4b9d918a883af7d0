"""What rows of some ledgers carry besides their columns."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from foundation.models import Attachment
from organizations.models import Department
from taskboard.ledgers.querysets import LedgerReportQuerySet
from taskboard.models.ledgers.ledgers import Ledger
from taskboard.models.ledgers.rows import LedgerRow
from taskboard.models.lists import ReportingRule


class ApprovalCase(models.Model):
    """How a pending approval (待批项目) is dealt with; its clocks run from the day of receipt."""

    class Outcome(models.TextChoices):
        REMOVED = "removed", "移除"
        RETURNED = "returned", "退回"
        APPROVED = "approved", "审批"
        FORWARDED = "forwarded", "转报"

    row = models.OneToOneField(LedgerRow, verbose_name="条目", on_delete=models.CASCADE, related_name="case")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审批人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approval_cases",
    )
    received_on = models.DateField("受理日期")
    # The higher authority decides: the case is forwarded, which has a clock of its own.
    to_forward = models.BooleanField("审批权限在上级", default=False)
    offline = models.BooleanField("线下受理", default=False)
    promised_on = models.DateField("承诺时限", null=True, blank=True)
    reviewed_on = models.DateField("初审日期", null=True, blank=True)
    outcome = models.CharField("去向", max_length=10, choices=Outcome, blank=True)
    outcome_on = models.DateField("办结日期", null=True, blank=True)

    class Meta:
        verbose_name = "待批事项办理"
        verbose_name_plural = "待批事项办理"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_on__isnull=True)
                | (~models.Q(outcome="") & models.Q(outcome_on__isnull=False)),
                name="case_outcome_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} 办理"


class DisposalPlan(models.Model):
    """The one plan of a stalled project: how it is disposed of and how far that has come."""

    class Kind(models.TextChoices):
        UNFINISHED = "unfinished", "未完工停建"
        UNUSED = "unused", "竣工未投用"

    class Way(models.TextChoices):
        FORMALITIES = "formalities", "完善手续"
        RESUME = "resume", "复工续建"
        REVIVE = "revive", "引导盘活"
        COURT = "court", "司法处置"
        DEMOLISH = "demolish", "依法拆除"

    row = models.OneToOneField(LedgerRow, verbose_name="条目", on_delete=models.CASCADE, related_name="plan")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    way = models.CharField("处置方式", max_length=12, choices=Way)
    measures = models.TextField("处置措施")
    stage = models.CharField("阶段", max_length=10)
    file = models.ForeignKey(
        Attachment, verbose_name="方案", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "处置方案"
        verbose_name_plural = "处置方案"

    def __str__(self) -> str:
        return f"{self.row} 处置方案"


class LedgerReport(models.Model):
    """What a unit with entries in a ledger reports to the leading group for a period; due on its last day."""

    class State(models.TextChoices):
        OPEN = "open", "待报送"
        MET = "met", "已报送"
        MET_LATE = "met_late", "逾期补报"

    ledger = models.ForeignKey(
        Ledger, verbose_name="台账", on_delete=models.CASCADE, related_name="periodic_reports"
    )
    rule = models.ForeignKey(
        ReportingRule, verbose_name="报送频次", on_delete=models.CASCADE, related_name="ledger_reports"
    )
    department = models.ForeignKey(
        Department, verbose_name="责任单位", on_delete=models.PROTECT, related_name="ledger_reports"
    )
    period_start = models.DateField("报送期自")
    period_end = models.DateField("报送期至")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    met_at = models.DateTimeField("报送时间", null=True, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="报送人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    progress = models.TextField("处置进展", blank=True)
    problems = models.TextField("存在问题", blank=True)
    advice = models.TextField("工作建议", blank=True)

    objects = LedgerReportQuerySet.as_manager()

    class Meta:
        verbose_name = "台账定期报送"
        verbose_name_plural = "台账定期报送"
        ordering = ["-period_end", "ledger", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "ledger", "department", "period_end"], name="ledger_report_owed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", met_at__isnull=True)
                | (~models.Q(state="open") & models.Q(met_at__isnull=False)),
                name="ledger_report_met_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.period_start} 至 {self.period_end}"

    def get_absolute_url(self) -> str:
        """Where the report is written and read."""
        return reverse("taskboard:ledger_report", args=[self.pk])
