"""Accesses that repeat within a minute: the log gets the first one and, afterwards, how many followed."""

from django.conf import settings
from django.db import models


class RepeatedAccess(models.Model):
    """One person's refusals, exports or prints of one object, since the row in the audit log."""

    key = models.CharField("识别", max_length=64, unique=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.CASCADE, related_name="+"
    )
    actor_label = models.CharField("操作人名称", max_length=150)
    address = models.CharField("来源地址", max_length=64, blank=True)
    action = models.CharField("动作", max_length=80)
    object_type = models.CharField("对象类型", max_length=80)
    object_id = models.CharField("对象编号", max_length=64)
    object_label = models.CharField("对象", max_length=300)
    first_at = models.DateTimeField("首次", db_index=True)
    last_at = models.DateTimeField("最近")
    repeats = models.PositiveIntegerField("其后次数", default=0)

    class Meta:
        verbose_name = "重复访问"
        verbose_name_plural = "重复访问"
        ordering = ["-first_at"]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label}"
