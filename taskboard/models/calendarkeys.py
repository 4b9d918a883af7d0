"""The secret part of a person's calendar address."""

from django.conf import settings
from django.db import models


class CalendarKey(models.Model):
    """Who holds the address reads the due dates as that person; renewing it ends the old address."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="calendar_key"
    )
    secret = models.CharField("密钥", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        ordering = ["user"]

    def __str__(self) -> str:
        return f"{self.user} 的日历订阅"
