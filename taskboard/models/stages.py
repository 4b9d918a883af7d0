"""Stages of a list, and what inspections and assessments of them found."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from organizations.models import Department
from taskboard.models.lists import TaskList


class ListStage(models.Model):
    """A phase of a list: planned from ``starts_on`` to ``ends_on``, both included; either end may be open.

    ``entered_on`` and ``left_on`` are what happened: the days on which the supervisor had it begin and end.
    """

    task_list = models.ForeignKey(
        TaskList, verbose_name="清单", on_delete=models.CASCADE, related_name="stages"
    )
    order = models.PositiveSmallIntegerField("次序")
    name = models.CharField("阶段", max_length=80)
    starts_on = models.DateField("计划进入", null=True, blank=True)
    ends_on = models.DateField("计划结束", null=True, blank=True)
    entered_on = models.DateField("实际进入", null=True, blank=True)
    left_on = models.DateField("实际结束", null=True, blank=True)

    class Meta:
        verbose_name = "清单阶段"
        verbose_name_plural = "清单阶段"
        ordering = ["task_list", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task_list", "order"], name="list_stage_order"),
            models.UniqueConstraint(fields=["task_list", "name"], name="list_stage_name"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="list_stage_planned_in_order",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(entered_on__isnull=False, entered_on__lte=F("left_on")),
                name="list_stage_left_after_entered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list's page of stages, at this one."""
        return f"{reverse('taskboard:stages', args=[self.task_list_id])}#stage-{self.pk}"

    def word(self, on_day: date) -> str:
        """How it stands on a day, in words."""
        if self.left_on is not None and self.left_on <= on_day:
            return "已结束"
        if self.entered_on is None or self.entered_on > on_day:
            return "逾期未进入" if self.starts_on and self.starts_on < on_day else "未进入"
        return "逾期未结束" if self.ends_on and self.ends_on < on_day else "进行中"


class StageResult(models.Model):
    """What an inspection or assessment of a stage found, of one department or of the whole; written once."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "检查"
        ASSESSMENT = "assessment", "考核"

    class Outcome(models.TextChoices):
        PASSED = "passed", "合格"
        RECTIFY = "rectify", "限期整改"
        FAILED = "failed", "不合格"

    stage = models.ForeignKey(
        ListStage, verbose_name="阶段", on_delete=models.CASCADE, related_name="results"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind)
    department = models.ForeignKey(
        Department,
        verbose_name="被检查部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stage_results",
    )
    held_on = models.DateField("日期")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True, blank=True)
    findings = models.TextField("情况")
    rectify_by = models.DateField("整改时限", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "阶段检查考核"
        verbose_name_plural = "阶段检查考核"
        ordering = ["stage", "held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="stage_score_in_range"
            ),
            models.CheckConstraint(
                condition=Q(rectify_by__isnull=True) | Q(rectify_by__gte=F("held_on")),
                name="stage_rectified_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.get_kind_display()} {self.get_outcome_display()}"
