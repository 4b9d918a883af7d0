"""The foundation's own records in the admin."""

from django.apps import apps
from django.contrib import admin

from foundation.admin.pages import RecordAdmin
from foundation.models import Attachment, AuditEntry, AuditHead


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
        except LookupError:
            return entry.object_type


@admin.register(AuditHead)
class AuditHeadAdmin(RecordAdmin):
    """The end of the chain."""

    may_view = "foundation.view_audit_log"
    where_to_change = "链尾随每条审计记录更新，任何人不能改动。可抄录到别处留存，供日后核对。"
    list_display = ("sequence", "hash")


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
