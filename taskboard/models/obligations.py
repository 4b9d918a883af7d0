"""Periodic reports that departments owe, and what they handed in."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.models import Department
from taskboard.models.lists import ReportingRule, TaskList
from taskboard.periodic.querysets import ReportObligationQuerySet


class ReportObligation(models.Model):
    """One report that a department owes of its part in a list for a period; due on the period's last day."""

    class State(models.TextChoices):
        OPEN = "open", "待报送"
        MET = "met", "已报送"
        MET_LATE = "met_late", "逾期补报"

    rule = models.ForeignKey(
        ReportingRule, verbose_name="报送频次", on_delete=models.CASCADE, related_name="obligations"
    )
    task_list = models.ForeignKey(
        TaskList, verbose_name="清单", on_delete=models.CASCADE, related_name="report_obligations"
    )
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="periodic_reports_owed"
    )
    period_start = models.DateField("报送期自")
    period_end = models.DateField("报送期至")
    due_on = models.DateField("应报日期")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    met_at = models.DateTimeField("报送时间", null=True, blank=True)

    objects = ReportObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "定期报送"
        verbose_name_plural = "定期报送"
        ordering = ["-due_on", "task_list", "department"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "task_list", "department", "period_end"], name="report_owed_once"
            ),
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")), name="report_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="open", met_at__isnull=True) | (~Q(state="open") & Q(met_at__isnull=False)),
                name="report_met_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="report_open_due")]

    def __str__(self) -> str:
        return f"{self.department} {self.period_start} 至 {self.period_end}"

    def get_absolute_url(self) -> str:
        """Where the report is written and read."""
        return reverse("taskboard:periodic_report", args=[self.pk])

    def word(self, on_day: date) -> str:
        """Its state on a day, in words."""
        if self.state == self.State.OPEN and self.due_on < on_day:
            return f"逾期 {(on_day - self.due_on).days} 天未报"
        return self.get_state_display()

    def light(self, on_day: date) -> str:
        """The shape that goes with the word."""
        if self.state == self.State.OPEN:
            return "red" if self.due_on < on_day else "yellow" if self.due_on == on_day else "grey"
        return "red" if self.state == self.State.MET_LATE else "closed"


class PeriodicReport(models.Model):
    """What a department reported for a period; written once."""

    obligation = models.OneToOneField(
        ReportObligation, verbose_name="定期报送", on_delete=models.CASCADE, related_name="report"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="报送人", on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField("报送时间")
    progress = models.TextField("进展")
    problems = models.TextField("存在问题", blank=True)
    advice = models.TextField("意见建议", blank=True)

    class Meta:
        verbose_name = "定期报送内容"
        verbose_name_plural = "定期报送内容"
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.obligation)
