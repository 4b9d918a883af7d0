"""How a person wants to be reached."""

from datetime import time

from django.conf import settings
from django.db import models

from notifications.models.messages import Channel


class Contact(models.Model):
    """An address of a person beside the inbox: e-mail, a group robot, a telephone number."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="contacts"
    )
    channel = models.CharField(
        "渠道", max_length=10, choices=[choice for choice in Channel.choices if choice[0] != Channel.INBOX]
    )
    address = models.CharField("地址", max_length=500)
    is_enabled = models.BooleanField("启用", default=True)
    urgent_only = models.BooleanField("仅紧急消息", default=False)

    class Meta:
        verbose_name = "联系方式"
        verbose_name_plural = "联系方式"
        ordering = ["user", "channel", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "address"], name="contact_once_per_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_channel_display()}"


class Preference(models.Model):
    """Quiet hours of a person and whether ordinary messages come once a day instead of singly."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="用户",
        on_delete=models.CASCADE,
        related_name="message_preference",
    )
    quiet_from = models.TimeField("免打扰开始", null=True, blank=True, default=time(22))
    quiet_until = models.TimeField("免打扰结束", null=True, blank=True, default=time(7))
    digest_at = models.TimeField("每日汇总时间", null=True, blank=True)

    class Meta:
        verbose_name = "提醒偏好"
        verbose_name_plural = "提醒偏好"

    def __str__(self) -> str:
        return str(self.user)
