"""Rows of the foundation."""

from foundation.models.attachments import Attachment
from foundation.models.audit import AuditEntry, AuditHead

__all__ = ["Attachment", "AuditEntry", "AuditHead"]
