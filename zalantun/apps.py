"""The portal itself."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ZalantunConfig(AppConfig):
    """Home page, health, demo accounts, system checks."""

    default = True
    name = "zalantun"
    verbose_name = "门户"

    def ready(self) -> None:
        """Register the system checks."""
        import_module("zalantun.checks")


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin behind the portal's own door."""

    default = False
    default_site = "zalantun.adminsite.PortalAdminSite"
