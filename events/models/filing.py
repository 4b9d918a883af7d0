"""Filing the records under subjects by rule: looked at first, then carried out."""

from django.conf import settings
from django.db import models


class FilingRun(models.Model):
    """One pass of the rules over all entries and documents.

    ``rules`` is the state of the rules that the preview was made by: when they
    have changed since, it is not carried out. ``preview`` holds the numbers by
    subject and samples; ``result`` what was changed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待预览"
        READING = "reading", "正在预览"
        PREVIEW = "preview", "待确认"
        QUEUED = "queued", "等待写入"
        WRITING = "writing", "正在写入"
        DONE = "done", "已写入"
        FAILED = "failed", "未成功"
        DISCARDED = "discarded", "已放弃"

    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    rules = models.CharField("规则版本", max_length=64, blank=True)
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    preview = models.JSONField("预览", default=dict, blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    error = models.CharField("错误", max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("发起时间")
    claimed_at = models.DateTimeField("接手时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "主题归类"
        verbose_name_plural = "主题归类"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"主题归类 {self.pk or ''}（{self.get_state_display()}）"
