"""What an editor has linked with an entry; links belong to a room above, reached by the reverse relation."""

from typing import Any

from events.models import Event
from events.reading import Visitor
from organizations.querysets import related


def links_of(pk: int, visitor: Visitor) -> list[Any]:
    """Confirmed links of an entry whose other end the visitor may see; one query."""
    links = related(Event, "links").confirmed().visible_to(visitor).filter(event=pk)
    return list(links.select_related("directive", "task__task_list"))
