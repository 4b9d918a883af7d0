"""Households to move as data: ``/api/v1/flood/households/``; personal data, every look at it on record."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from floodresponse.api.registers import TAGS, RegisterViewSet, viewset_of
from floodresponse.api.responses import CONFLICT
from floodresponse.models import Household, HouseholdMove, Shelter
from floodresponse.models import Response as FloodResponse
from floodresponse.resources.checkoff import lines_in, running_of
from floodresponse.resources.registers import REGISTERS
from floodresponse.services.households import (
    move_household,
    note_list_taken,
    return_household,
    take_back_move,
)
from organizations.access import caller_of
from organizations.permissions import require

WHERE = OpenApiParameter(
    "response", int, description="哪次响应；不给时为正在进行的真实响应，没有则为正在进行的演练"
)


class HouseholdMoveSerializer(serializers.ModelSerializer[HouseholdMove]):
    """That a household left its home, and later came back."""

    shelter_name = serializers.CharField(source="shelter.name", allow_null=True, default=None, read_only=True)

    class Meta:
        model = HouseholdMove
        fields = ("id", "response", "shelter", "shelter_name", "people", "moved_at", "returned_at")


class WhereSerializer(serializers.Serializer[Any]):
    """Where a household is in a response: ``waiting moved returned later``."""

    household = serializers.IntegerField(source="household.pk")
    state = serializers.ChoiceField(choices=["waiting", "moved", "returned", "later"])
    people = serializers.SerializerMethodField()
    move = HouseholdMoveSerializer(allow_null=True)

    @extend_schema_field(int)
    def get_people(self, line: Any) -> int:
        """How many moved, or are to move."""
        people: int = line.move.people if line.move else line.household.people
        return people


class MovingSerializer(serializers.Serializer[Any]):
    """Which response, where to, how many."""

    response = serializers.PrimaryKeyRelatedField(queryset=FloodResponse.objects.all())
    shelter = serializers.PrimaryKeyRelatedField(
        queryset=Shelter.objects.all(), allow_null=True, required=False, default=None
    )
    people = serializers.IntegerField(min_value=1, max_value=200)


class ReturningSerializer(serializers.Serializer[Any]):
    """Which response it comes home from."""

    response = serializers.PrimaryKeyRelatedField(queryset=FloodResponse.objects.all())


class TakingBackSerializer(ReturningSerializer):
    """In which response, and why."""

    reason = serializers.CharField(max_length=200)


class Households(RegisterViewSet):
    """Households: the office all, a street its own; each page that leaves the portal is on record."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The households asked for; how many were read is kept."""
        require(caller_of(request), self.register.permission, f"查看{self.register.title}")
        answer: Response = super().list(request, *args, **kwargs)
        self._note(len(answer.data["results"]))
        return answer

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One household."""
        answer: Response = super().retrieve(request, *args, **kwargs)
        self._note(1)
        return answer

    def _note(self, households: int) -> None:
        note_list_taken(actor=caller_of(self.request), households=households, at=timezone.now())

    @extend_schema(
        summary="转移进度",
        description="在册各户在一次响应中的状态：待转移、已转移、已返回、本级不转移；不含姓名住址。",
        tags=TAGS,
        parameters=[WHERE],
        responses=WhereSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], filterset_class=None)
    def progress(self, request: Request) -> Response:
        """Where each is; without names, so nothing to keep on record."""
        require(caller_of(request), self.register.permission, f"查看{self.register.title}")
        households = Household.objects.visible_to(caller_of(request)).on_book().order_by("pk")
        running = running_of(request.query_params.get("response"))
        page = self.paginate_queryset(households)
        lines = lines_in(running, page or [])
        return self.get_paginated_response(WhereSerializer(lines, many=True).data)

    @extend_schema(
        summary="登记转移",
        description="shelter 为空是自行投靠；还没有返回的再登记为 409，返回后可再次登记。",
        tags=TAGS,
        request=MovingSerializer,
        responses={200: HouseholdMoveSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str | None = None) -> Response:
        """It has left its home."""
        household, actor = self.get_object(), caller_of(request)
        given = MovingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        move = move_household(actor=actor, household=household, at=timezone.now(), **given.validated_data)
        return Response(HouseholdMoveSerializer(move).data)

    @extend_schema(
        summary="登记返回",
        tags=TAGS,
        request=ReturningSerializer,
        responses={200: HouseholdMoveSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def come_home(self, request: Request, pk: str | None = None) -> Response:
        """It is home again."""
        actor = caller_of(request)
        given = ReturningSerializer(data=request.data)
        move = self._stored(given)
        return Response(
            HouseholdMoveSerializer(return_household(actor=actor, move=move, at=timezone.now())).data
        )

    @extend_schema(
        summary="撤销登记",
        description="登记错了：撤销最后一步，先返回、后转移；响应终止后为 409。原登记留在审计记录。",
        tags=TAGS,
        request=TakingBackSerializer,
        responses={204: None, **CONFLICT},
    )
    @action(detail=True, methods=["post"], url_path="take-back", url_name="take-back")
    def take_back(self, request: Request, pk: str | None = None) -> Response:
        """The last step was registered by mistake."""
        given = TakingBackSerializer(data=request.data)
        move = self._stored(given)
        reason = given.validated_data["reason"]
        take_back_move(actor=caller_of(request), move=move, reason=reason, at=timezone.now())
        return Response(status=204)

    def _stored(self, given: serializers.Serializer[Any]) -> HouseholdMove:
        """The move of the household of the address in the response that is named."""
        household = self.get_object()
        given.is_valid(raise_exception=True)
        moves = HouseholdMove.objects.last_of_each().select_related("household__street", "shelter")
        return get_object_or_404(moves, household=household, response=given.validated_data["response"])


HouseholdViewSet = viewset_of(
    REGISTERS["households"], Households, "个人信息：防涝办看全部，街道只看本街道；每次读取都有记录。"
)
