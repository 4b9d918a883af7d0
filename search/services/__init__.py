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

__all__ = [
    "Drift",
    "IndexBehind",
    "catch_up",
    "catch_up_for_search",
    "find_drift",
    "rebuild",
    "require_current",
]
