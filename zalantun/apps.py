"""The portal itself."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps


class ZalantunConfig(AppConfig):
    """Home page, health, demo accounts, system checks."""

    default = True
    name = "zalantun"
    verbose_name = "门户"

    def ready(self) -> None:
        """Register checks and receivers; make the folders of waiting uploads and of the clock.

        Every program makes them: in production no script of the portal stands before it.
        """
        import_module("zalantun.checks")
        import_module("zalantun.accounts.hooks")
        for folder in (
            Path(settings.FILE_UPLOAD_TEMP_DIR),
            Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent,
        ):
            # A folder that cannot be made is told by the checks, in words.
            with suppress(OSError):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)


class PortalAdminConfig(admin_apps.AdminConfig):
    """Django's admin behind the portal's own door."""

    default = False
    default_site = "zalantun.adminsite.PortalAdminSite"
