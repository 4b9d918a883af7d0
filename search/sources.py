"""Which kinds of records there are to search: the rooms hand them in by name, in the settings."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from search.documents import Source


@cache
def sources() -> tuple[Source, ...]:
    """All sources, in the order of their kinds on the page."""
    return tuple(import_string(path) for path in settings.SEARCH_SOURCES)
