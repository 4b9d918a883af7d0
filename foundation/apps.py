"""The room every other room stands on."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """Audit log, attachments, errors."""

    name = "foundation"
    verbose_name = "基础"
