"""Versions of edited records in the admin."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from foundation.admin.pages import RecordAdmin
from foundation.services.audit import SYSTEM_LABEL


class HistoryAdmin(RecordAdmin):
    """Versions of an edited record; they are only read."""

    where_to_change = "修改历史由系统写入，任何人不能改动。"
    list_display = ("moment", "version", "kind", "editor", "why")
    list_filter = ("history_type",)
    list_select_related = ("history_user",)
    date_hierarchy = "history_date"
    readonly_fields = ("moment", "kind", "editor", "why")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """When, how, who and why, then the record as it was."""
        kept = [field.name for field in self.opts.fields if not field.name.startswith("history_")]
        return (*self.readonly_fields, *(name for name in kept if name != "id"))

    @admin.display(description="时间", ordering="history_date")
    def moment(self, version: Any) -> datetime:
        """When it was saved."""
        moment: datetime = version.history_date
        return moment

    @admin.display(description="当时的内容")
    def version(self, version: Any) -> str:
        """The record in one line, as it was."""
        return str(version.instance)

    @admin.display(description="方式", ordering="history_type")
    def kind(self, version: Any) -> str:
        """Created, changed or deleted."""
        return {"+": "新增", "~": "修改", "-": "删除"}[version.history_type]

    @admin.display(description="修改人", ordering="history_user")
    def editor(self, version: Any) -> str:
        """Who saved it; nobody stands for the portal itself."""
        return str(version.history_user or SYSTEM_LABEL)

    @admin.display(description="理由", ordering="history_change_reason")
    def why(self, version: Any) -> str:
        """The reason given."""
        return version.history_change_reason or ""
