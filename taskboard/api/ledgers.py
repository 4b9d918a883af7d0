"""``/api/v1/ledgers/`` and ``/api/v1/ledger-rows/``: ledgers and their entries, to be read."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.viewsets import ReadOnlyModelViewSet

from taskboard.api.access import PERMISSION, ReadsTasks
from taskboard.api.ledgerserializers import LedgerRowSerializer, LedgerSerializer
from taskboard.ledgers.filters import LedgerDataFilter, LedgerRowFilter
from taskboard.ledgers.reads import ledgers_with_counts
from taskboard.models.ledgers import Ledger, LedgerRow

TAGS = ["台账"]


@extend_schema_view(
    list=extend_schema(
        summary="台账",
        description="文件要求建立的台账，附栏目和各状态的条数。涉密项目不录入。",
        tags=TAGS,
    ),
    retrieve=extend_schema(summary="一本台账", description="台账及其栏目、条数。", tags=TAGS),
)
class LedgerViewSet(ReadOnlyModelViewSet[Ledger]):
    """Ledgers with their columns and how many entries stand in which state."""

    queryset = Ledger.objects.none()
    serializer_class = LedgerSerializer
    permission_classes = [ReadsTasks]
    filterset_class = LedgerDataFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"id": "pk", "title": "title", "due_on": "due_on"}
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Ledger]:
        """What the caller may see."""
        user: Any = self.request.user
        found = ledgers_with_counts().prefetch_related("columns")
        return found if user.is_authenticated and user.has_perm(PERMISSION) else found.none()


@extend_schema_view(
    list=extend_schema(
        summary="台账条目",
        description="values 以栏目名称为键；待批项目附办理情况，“半拉子”工程附处置方案。",
        tags=TAGS,
    ),
    retrieve=extend_schema(summary="一条台账条目", description="条目及其栏目内容。", tags=TAGS),
)
class LedgerRowViewSet(ReadOnlyModelViewSet[LedgerRow]):
    """Entries, the oldest first."""

    queryset = LedgerRow.objects.none()
    serializer_class = LedgerRowSerializer
    permission_classes = [ReadsTasks]
    filterset_class = LedgerRowFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {
        "id": "pk",
        "title": "title",
        "updated_at": "updated_at",
        "signed_at": "signed_at",
        "closed_at": "closed_at",
    }
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[LedgerRow]:
        """What the caller may see, with all that is shown of it."""
        rows = LedgerRow.objects.visible_to(self.request.user)
        joined = rows.select_related("ledger", "department", "case__approver", "plan")
        return joined.prefetch_related("ledger__columns")
