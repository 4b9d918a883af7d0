"""Responses: ``/api/v1/flood/responses/`` to read, declare, adjust and terminate."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.viewsets import GenericViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responsedata import (
    LEVELS,
    DecisionSerializer,
    DeclarationSerializer,
    DeclineSerializer,
    KeepSerializer,
    KeptLevelSerializer,
    ResponseSerializer,
    TerminationSerializer,
)
from floodresponse.models import Response
from floodresponse.services import (
    Decision,
    Keeping,
    adjust_response,
    declare_response,
    keep_level,
    terminate_response,
)
from organizations.access import caller_of
from organizations.permissions import require

DECLARE = "floodresponse.declare_response"
KEEPING = "维持应急响应级别"
CONFLICT = {409: OpenApiTypes.OBJECT}


@extend_schema_view(
    list=extend_schema(
        summary="应急响应", description="新近的在前，含演练。", tags=["防内涝"], parameters=[]
    ),
    retrieve=extend_schema(
        summary="一次应急响应", description="级别记录、警报令和各单位行动。", tags=["防内涝"]
    ),
)
class ResponseViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[Response]):
    """Responses, the newest first."""

    queryset = Response.objects.none()
    serializer_class = ResponseSerializer
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"declared_at": "declared_at", "id": "pk"}
    ordering = ("-declared_at",)

    def get_queryset(self) -> QuerySet[Response]:
        """All for those who see the command post, with their parts."""
        found = Response.objects.visible_to(self.request.user)
        return found.prefetch_related(
            "levels__decided_by", "levels__sirens__sounded_by", "actions__unit", "kept_levels__decided_by"
        )

    @extend_schema(
        summary="启动响应或演练",
        description="级别与建议不同的须写明理由；已有一次在进行中的不再启动。",
        tags=["防内涝"],
        request=DeclarationSerializer,
        responses={201: ResponseSerializer, **CONFLICT},
    )
    def create(self, request: Request) -> Answer:
        """A commander declares."""
        caller = caller_of(request)
        require(caller, DECLARE, "启动应急响应")
        given = _checked(DeclarationSerializer, request)
        exercise = given.pop("exercise")
        made = declare_response(actor=caller, at=timezone.now(), decision=_decision(given), exercise=exercise)
        return Answer(self._shown(made), status=201)

    @extend_schema(
        summary="调整级别",
        description="seen 为页面上看到的级别记录次序，其间另有变动的不再执行。",
        tags=["防内涝"],
        request=DecisionSerializer,
        responses={200: ResponseSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def adjust(self, request: Request, pk: str | None = None) -> Answer:
        """Raise or lower."""
        response, caller = self.get_object(), caller_of(request)
        require(caller, DECLARE, "调整应急响应级别")
        given = _checked(DecisionSerializer, request)
        seen = given.pop("seen")
        adjust_response(
            actor=caller, at=timezone.now(), response=response, decision=_decision(given), seen=seen
        )
        return Answer(self._shown(response))

    @extend_schema(
        summary="终止响应",
        description="终止后各项未落实的行动和未鸣放的警报随之关闭。",
        tags=["防内涝"],
        request=TerminationSerializer,
        responses={200: ResponseSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def terminate(self, request: Request, pk: str | None = None) -> Answer:
        """End it."""
        response, caller = self.get_object(), caller_of(request)
        require(caller, DECLARE, "终止应急响应")
        given = _checked(TerminationSerializer, request)
        seen = given.pop("seen")
        terminate_response(
            actor=caller, at=timezone.now(), response=response, decision=_decision(given), seen=seen
        )
        return Answer(self._shown(response))

    @extend_schema(
        summary="维持级别",
        description="不采纳推荐：recommended 为看到的推荐，其间推荐另有变化的不登记；推荐改变后会再次提示。",
        tags=["防内涝"],
        request=KeepSerializer,
        responses={201: KeptLevelSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str | None = None) -> Answer:
        """Leave the level as it is."""
        response, caller = self.get_object(), caller_of(request)
        require(caller, DECLARE, KEEPING)
        given = _checked(KeepSerializer, request)
        seen = given.pop("seen")
        kept = keep_level(
            actor=caller, at=timezone.now(), response=response, keeping=_keeping(given), seen=seen
        )
        return Answer(KeptLevelSerializer(kept).data, status=201)

    @extend_schema(
        summary="不启动响应",
        description="没有进行中的响应时不采纳推荐，说明理由。",
        tags=["防内涝"],
        request=DeclineSerializer,
        responses={201: KeptLevelSerializer, **CONFLICT},
    )
    @action(detail=False, methods=["post"])
    def decline(self, request: Request) -> Answer:
        """Declare nothing although a level is recommended."""
        caller = caller_of(request)
        require(caller, DECLARE, KEEPING)
        keeping = _keeping(_checked(DeclineSerializer, request))
        kept = keep_level(actor=caller, at=timezone.now(), response=None, keeping=keeping)
        return Answer(KeptLevelSerializer(kept).data, status=201)

    def _shown(self, response: Response) -> Any:
        """As it is stored now."""
        return self.get_serializer(self.get_queryset().get(pk=response.pk)).data


def _checked(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values


def _decision(given: Mapping[str, Any]) -> Decision:
    level = LEVELS[given["level"]] if "level" in given else None
    return Decision(level=level, reason=given["reason"], authorised_by=given["authorised_by"])


def _keeping(given: Mapping[str, Any]) -> Keeping:
    declined = LEVELS[given["recommended"]] if given["recommended"] else None
    return Keeping(declined=declined, reason=given["reason"], authorised_by=given["authorised_by"])
