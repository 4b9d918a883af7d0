"""Task lists and supervision."""

from django.apps import AppConfig


class TaskboardConfig(AppConfig):
    """Task lists and supervision."""

    name = "taskboard"
    verbose_name = "任务清单"
