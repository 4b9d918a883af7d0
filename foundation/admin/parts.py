"""Parts of a record, below it on its page."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

if TYPE_CHECKING:
    TabularInline = admin.TabularInline[models.Model, models.Model]
else:
    TabularInline = admin.TabularInline


class PartsInline(TabularInline):
    """Parts of a record, shown below it and written with it by its service."""

    extra = 0
    can_delete = False
    show_change_link = False
    max_num = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the record sees its parts."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False
