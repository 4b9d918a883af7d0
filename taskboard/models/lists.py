"""Task lists and how often their departments report."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from directives.models import Directive
from taskboard.querysets import TaskListQuerySet


class TaskList(models.Model):
    """A list of tasks; undated tasks inherit ``ends_on``.

    An imported list is a draft and starts no clock until a supervisor issues it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "未下发"
        ISSUED = "issued", "已下发"
        ARCHIVED = "archived", "已归档"

    class Origin(models.TextChoices):
        GAZETTE = "gazette", "公报导入"
        HAND = "hand", "手工建立"
        SHEET = "sheet", "表格导入"
        TEMPLATE = "template", "沿用旧清单"
        DIRECTIVE = "directive", "由文件生成"

    title = models.CharField("清单", max_length=200)
    directive = models.ForeignKey(
        Directive,
        verbose_name="依据文件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="task_lists",
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    ends_on = models.DateField("清单期限", null=True, blank=True)
    ends_on_note = models.CharField("期限依据", max_length=200, blank=True)
    ends_on_provisional = models.BooleanField("期限待确认", default=False)
    note = models.TextField("说明", blank=True)
    origin = models.CharField("来历", max_length=10, choices=Origin, default=Origin.GAZETTE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="建立人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Days after a task was closed; None is the default of the portal, 0 means no look-back.
    look_back_days = models.PositiveSmallIntegerField("办结后回头看天数", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects = TaskListQuerySet.as_manager()

    class Meta:
        verbose_name = "任务清单"
        verbose_name_plural = "任务清单"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The list's page."""
        return reverse("taskboard:task_list", args=[self.pk])


class ReportingRule(models.Model):
    """How often progress is reported to whom, from one date to another (报送频次)."""

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", "每周"
        HALF_MONTHLY = "half_monthly", "每半月"
        MONTHLY = "monthly", "每月"

    # A list that was made by hand may have none.
    directive = models.ForeignKey(
        Directive,
        verbose_name="依据文件",
        null=True,
        on_delete=models.CASCADE,
        related_name="reporting_rules",
    )
    task_list = models.ForeignKey(
        TaskList,
        verbose_name="清单",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="reporting_rules",
    )
    rhythm = models.CharField("频次", max_length=20, choices=Rhythm)
    starts_on = models.DateField("自", null=True, blank=True)
    ends_on = models.DateField("至", null=True, blank=True)
    content = models.CharField("报送内容", max_length=200, blank=True)
    days_provisional = models.BooleanField("具体日期待确认", default=True)

    class Meta:
        verbose_name = "报送频次"
        verbose_name_plural = "报送频次"
        ordering = ["directive", "starts_on", "pk"]

    def __str__(self) -> str:
        return f"{self.directive or self.task_list} {self.get_rhythm_display()}"
