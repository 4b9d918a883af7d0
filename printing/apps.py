"""HTML to PDF."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """HTML to PDF."""

    name = "printing"
    verbose_name = "打印"
