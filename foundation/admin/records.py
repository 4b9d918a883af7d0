"""The foundation's own records in the admin."""

from django.apps import apps
from django.contrib import admin

from foundation.admin.pages import RecordAdmin
from foundation.models import Attachment, AuditEntry, AuditHead, RepeatedAccess, Revision, Version
from foundation.services.accesses import PAGE


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    """The audit log."""

    may_view = "foundation.view_audit_log"
    where_to_change = "审计记录由系统写入，任何人不能改动；完整性用 verify_audit_log 命令核对。"
    list_display = ("sequence", "at", "actor_label", "action", "kind", "object_label", "address", "reason")
    list_filter = ("action", "object_type")
    search_fields = ("actor_label", "object_label", "object_id", "reason", "request_id", "address")
    date_hierarchy = "at"
    list_select_related = ("actor",)

    @admin.display(description="对象类型", ordering="object_type")
    def kind(self, entry: AuditEntry) -> str:
        """In words; a kind that is no more keeps its old name."""
        try:
            return str(apps.get_model(entry.object_type)._meta.verbose_name)
        except (LookupError, ValueError):  # a page is no kind of record
            return "页面" if entry.object_type == PAGE else entry.object_type


@admin.register(AuditHead)
class AuditHeadAdmin(RecordAdmin):
    """The end of the chain."""

    may_view = "foundation.view_audit_log"
    where_to_change = "链尾随每条审计记录更新，任何人不能改动。可抄录到别处留存，供日后核对。"
    list_display = ("sequence", "hash")


@admin.register(RepeatedAccess)
class RepeatedAccessAdmin(RecordAdmin):
    """Counts of the running minute."""

    may_view = "foundation.view_audit_log"
    where_to_change = "一分钟内重复的拒绝、导出和打印先记在这里，满一分钟写入审计记录。"
    list_display = ("first_at", "last_at", "actor_label", "action", "object_label", "address", "repeats")
    list_filter = ("action",)
    search_fields = ("actor_label", "object_label", "address")
    list_select_related = ("actor",)


@admin.register(Attachment)
class AttachmentAdmin(RecordAdmin):
    """Files, without their contents: those are served with their record."""

    may_view = "foundation.view_attachments"
    where_to_change = "附件在所属记录的页面上传和删除。"
    list_display = (
        "name",
        "content_type",
        "size",
        "owner_type",
        "owner_id",
        "uploaded_by",
        "uploaded_at",
        "deleted_at",
    )
    list_filter = ("content_type", "owner_type", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "sha256", "owner_id")
    date_hierarchy = "uploaded_at"
    list_select_related = ("owner_type", "uploaded_by")
    fields = (
        "name", "content_type", "size", "sha256", "width", "height", "owner_type", "owner_id", "uploaded_by",
        "uploaded_at", "deleted_at", "deleted_by",
    )  # fmt: skip


@admin.register(Version)
class VersionAdmin(RecordAdmin):
    """Kept texts."""

    may_view = "foundation.view_revisions"
    where_to_change = "文本版本随每次保存写入，任何人不能改动；对照两个版本请到所属记录的版本页。"
    list_display = ("owner_type", "owner_id", "number", "made_by", "made_at", "reason")
    list_filter = ("owner_type",)
    search_fields = ("owner_id", "reason")
    date_hierarchy = "made_at"
    list_select_related = ("owner_type", "made_by")


@admin.register(Revision)
class RevisionAdmin(RecordAdmin):
    """Corrections on their way to the public."""

    may_view = "foundation.view_revisions"
    where_to_change = "更正稿在所属记录的修改页提出，在编辑工作台签发、退回或放弃。"
    list_display = ("owner_type", "owner_id", "state", "batch", "started_by", "changed_at", "settled_by")
    list_filter = ("state", "owner_type")
    search_fields = ("owner_id", "batch", "note")
    date_hierarchy = "changed_at"
    list_select_related = ("owner_type", "started_by", "settled_by")
