"""Responses: ``/api/v1/flood/responses/`` to read, declare, adjust and terminate."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.viewsets import GenericViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.matrix import NUMERALS
from floodresponse.models import KeptLevel, LevelRecord, Response, SirenOrder, UnitAction
from floodresponse.services import (
    Decision,
    Keeping,
    adjust_response,
    declare_response,
    keep_level,
    terminate_response,
)
from foundation.api import PageAddress
from organizations.access import caller_of
from organizations.permissions import require

LEVELS = {numeral: level for level, numeral in NUMERALS.items()}
DECLARE = "floodresponse.declare_response"
KEEPING = "维持应急响应级别"
SHORT, LONG = 80, 2000
ONE_LEVEL = f"^({'|'.join(LEVELS)})$"


class DecisionSerializer(serializers.Serializer[Any]):
    """A level with its reason; ``seen`` is the ``sequence`` that the caller knows, against stale pages."""

    level = serializers.ChoiceField(choices=list(LEVELS))
    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class DeclarationSerializer(serializers.Serializer[Any]):
    """A first level; an exercise runs beside the real thing."""

    level = serializers.ChoiceField(choices=list(LEVELS))
    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    exercise = serializers.BooleanField(default=False)


class TerminationSerializer(serializers.Serializer[Any]):
    """Why it ends; ``seen`` as for an adjustment."""

    reason = serializers.CharField(allow_blank=True, max_length=LONG, default="")
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")
    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class DeclineSerializer(serializers.Serializer[Any]):
    """Why the level stays; ``recommended`` is the recommendation that is not followed."""

    recommended = serializers.RegexField(
        ONE_LEVEL, allow_null=True, error_messages={"invalid": "应为 I、II、III、IV 之一，或 null。"}
    )
    reason = serializers.CharField(max_length=LONG)
    authorised_by = serializers.CharField(allow_blank=True, max_length=SHORT, default="")


class KeepSerializer(DeclineSerializer):
    """``seen`` as for an adjustment."""

    seen = serializers.IntegerField(min_value=1, allow_null=True, default=None)


NUMERAL = {"type": "string", "nullable": True, "description": "I 至 IV，或 null"}


class LevelRecordSerializer(serializers.ModelSerializer[LevelRecord]):
    """A level with what was recommended when it was decided; ``level`` null is the end."""

    level = serializers.SerializerMethodField()
    by = serializers.CharField(source="decided_by")
    recommended = serializers.SerializerMethodField()
    recommendation = serializers.DictField()

    class Meta:
        model = LevelRecord
        fields = ("sequence", "level", "by", "authorised_by", "recommended", "recommendation", "reason")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """``from`` is a word of the language and cannot be declared like the others."""
        return {**super().get_fields(), "from": serializers.DateTimeField(source="since")}

    @extend_schema_field(NUMERAL)
    def get_level(self, record: LevelRecord) -> str | None:
        """I to IV."""
        return NUMERALS[record.level] if record.level else None

    @extend_schema_field(NUMERAL)
    def get_recommended(self, record: LevelRecord) -> str | None:
        """I to IV."""
        return NUMERALS[record.recommended] if record.recommended else None


class KeptLevelSerializer(serializers.ModelSerializer[KeptLevel]):
    """A decision not to follow a recommendation; ``level`` null: none was declared."""

    level = serializers.SerializerMethodField()
    by = serializers.CharField(source="decided_by")
    recommended = serializers.SerializerMethodField()
    recommendation = serializers.DictField()

    class Meta:
        model = KeptLevel
        fields = (
            "id", "response", "level", "decided_at", "by", "authorised_by", "recommended", "recommendation",
            "reason",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, kept: KeptLevel) -> str | None:
        """I to IV."""
        return NUMERALS[kept.level] if kept.level else None

    @extend_schema_field(NUMERAL)
    def get_recommended(self, kept: KeptLevel) -> str | None:
        """I to IV."""
        return NUMERALS[kept.recommended] if kept.recommended else None


class SirenSerializer(serializers.ModelSerializer[SirenOrder]):
    """A sounding: ordered, sounded, or withdrawn with its level."""

    level = serializers.SerializerMethodField()
    ordered_at = serializers.DateTimeField(source="record.since", read_only=True)
    sounded_by = serializers.CharField(allow_null=True)

    class Meta:
        model = SirenOrder
        fields = (
            "id", "level", "number", "minutes", "ordered_at", "sounded_at", "sounded_by", "withdrawn_at",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, order: SirenOrder) -> str | None:
        """I to III."""
        return NUMERALS[order.record.level] if order.record.level else None


class ActionSerializer(serializers.ModelSerializer[UnitAction]):
    """What a unit does; ``unit`` null is the command post itself."""

    unit = serializers.SerializerMethodField()
    unit_name = serializers.SerializerMethodField()
    from_level = serializers.SerializerMethodField()

    class Meta:
        model = UnitAction
        fields = (
            "id", "unit", "unit_name", "from_level", "text", "state", "acknowledged_at", "done_at",
            "closed_at",
        )  # fmt: skip

    def get_unit(self, action: UnitAction) -> str | None:
        """Its slug."""
        return action.unit.slug if action.unit else None

    def get_unit_name(self, action: UnitAction) -> str:
        """Its name."""
        return action.unit.name if action.unit else "指挥部"

    @extend_schema_field(NUMERAL)
    def get_from_level(self, action: UnitAction) -> str:
        """I to IV."""
        return NUMERALS[action.from_level]


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """A response with its levels, sirens and actions; ``level`` is the one that holds now."""

    level = serializers.SerializerMethodField()
    levels = serializers.SerializerMethodField()
    sequence = serializers.SerializerMethodField()
    sirens = serializers.SerializerMethodField()
    actions = ActionSerializer(many=True)
    kept_levels = KeptLevelSerializer(many=True)
    termination = serializers.SerializerMethodField()
    url = PageAddress()

    class Meta:
        model = Response
        fields = (
            "id", "exercise", "declared_at", "terminated_at", "level", "sequence", "levels", "kept_levels",
            "termination", "sirens", "actions", "url",
        )  # fmt: skip

    @extend_schema_field(NUMERAL)
    def get_level(self, response: Response) -> str | None:
        """None when it is over."""
        last = list(response.levels.all())[-1:]
        return NUMERALS[last[0].level] if last and last[0].level else None

    def get_sequence(self, response: Response) -> int:
        """Of the last record; a decision may name it as ``seen``."""
        return max((record.sequence for record in response.levels.all()), default=0)

    @extend_schema_field(LevelRecordSerializer(many=True))
    def get_levels(self, response: Response) -> Any:
        """In the order of decision."""
        records = [record for record in response.levels.all() if record.level]
        return LevelRecordSerializer(records, many=True).data

    @extend_schema_field(LevelRecordSerializer(allow_null=True))
    def get_termination(self, response: Response) -> Any:
        """Who ended it and why."""
        ends = [record for record in response.levels.all() if record.level is None]
        return LevelRecordSerializer(ends[0]).data if ends else None

    @extend_schema_field(SirenSerializer(many=True))
    def get_sirens(self, response: Response) -> Any:
        """In the order of the levels that ordered them."""
        orders = [order for record in response.levels.all() for order in record.sirens.all()]
        return SirenSerializer(orders, many=True).data


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
