"""Rows of ledgers and their history."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from foundation.models import Attachment
from organizations.models import Department
from taskboard.ledgers.querysets import LedgerRowQuerySet
from taskboard.models.ledgers.ledgers import Ledger


class LedgerRow(models.Model):
    """One entry of a ledger, kept by one department.

    Once signed it leaves only by being closed (销号) with evidence, or by a
    correction that has a written decision of the leading group.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "未签字"
        SIGNED = "signed", "在册"
        CLOSED = "closed", "已销号"
        REMOVED = "removed", "已移出"

    ledger = models.ForeignKey(Ledger, verbose_name="台账", on_delete=models.PROTECT, related_name="rows")
    department = models.ForeignKey(
        Department, verbose_name="责任单位", on_delete=models.PROTECT, related_name="ledger_rows"
    )
    title = models.CharField("名称", max_length=200)
    # By the key of the column; numbers and dates as text in their canonical form, empty cells left out.
    values = models.JSONField("栏目内容", default=dict, blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField("版次", default=1)
    created_at = models.DateTimeField("登记时间")
    updated_at = models.DateTimeField("修改时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签字人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_at = models.DateTimeField("签字时间", null=True, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)

    objects = LedgerRowQuerySet.as_manager()

    class Meta:
        verbose_name = "台账条目"
        verbose_name_plural = "台账条目"
        ordering = ["ledger", "pk"]
        indexes = [models.Index(fields=["ledger", "state"], name="ledger_row_state")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "closed"]) | models.Q(signed_at__isnull=False),
                name="ledger_row_stands_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The row's page."""
        return reverse("taskboard:ledger_row", args=[self.pk])


class LedgerRowEvent(models.Model):
    """One step in the life of a row, never changed afterwards; the state may have stayed what it was."""

    class Action(models.TextChoices):
        ADD = "add", "登记"
        CHANGE = "change", "修改"
        WITHDRAW = "withdraw", "撤回"
        SIGN = "sign", "签字"
        CLOSE = "close", "销号"
        CORRECT = "correct", "更正"
        REMOVE = "remove", "更正移出"
        CHECK = "check", "抽查通过"
        REOPEN = "reopen", "抽查退回"
        CASE = "case", "审批办理"
        COMPLAINT = "complaint", "12345投诉"
        REPLY = "reply", "12345答复"
        PLAN = "plan", "处置方案"

    row = models.ForeignKey(LedgerRow, verbose_name="条目", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=10, choices=Action)
    from_state = models.CharField("原状态", max_length=8, choices=LedgerRow.State, blank=True)
    to_state = models.CharField("新状态", max_length=8, choices=LedgerRow.State)
    reason = models.TextField("说明", blank=True)
    before = models.JSONField("修改前", default=dict, blank=True)
    after = models.JSONField("修改后", default=dict, blank=True)
    file = models.ForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "台账条目经过"
        verbose_name_plural = "台账条目经过"
        ordering = ["row", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.row}"
