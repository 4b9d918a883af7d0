"""Task lists, tasks, supervision and ledgers as data, for signed-in staff."""

from rest_framework.routers import BaseRouter

from taskboard.api.bulletins import BulletinViewSet
from taskboard.api.desk import RankingViewSet, UrgingViewSet
from taskboard.api.extensions import ExtensionViewSet
from taskboard.api.ledgers import LedgerRowViewSet, LedgerViewSet
from taskboard.api.lists import TaskListViewSet
from taskboard.api.stages import StageViewSet
from taskboard.api.supervision import FindingViewSet, InspectionViewSet, ListingViewSet, LookBackViewSet
from taskboard.api.tasks import TaskViewSet


def register_tasks(router: BaseRouter) -> None:
    """All addresses of the room."""
    router.register("tasks", TaskViewSet)
    router.register("task-lists", TaskListViewSet)
    router.register("extensions", ExtensionViewSet)
    router.register("stages", StageViewSet)
    router.register("look-backs", LookBackViewSet)
    router.register("findings", FindingViewSet)
    router.register("listings", ListingViewSet)
    router.register("inspections", InspectionViewSet)
    router.register("urgings", UrgingViewSet)
    router.register("ranking", RankingViewSet, basename="ranking")
    router.register("bulletins", BulletinViewSet)
    router.register("ledgers", LedgerViewSet)
    router.register("ledger-rows", LedgerRowViewSet)


__all__ = ["register_tasks"]
