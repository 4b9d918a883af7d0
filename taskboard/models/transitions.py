"""The history of a task, one row a step."""

from django.conf import settings
from django.db import models

from organizations.models import Department
from taskboard.models.tasks import Task


class TaskTransition(models.Model):
    """One step in the life of a task, never changed afterwards; the state may have stayed what it was."""

    class Action(models.TextChoices):
        ISSUE = "issue", "下发"
        SIGN = "sign", "签收"
        PROGRESS = "progress", "报进展"
        EVIDENCE = "evidence", "上传佐证"
        SUBMIT = "submit", "反馈"
        RETURN = "return", "退回"
        CLOSE = "close", "办结"
        REOPEN = "reopen", "重新办理"
        SUSPEND = "suspend", "暂停"
        RESUME = "resume", "恢复"
        EXTENSION = "extension", "申请延期"
        GRANT = "grant", "同意延期"
        REFUSE = "refuse", "不同意延期"
        LOOK_BACK = "look_back", "回头看"
        LIST = "list", "挂牌督办"
        UNLIST = "unlist", "摘牌"
        CORRECT = "correct", "更正"

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="transitions")
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department,
        verbose_name="部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="task_transitions",
    )
    action = models.CharField("动作", max_length=12, choices=Action)
    from_state = models.CharField("原状态", max_length=12, choices=Task.State)
    to_state = models.CharField("新状态", max_length=12, choices=Task.State)
    reason = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "任务经过"
        verbose_name_plural = "任务经过"
        ordering = ["task", "at", "pk"]
        indexes = [models.Index(fields=["task", "action", "at"], name="transition_of_task")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.task}"

    @property
    def moved(self) -> bool:
        """Whether the task's state changed."""
        return self.from_state != self.to_state
