"""What is done before the rain: drills, and the plan confirmed for another year."""

from django.conf import settings
from django.db import models

from floodresponse.models.plan import Level, Plan
from floodresponse.models.responses import Response
from organizations.models import Department


class Drill(models.Model):
    """A drill that was held (演练); one run in the portal names its exercise response."""

    title = models.CharField("演练名称", max_length=120)
    held_on = models.DateField("日期")
    unit = models.ForeignKey(
        Department, verbose_name="组织单位", on_delete=models.PROTECT, related_name="flood_drills"
    )
    level = models.PositiveSmallIntegerField("演练级别", choices=Level, null=True, blank=True)
    people = models.PositiveIntegerField("参加人数", null=True, blank=True)
    place = models.CharField("地点", max_length=120, blank=True)
    summary = models.TextField("情况", blank=True)
    found = models.TextField("发现的问题", blank=True)
    response = models.OneToOneField(
        Response,
        verbose_name="平台演练",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="drill",
        limit_choices_to={"exercise": True},
    )

    class Meta:
        verbose_name = "防汛演练"
        verbose_name_plural = "防汛演练"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["title", "held_on"], name="drill_once_a_day")]

    def __str__(self) -> str:
        return self.title


class PlanConfirmation(models.Model):
    """That the plan of one year holds in another (沿用): by whom, on whose word."""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="confirmations"
    )
    year = models.PositiveIntegerField("沿用年度")
    basis = models.CharField("依据", max_length=200)
    confirmed_at = models.DateTimeField("确认时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "方案沿用确认"
        verbose_name_plural = "方案沿用确认"
        ordering = ["-year", "-pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "year"], name="plan_confirmed_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year} 年沿用"


class ReportingUnit(models.Model):
    """A unit of which the office settled whether it owes daily reports; of others the plan's lists decide."""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="reporting_units"
    )
    unit = models.ForeignKey(Department, verbose_name="单位", on_delete=models.PROTECT, related_name="+")
    owes = models.BooleanField("应报")
    reason = models.CharField("依据", max_length=200)
    decided_at = models.DateTimeField("确认时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "应报单位"
        verbose_name_plural = "应报单位"
        ordering = ["plan", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="reporting_unit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}{'应报' if self.owes else '不报'}"
