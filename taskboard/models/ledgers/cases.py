"""What rows of some ledgers carry besides their columns."""

from django.conf import settings
from django.db import models

from foundation.models import Attachment
from taskboard.models.ledgers.rows import LedgerRow


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
