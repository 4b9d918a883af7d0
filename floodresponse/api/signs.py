"""Signs on the ground as data: ``/api/v1/flood/signs/`` and ``/api/v1/flood/signs/{id}/end/``."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.models import SignObservation
from floodresponse.observed import SIGN_CODES
from floodresponse.services import confirm_sign, end_sign
from organizations.access import caller_of
from organizations.models import Department
from organizations.permissions import require

TAGS = ["防内涝"]
WRITING = "floodresponse.enter_observations"


class SignObservationSerializer(serializers.ModelSerializer[SignObservation]):
    """A sign that a named person confirmed; it supports a level and never sets it."""

    code = serializers.ChoiceField(choices=sorted(SIGN_CODES))
    street = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Department.objects.active().filter(kind=Department.Kind.STREET),
        allow_null=True,
        required=False,
    )
    confirmed_by = serializers.SerializerMethodField()

    class Meta:
        model = SignObservation
        fields = (
            "id", "code", "place", "street", "observed_at", "note", "confirmed_by", "confirmed_at",
            "ended_at",
        )  # fmt: skip
        read_only_fields = ("confirmed_at", "ended_at")

    def get_confirmed_by(self, sign: SignObservation) -> str:
        """The person's name."""
        return str(sign.confirmed_by)


@extend_schema_view(
    list=extend_schema(summary="旁证（现场征兆）", description="新近的在前，含已解除的。", tags=TAGS)
)
class SignViewSet(ListModelMixin, GenericViewSet[SignObservation]):
    """Signs, the newest first."""

    queryset = SignObservation.objects.none()
    serializer_class = SignObservationSerializer
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"observed_at": "observed_at", "confirmed_at": "confirmed_at"}
    ordering = ("-observed_at",)

    def get_queryset(self) -> QuerySet[SignObservation]:
        """All of them for those who see the command post."""
        seen = self.request.user.has_perm("floodresponse.view_command_post")
        found = SignObservation.objects.select_related("confirmed_by", "street")
        return found if seen else found.none()

    @extend_schema(
        summary="登记旁证",
        description="登记人即核实人。街道只登记本街道的，防涝办值班员和指挥长不限。",
        tags=TAGS,
        responses={201: SignObservationSerializer},
    )
    def create(self, request: Request) -> Response:
        """Confirms one."""
        require(caller_of(request), WRITING, "核实现场现象")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        sign = confirm_sign(actor=caller_of(request), at=timezone.now(), **given.validated_data)
        return Response(self.get_serializer(sign).data, status=201)

    @extend_schema(
        summary="解除旁证",
        description="已经解除的再解除为 409。",
        tags=TAGS,
        request=None,
        responses={200: SignObservationSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str | None = None) -> Response:
        """It is over."""
        sign = self.get_object()
        require(caller_of(request), WRITING, "解除现场现象")
        end_sign(actor=caller_of(request), at=timezone.now(), sign=sign)
        sign.refresh_from_db()
        return Response(self.get_serializer(sign).data)
