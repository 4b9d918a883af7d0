"""Reading a published gazette into records."""

from django.apps import AppConfig


class GazetteConfig(AppConfig):
    """Reading a published gazette into records."""

    name = "gazette"
    verbose_name = "公报导入"
