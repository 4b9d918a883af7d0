"""The portal itself."""

from django.apps import AppConfig


class ZalantunConfig(AppConfig):
    """Home page, health, demo accounts, fixtures."""

    name = "zalantun"
    verbose_name = "门户"
