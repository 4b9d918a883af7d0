"""One full-text index for all records."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SearchConfig(AppConfig):
    """Search."""

    name = "search"
    verbose_name = "搜索"

    def ready(self) -> None:
        """A rebuilt table has lost its triggers: they are put up again at the end of every migration."""
        watching = import_module("search.watching")
        pre_migrate.connect(watching.before_migrate, sender=self, dispatch_uid="search.watching")
        post_migrate.connect(watching.after_migrate, sender=self, dispatch_uid="search.watching")
