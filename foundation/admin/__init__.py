"""What all pages of the admin share, and the foundation's own records."""

from foundation.admin import records
from foundation.admin.histories import HistoryAdmin
from foundation.admin.pages import RecordAdmin
from foundation.admin.parts import PartsInline
from foundation.admin.steps import Step

__all__ = ["HistoryAdmin", "PartsInline", "RecordAdmin", "Step", "records"]
