"""Rows of the foundation."""

from foundation.models.accesses import RepeatedAccess
from foundation.models.attachments import Attachment
from foundation.models.audit import AuditEntry, AuditHead
from foundation.models.proposals import Proposal
from foundation.models.versions import Revision, Version

__all__ = ["Attachment", "AuditEntry", "AuditHead", "Proposal", "RepeatedAccess", "Revision", "Version"]
