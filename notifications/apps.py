"""The outbox, its channels, and the inbox."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox, its channels, and the inbox."""

    name = "notifications"
    verbose_name = "消息提醒"
