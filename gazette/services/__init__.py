"""Reading gazettes into records: preview, then write."""

from gazette.services.imports import (
    confirm_import,
    discard_import,
    import_texts,
    read_import,
    release_stale_imports,
    review_again,
    start_import,
)
from gazette.services.planned import ImportPlan, PlannedRecord
from gazette.services.planning import plan_import
from gazette.services.publishing import corrections_of, drafts_of, publish_drafts
from gazette.services.remembering import remember
from gazette.services.vocabulary import current_vocabulary

__all__ = [
    "ImportPlan",
    "PlannedRecord",
    "confirm_import",
    "corrections_of",
    "current_vocabulary",
    "discard_import",
    "drafts_of",
    "import_texts",
    "plan_import",
    "publish_drafts",
    "read_import",
    "release_stale_imports",
    "remember",
    "review_again",
    "start_import",
]
