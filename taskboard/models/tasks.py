"""Tasks, their departments, dates and targets."""

from datetime import date

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from organizations.models import Department
from taskboard.models.lists import TaskList
from taskboard.pasttasks import DUTIES_THEN
from taskboard.querysets import TaskQuerySet


class Task(models.Model):
    """One item of a list.

    ``title`` is the portal's own short wording, ``text`` the official one.
    ``due_on`` is the task's own date; without it the list's end is inherited.
    ``trigger_on`` and ``trigger_days`` say from what ``due_on`` was reckoned, where it counts working days.
    ``submitted_on`` is the day of the latest result, while it stands: none after a return.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "未下发"
        ISSUED = "issued", "待签收"
        SIGNED = "signed", "已签收"
        IN_PROGRESS = "in_progress", "办理中"
        SUBMITTED = "submitted", "待复核"
        RETURNED = "returned", "已退回"
        CLOSED = "closed", "已办结"
        SUSPENDED = "suspended", "已暂停"

    task_list = models.ForeignKey(
        TaskList, verbose_name="清单", on_delete=models.CASCADE, related_name="tasks"
    )
    order = models.PositiveIntegerField("次序")
    part = models.CharField("部分", max_length=120, blank=True)
    subsection = models.CharField("小节", max_length=120, blank=True)
    number = models.CharField("序号", max_length=12, blank=True)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文", blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True, db_index=True)
    due_text = models.CharField("时限原文", max_length=80, blank=True)
    trigger_on = models.DateField("起算日期", null=True, blank=True)
    trigger_days = models.PositiveSmallIntegerField("工作日数", null=True, blank=True)
    trigger_clause = models.CharField("起算条款", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT, db_index=True)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    submitted_on = models.DateField("反馈日期", null=True, blank=True)
    departments = models.ManyToManyField(
        Department, verbose_name="部门", through="TaskDepartment", related_name="tasks"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    history = HistoricalRecords(verbose_name="任务修改历史", verbose_name_plural="任务修改历史")
    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["task_list", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task_list", "order"], name="task_order"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="task_percent"),
            models.CheckConstraint(
                condition=models.Q(trigger_on__isnull=True, trigger_days__isnull=True)
                | models.Q(trigger_on__isnull=False, trigger_days__gte=1, due_on__isnull=False),
                name="task_trigger_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("taskboard:task", args=[self.pk])

    @property
    def due_inherited(self) -> bool:
        """Whether the date is the list's and not the task's own."""
        return self.due_on is None

    @property
    def effective_due_on(self) -> date | None:
        """The task's own date, else the list's end."""
        return self.due_on or self.task_list.ends_on

    @property
    def leads(self) -> list["TaskDepartment"]:
        """Lead departments (牵头); uses the prefetched rows."""
        return [duty for duty in self._duties if duty.role == TaskDepartment.Role.LEAD]

    @property
    def supporters(self) -> list["TaskDepartment"]:
        """Supporting departments (配合); uses the prefetched rows."""
        return [duty for duty in self._duties if duty.role == TaskDepartment.Role.SUPPORT]

    @property
    def _duties(self) -> list["TaskDepartment"]:
        """Those of the past day that is looked at, where they were others; else those of now."""
        return getattr(self, DUTIES_THEN, None) or list(self.duties.all())


class TaskDepartment(models.Model):
    """What a department is to a task, and how the gazette printed its name."""

    class Role(models.TextChoices):
        LEAD = "lead", "牵头"
        SUPPORT = "support", "配合"

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="duties")
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="task_duties"
    )
    role = models.CharField("角色", max_length=8, choices=Role)
    order = models.PositiveIntegerField("次序")
    printed_name = models.CharField("印作", max_length=80, blank=True)

    class Meta:
        verbose_name = "任务部门"
        verbose_name_plural = "任务部门"
        ordering = ["task", "role", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "department", "role"], name="department_once_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.department}"


class Milestone(models.Model):
    """A date in the task's text that is not its due date: an earlier step, or a start."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", "节点"
        START = "start", "开始"

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    on = models.DateField("日期")
    printed = models.CharField("原文", max_length=80, blank=True)

    class Meta:
        verbose_name = "节点"
        verbose_name_plural = "节点"
        ordering = ["task", "on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class TaskTarget(models.Model):
    """A quantity that the task must reach (95 %, 5700 m², 136 座)."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="targets")
    name = models.CharField("指标", max_length=80)
    value = models.DecimalField("目标值", max_digits=14, decimal_places=2)
    unit = models.CharField("单位", max_length=20)
    at_least = models.BooleanField("达到或超过", default=True)

    class Meta:
        verbose_name = "任务指标"
        verbose_name_plural = "任务指标"
        ordering = ["task", "pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.value}{self.unit}"
