"""Ledgers in the admin."""

from django.contrib import admin

from foundation.admin import PartsInline, Step
from taskboard.admin.base import CHANGE, ListAdmin
from taskboard.models import Ledger, LedgerColumn
from taskboard.services import LedgerContent, create_ledger


class ColumnInline(PartsInline):
    """Columns."""

    model = LedgerColumn


@admin.register(Ledger)
class LedgerAdmin(ListAdmin):
    """Ledgers."""

    may_add = CHANGE
    where_to_change = "台账的栏目依文件而定，建立后不能改动；文件变更请另立台账。"
    add_fields = (
        "directive",
        "order",
        "kind",
        "title",
        "due_on",
        "responsible",
        "responsible_leader",
        "rules",
    )
    list_display = ("title", "kind", "directive", "due_on", "responsible")
    list_filter = ("kind",)
    search_fields = ("title", "responsible", "directive__title")
    autocomplete_fields = ("directive",)
    date_hierarchy = "due_on"
    list_select_related = ("directive",)
    inlines = (ColumnInline,)

    def add_record(self, step: Step) -> Ledger:
        """A new ledger, still without columns."""
        values = dict(step.values)
        directive, order = values.pop("directive"), values.pop("order")
        content = LedgerContent(**values)
        return create_ledger(actor=step.actor, at=step.at, directive=directive, order=order, content=content)


@admin.register(LedgerColumn)
class LedgerColumnAdmin(ListAdmin):
    """Columns of ledgers."""

    where_to_change = "台账的栏目依文件而定，由公报导入写入。"
    list_display = ("ledger", "order", "name", "type", "unit")
    list_filter = ("type",)
    search_fields = ("name", "ledger__title")
    list_select_related = ("ledger",)
