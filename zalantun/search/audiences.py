"""Which rows of the index a visitor may see, and which kinds there are for him."""

from organizations.querysets import ALL_NAMES, WITHOUT_ALL_NAMES
from organizations.visitors import Visitor
from search.documents import EVERYBODY

PERMISSIONS = (
    "events.view_unpublished",
    "directives.view_unpublished",
    "directives.view_internal",
    "taskboard.view_task",
    ALL_NAMES,
)
KINDS = {
    "events": "大事记",
    "directives": "政策文件",
    "tasks": "任务",
    "ledgers": "台账",
    "people": "人员",
    "departments": "部门",
}
UNDATED = ("people", "departments")
OF_STAFF = ("tasks", "ledgers")


def audiences_of(visitor: Visitor) -> frozenset[str]:
    """Everybody, what the visitor's permissions open, and what stands in for what they do not."""
    held = {permission for permission in PERMISSIONS if visitor.has_perm(permission)}
    return frozenset({EVERYBODY, *held, *([] if ALL_NAMES in held else [WITHOUT_ALL_NAMES])})


def kinds_for(visitor: Visitor) -> dict[str, str]:
    """The kinds that the visitor may search, with their labels."""
    staff = visitor.is_authenticated and visitor.has_perm("taskboard.view_task")
    return {kind: label for kind, label in KINDS.items() if staff or kind not in OF_STAFF}
