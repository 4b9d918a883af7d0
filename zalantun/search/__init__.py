"""Search in all records."""

from zalantun.search.audiences import kinds_for

__all__ = ["kinds_for"]
