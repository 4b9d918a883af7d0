"""The words of a list's filter, answered by the index.

A list looks for words in what is printed of a record itself, and not in what
stands beside it; a date is a word like any other here. What a person may see
is the list's own affair; where a record shows different people more or less of
itself, the list says for which audiences the words count.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from search.models import SearchEntry
from search.services import require_current
from search.words import plain_words

Records = TypeVar("Records", bound=QuerySet[Model])


def holding_words(
    records: Records, kind: str, query: str, *, at: datetime, audiences: Collection[str] | None = None
) -> Records:
    """The records of a kind that hold every word of the query, in any of its forms.

    Raises IndexBehind while more has changed than can be indexed at once.
    """
    words = plain_words(query)
    if not words:
        return records
    require_current(at=at)
    found = SearchEntry.objects.of_kinds([kind], looked_at=True)
    if audiences is not None:
        found = found.open_to(audiences)
    found = found.by_index_within(words, own=True)
    return records.filter(pk__in=found.values("object_id"))
