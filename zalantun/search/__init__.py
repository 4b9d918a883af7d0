"""Search in all records."""

from zalantun.search.searching import PAGE_SIZE, Found, holdings, kinds_for, search

__all__ = ["PAGE_SIZE", "Found", "holdings", "kinds_for", "search"]
