"""Policy documents."""

from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    """Policy documents."""

    name = "directives"
    verbose_name = "政策文件"
