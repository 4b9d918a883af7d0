"""What an editor has linked with a task."""

from organizations.models import User
from taskboard.models import RecordLink, Task


def links_of_task(task: Task, reader: User) -> list[RecordLink]:
    """Confirmed links of a task whose other end the reader may see; one query."""
    links = task.links.confirmed().visible_to(reader)
    return list(links.select_related("event", "directive"))
