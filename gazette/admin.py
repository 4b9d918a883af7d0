"""Imports and issues in the admin."""

from django.contrib import admin

from foundation.admin import RecordAdmin
from gazette.models import DepartmentMerge, ImportedRecord, ImportRun, Issue, IssueDocument, NamesRun
from gazette.querysets import COMPOSE

VIEW = "gazette.import_issue"


@admin.register(ImportRun)
class ImportRunAdmin(RecordAdmin):
    """Files that were read."""

    may_view = VIEW
    where_to_change = "导入在“导入公报”页面上传、核对和确认，此处只供查阅。"
    list_display = ("file_name", "state", "started_by", "created_at", "finished_at", "error")
    list_filter = ("state",)
    search_fields = ("file_name", "sha256", "error")
    date_hierarchy = "created_at"
    list_select_related = ("started_by",)
    # The preview is a whole gazette: it has a page of its own.
    exclude = ("preview", "decisions")


@admin.register(ImportedRecord)
class ImportedRecordAdmin(RecordAdmin):
    """What a gazette last said of a record."""

    may_view = VIEW
    where_to_change = "公报所载由导入写入，用来分辨人工改动与更正后的公报，任何人不能改动。"
    list_display = ("kind", "number", "run", "updated_at")
    list_filter = ("content_type",)
    search_fields = ("run__file_name",)
    date_hierarchy = "updated_at"
    list_select_related = ("content_type", "run")
    fields = ("kind", "number", "payload", "run", "updated_at")

    @admin.display(description="记录类型", ordering="content_type")
    def kind(self, imported: ImportedRecord) -> str:
        """In words."""
        return str(imported.content_type.name)

    @admin.display(description="记录编号", ordering="object_id")
    def number(self, imported: ImportedRecord) -> int:
        """The record's own key."""
        return imported.object_id

    def get_readonly_fields(self, request: object, obj: object = None) -> tuple[str, ...]:
        """All; the first two are no fields of the row."""
        return ("kind", "number")


@admin.register(Issue)
class IssueAdmin(RecordAdmin):
    """Issues composed here."""

    may_view = COMPOSE
    where_to_change = "公报在“编排公报”页面选定、预览和签发，此处只供查阅。"
    list_display = ("title", "year", "number", "publication", "published_by", "published_at")
    list_filter = ("publication", "year")
    search_fields = ("title",)
    date_hierarchy = "created_at"
    list_select_related = ("published_by",)
    # A whole gazette: it is read on its own page.
    exclude = ("frozen_html", "frozen_records", "directives")


@admin.register(IssueDocument)
class IssueDocumentAdmin(RecordAdmin):
    """Which documents stand in which issue."""

    may_view = COMPOSE
    where_to_change = "文件的选定和顺序在“编排公报”页面改动，此处只供查阅。"
    list_display = ("issue", "order", "directive")
    list_filter = ("issue",)
    search_fields = ("directive__title",)
    list_select_related = ("issue", "directive")


@admin.register(DepartmentMerge)
class DepartmentMergeAdmin(RecordAdmin):
    """Departments taken into others."""

    may_view = "organizations.change_names"
    where_to_change = "部门合并在“部门合并”页面提出、预览，由另一人签发，此处只供查阅。"
    list_display = ("source_name", "target", "standing", "proposed_by", "settled_by", "settled_at")
    list_filter = ("standing",)
    search_fields = ("source_name", "target__name", "reason")
    date_hierarchy = "proposed_at"
    list_select_related = ("target", "proposed_by", "settled_by")


@admin.register(NamesRun)
class NamesRunAdmin(RecordAdmin):
    """Corrected names carried over in the background."""

    may_view = "organizations.change_names"
    where_to_change = "回填在“名称回填”页面预览和发起，此处只供查阅。"
    list_display = ("kind", "department", "state", "expected", "done", "started_by", "created_at", "error")
    list_filter = ("kind", "state")
    search_fields = ("department__name", "started_by__username", "error")
    date_hierarchy = "created_at"
    list_select_related = ("department", "started_by")
