"""What a change of level sends into the world: the numbered notice and the public alert (CAP)."""

from django.db import models

from floodresponse.models.responses import LevelRecord
from floodresponse.querysets import CapMessageQuerySet


class Notice(models.Model):
    """The number of the official notice of a change; drills are counted apart."""

    record = models.OneToOneField(
        LevelRecord, verbose_name="级别记录", on_delete=models.PROTECT, related_name="notice"
    )
    year = models.PositiveIntegerField("年度")
    number = models.PositiveIntegerField("序号")
    exercise = models.BooleanField("演练", default=False)

    class Meta:
        verbose_name = "响应通知"
        verbose_name_plural = "响应通知"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "year", "number"], name="notice_number_once")
        ]

    def __str__(self) -> str:
        return f"〔{self.year}〕{self.number}号"


class CapMessage(models.Model):
    """A CAP 1.2 message as it was issued; it and its identifier never change."""

    class Type(models.TextChoices):
        ALERT = "Alert", "发布"
        UPDATE = "Update", "更新"
        CANCEL = "Cancel", "解除"

    record = models.OneToOneField(
        LevelRecord, verbose_name="级别记录", on_delete=models.PROTECT, related_name="cap"
    )
    identifier = models.CharField("标识", max_length=120, unique=True)
    sender = models.CharField("发送方", max_length=200)
    sent = models.CharField("发送时间", max_length=25)
    message_type = models.CharField("类型", max_length=6, choices=Type)
    headline = models.CharField("标题", max_length=160)
    exercise = models.BooleanField("演练", default=False)
    xml = models.TextField("内容")

    objects = CapMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "公众预警消息"
        verbose_name_plural = "公众预警消息"
        ordering = ["-sent", "-pk"]

    def __str__(self) -> str:
        return self.headline

    @property
    def reference(self) -> str:
        """How a later message refers to this one."""
        return f"{self.sender},{self.identifier},{self.sent}"
