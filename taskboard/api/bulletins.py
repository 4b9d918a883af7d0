"""``/api/v1/bulletins/``: composed, edited, signed and withdrawn as on their pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.api import PageAddress
from organizations.access import caller_of
from organizations.permissions import require
from taskboard.api.steps import RecordsWithSteps, described, given_in, holding
from taskboard.bulletins.querysets import SIGN, WRITE
from taskboard.models import Bulletin, TaskList
from taskboard.services import bulletins

TAG = "通报"
WRITES, SIGNS = holding(WRITE, "修改通报"), holding(SIGN, "签发通报")


class SectionField(serializers.Serializer[Any]):
    """A part of a bulletin; paragraphs are lines."""

    heading = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=20000)


class BulletinSerializer(serializers.ModelSerializer[Bulletin]):
    """A bulletin; ``figures`` are what the text was composed from."""

    full_number = serializers.CharField(read_only=True)
    list = serializers.IntegerField(source="task_list_id", allow_null=True, read_only=True)
    sections = SectionField(many=True, read_only=True)
    url = PageAddress()

    class Meta:
        model = Bulletin
        fields = (
            *("id", "full_number", "title", "mark", "addressees", "opening", "sections", "closing"),
            *("period_start", "period_end", "list", "publication", "version", "published_at"),
            *("withdrawn_at", "withdrawal_reason", "figures", "url"),
        )
        read_only_fields = fields


class ComposeInput(serializers.Serializer[Any]):
    """The period, and the list where it is about one."""

    start = serializers.DateField()
    end = serializers.DateField()
    list = serializers.PrimaryKeyRelatedField(
        queryset=TaskList.objects.all(), source="task_list", required=False, allow_null=True, default=None
    )


class VersionInput(serializers.Serializer[Any]):
    """The version of the text that was read."""

    version = serializers.IntegerField(min_value=1)


class BulletinInput(VersionInput):
    """The whole text of a draft, and which version it was made from."""

    mark = serializers.CharField(max_length=20)
    title = serializers.CharField(max_length=120)
    addressees = serializers.CharField(max_length=300, allow_blank=True)
    opening = serializers.CharField(max_length=20000)
    sections = SectionField(many=True)
    closing = serializers.CharField(max_length=20000, allow_blank=True)


class ReasonGiven(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2000)


@extend_schema_view(
    list=extend_schema(summary="通报", description="起草中的只有起草人和签发人能看到。", tags=[TAG]),
    retrieve=extend_schema(summary="一份通报", tags=[TAG]),
)
class BulletinViewSet(RecordsWithSteps[Bulletin]):
    """Bulletins, the newest first."""

    queryset = Bulletin.objects.none()
    serializer_class = BulletinSerializer
    filterset_fields = {"publication": ["exact"], "year": ["exact"], "task_list": ["exact"]}
    ordering_fields = {"published_at": "published_at", "period_end": "period_end", "id": "pk"}
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Bulletin]:
        """What the caller may see."""
        return Bulletin.objects.visible_to(self.request.user)

    @described("起草通报", TAG, ComposeInput, BulletinSerializer, 201)
    def create(self, request: Request) -> Response:
        """A draft whose text is written from the figures of a period."""
        actor = caller_of(request)
        require(actor, WRITE, "起草通报")
        given = given_in(self, ComposeInput)
        return self.created(bulletins.compose_bulletin(actor=actor, at=timezone.now(), **given))

    @described("修改通报", TAG, BulletinInput, BulletinSerializer)
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: Any = None) -> Response:
        """Another text of a draft."""
        return self.made("bulletin", WRITES, BulletinInput, _edit)

    @described("重新取数", TAG, VersionInput, BulletinSerializer)
    @action(detail=True, methods=["post"])
    def recompose(self, request: Request, pk: Any = None) -> Response:
        """Count again and write the text anew."""
        return self.made("bulletin", WRITES, VersionInput, bulletins.recompose_bulletin)

    @described("提交签发", TAG, None, BulletinSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: Any = None) -> Response:
        """Hand it to the signer."""
        return self.made("bulletin", WRITES, None, bulletins.move_bulletin, step="submit")

    @described("签发印发", TAG, VersionInput, BulletinSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: Any = None) -> Response:
        """Sign the version that was read; it gets its number."""
        return self.made("bulletin", SIGNS, VersionInput, bulletins.move_bulletin, step="publish")

    @described("退回修改", TAG, ReasonGiven, BulletinSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: Any = None) -> Response:
        """Back to the writer."""
        return self.made("bulletin", SIGNS, ReasonGiven, bulletins.move_bulletin, step="return")

    @described("撤回通报", TAG, ReasonGiven, BulletinSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any = None) -> Response:
        """Out of force; it keeps its number."""
        return self.made("bulletin", SIGNS, ReasonGiven, bulletins.move_bulletin, step="withdraw")


def _edit(*, actor: Any, at: Any, bulletin: Bulletin, version: int, **changes: Any) -> Bulletin:
    changes["sections"] = [dict(section) for section in changes["sections"]]
    return bulletins.edit_bulletin(actor=actor, at=at, bulletin=bulletin, version=version, changes=changes)
