"""Writes of the index."""

from search.services.indexing import (
    Drift,
    IndexBehind,
    catch_up,
    catch_up_for_search,
    find_drift,
    rebuild,
    require_current,
)
from search.services.saving import change_search, keep_search, remove_search, tell_records

__all__ = [
    "Drift",
    "IndexBehind",
    "catch_up",
    "catch_up_for_search",
    "change_search",
    "find_drift",
    "keep_search",
    "rebuild",
    "remove_search",
    "require_current",
    "tell_records",
]
