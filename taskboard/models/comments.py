"""Remarks on a task."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from organizations.models import Department
from taskboard.models.tasks import Task


class Comment(models.Model):
    """A remark on a task; the departments it mentions are told of it."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="留言人", on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department,
        verbose_name="部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="task_comments",
    )
    at = models.DateTimeField("时间")
    text = models.TextField("内容")
    mentions = models.ManyToManyField(
        Department, verbose_name="提到的部门", blank=True, related_name="task_mentions"
    )

    class Meta:
        verbose_name = "任务留言"
        verbose_name_plural = "任务留言"
        ordering = ["task", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.author} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"
