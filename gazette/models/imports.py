"""Gazette files that were handed in, and what each import did."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from gazette.querysets import ImportRunQuerySet


class ImportRun(models.Model):
    """One reading of one file: preview first, then confirmed or set aside."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待读取"
        READING = "reading", "正在读取"
        PREVIEW = "preview", "待核对"
        WRITING = "writing", "正在写入"
        DONE = "done", "已写入"
        FAILED = "failed", "未成功"
        DISCARDED = "discarded", "已放弃"

    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveBigIntegerField("字节数")
    stored_path = models.CharField("存放位置", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    preview = models.JSONField("预览", default=dict, blank=True)
    decisions = models.JSONField("核对意见", default=dict, blank=True)
    report = models.JSONField("结果", default=dict, blank=True)
    error = models.CharField("错误", max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="导入人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("上传时间")
    claimed_at = models.DateTimeField("接手时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "公报导入"
        verbose_name_plural = "公报导入"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        """The import's page: preview or report."""
        return reverse("gazette:import_run", args=[self.pk])


class ImportedRecord(models.Model):
    """What a gazette last said of a record.

    Comparing it with the record tells a hand-made change (never overwritten
    silently) from one that a corrected edition brings.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    payload = models.JSONField("公报所载")
    run = models.ForeignKey(
        ImportRun,
        verbose_name="导入",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="records",
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = "公报所载记录"
        verbose_name_plural = "公报所载记录"
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="one_payload_per_record")
        ]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"
