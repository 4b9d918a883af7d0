"""The portal itself."""

from importlib import import_module

from django.apps import AppConfig


class ZalantunConfig(AppConfig):
    """Home page, health, demo accounts, system checks."""

    name = "zalantun"
    verbose_name = "门户"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("zalantun.checks")
