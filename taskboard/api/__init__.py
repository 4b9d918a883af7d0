"""Task lists and tasks as data, for signed-in staff."""

from taskboard.api.extensions import ExtensionViewSet
from taskboard.api.ledgers import LedgerRowViewSet, LedgerViewSet
from taskboard.api.lists import TaskListViewSet
from taskboard.api.tasks import TaskViewSet

__all__ = ["ExtensionViewSet", "LedgerRowViewSet", "LedgerViewSet", "TaskListViewSet", "TaskViewSet"]
