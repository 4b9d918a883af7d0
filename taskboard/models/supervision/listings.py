"""Listed supervision (挂牌督办)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from foundation.models import Attachment
from organizations.models import Department
from taskboard.models.ledgers import LedgerRow
from taskboard.models.tasks import Task
from taskboard.supervision.querysets import ListingQuerySet


class Listing(models.Model):
    """A task or an entry of a ledger under listed supervision; taken off only with evidence and a reason."""

    class State(models.TextChoices):
        LISTED = "listed", "挂牌中"
        UNLISTED = "unlisted", "已摘牌"

    task = models.ForeignKey(
        Task, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="listings"
    )
    ledger_row = models.ForeignKey(
        LedgerRow,
        verbose_name="台账条目",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="listings",
    )
    notice = models.TextField("督办要求")
    leader = models.CharField("责任领导", max_length=80)
    deadline = models.DateField("办结期限")
    state = models.CharField("状态", max_length=10, choices=State, default=State.LISTED)
    listed_at = models.DateTimeField("挂牌时间")
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="挂牌人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    unlisted_at = models.DateTimeField("摘牌时间", null=True, blank=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = "挂牌督办"
        verbose_name_plural = "挂牌督办"
        ordering = ["deadline", "pk"]
        indexes = [models.Index(fields=["state", "deadline"], name="listing_open_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, ledger_row__isnull=True)
                | Q(task__isnull=True, ledger_row__isnull=False),
                name="listing_has_one_matter",
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="listed"), name="task_listed_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["ledger_row"], condition=Q(state="listed"), name="row_listed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="listed", unlisted_at__isnull=True)
                | Q(state="unlisted", unlisted_at__isnull=False),
                name="unlisting_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"挂牌督办 {self.matter}"

    def get_absolute_url(self) -> str:
        """The listing's page."""
        return reverse("taskboard:listing", args=[self.pk])

    @property
    def matter(self) -> Task | LedgerRow:
        """What is supervised."""
        matter = self.task or self.ledger_row
        assert matter is not None  # the constraint says so
        return matter

    @property
    def departments(self) -> list[Department]:
        """Who has to act: the leads of the task, or the unit of the entry; uses prefetched rows."""
        if self.task is not None:
            return [duty.department for duty in self.task.leads]
        return [self.ledger_row.department] if self.ledger_row else []


class ListingEvent(models.Model):
    """One step of a listed supervision, never changed afterwards."""

    class Action(models.TextChoices):
        LIST = "list", "挂牌"
        REPORT = "report", "报送办理情况"
        PROLONG = "prolong", "调整期限"
        UNLIST = "unlist", "摘牌"

    listing = models.ForeignKey(
        Listing, verbose_name="挂牌督办", on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=8, choices=Action)
    text = models.TextField("说明", blank=True)
    deadline = models.DateField("当时的期限")
    file = models.ForeignKey(
        Attachment, verbose_name="附件", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "挂牌督办经过"
        verbose_name_plural = "挂牌督办经过"
        ordering = ["listing", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.listing}"
