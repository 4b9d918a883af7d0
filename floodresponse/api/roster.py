"""The duty roster: ``/api/v1/flood/roster/`` and ``/api/v1/flood/swaps/``, for signed-in staff."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.filters import ShiftFilter, SwapFilter
from floodresponse.models import DutyShift, DutySwap
from floodresponse.numbers import NumbersForReader
from floodresponse.services.roster import OnDuty, save_roster, sign_in
from floodresponse.services.swaps import answer_swap, ask_swap, withdraw_swap
from organizations.access import caller_of
from organizations.models import Department
from organizations.permissions import require

TAGS = ["防内涝"]
KEEPING = "floodresponse.keep_roster"
MOST_PLACES = 400


class ShiftSerializer(NumbersForReader, serializers.ModelSerializer[DutyShift]):
    """A person on duty for a unit, from the handover of the day to the next one's."""

    unit = serializers.CharField(source="unit.slug", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)

    class Meta:
        model = DutyShift
        fields = ("id", "unit", "unit_name", "day", "role", "name", "phone", "signed_in_at")


class PlaceSerializer(serializers.Serializer[Any]):
    """Who is on duty at a day and post; an empty name is nobody."""

    day = serializers.DateField()
    role = serializers.ChoiceField(choices=DutyShift.Role.choices)
    name = serializers.CharField(max_length=40, allow_blank=True)
    phone = serializers.CharField(max_length=40, allow_blank=True, default="")


class RosterDaysSerializer(serializers.Serializer[Any]):
    """Places of one unit; ``reason`` where a shift that runs is changed."""

    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Department.objects.active())
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    entries = serializers.ListField(child=PlaceSerializer(), allow_empty=False, max_length=MOST_PLACES)


class SavedSerializer(serializers.Serializer[Any]):
    """How many places changed."""

    changed = serializers.IntegerField()


class SwapSerializer(serializers.ModelSerializer[DutySwap]):
    """A swap of two shifts; the names are those at the moment of asking."""

    unit = serializers.CharField(source="shift.unit.slug", read_only=True)

    class Meta:
        model = DutySwap
        fields = (
            "id", "unit", "shift", "other", "name", "other_name", "reason", "state", "asked_at",
            "answered_at", "answer_note",
        )  # fmt: skip


class AskingSerializer(serializers.Serializer[Any]):
    """With which shift, and why."""

    other = serializers.PrimaryKeyRelatedField(queryset=DutyShift.objects.all())
    reason = serializers.CharField(max_length=200)


class AnswerSerializer(serializers.Serializer[Any]):
    """A word with the answer."""

    note = serializers.CharField(max_length=200, allow_blank=True, default="")


@extend_schema_view(
    list=extend_schema(summary="值班表", description="on_duty=true 只看现在在岗的。", tags=TAGS),
    retrieve=extend_schema(summary="一个班次", tags=TAGS),
)
class RosterViewSet(ReadOnlyModelViewSet[DutyShift]):
    """Shifts, the latest day first."""

    queryset = DutyShift.objects.none()
    serializer_class = ShiftSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = ShiftFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"day": "day", "unit": "unit__name", "role": "role", "id": "pk"}
    ordering = ("-day", "unit", "role")

    def get_queryset(self) -> QuerySet[DutyShift]:
        """What the caller may see."""
        return DutyShift.objects.visible_to(self.request.user).select_related("unit", "user")

    @extend_schema(
        summary="登记值班表",
        description="一个单位的若干天；姓名为空是空缺。已结束的班不能改，改正在进行的班须写理由。",
        tags=TAGS,
        request=RosterDaysSerializer,
        responses={200: SavedSerializer, **CONFLICT},
    )
    def create(self, request: Request) -> Response:
        """Enter, replace or clear people of a unit, all or nothing."""
        actor = caller_of(request)
        require(actor, KEEPING, "登记值班表")
        given = RosterDaysSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        changed = save_roster(
            actor=actor,
            unit=values["unit"],
            entries=_places(values["entries"]),
            at=timezone.now(),
            reason=values["reason"],
        )
        return Response(SavedSerializer({"changed": changed}).data)

    @extend_schema(
        summary="签到",
        description="值班人员本人，或本单位代为签到；交接班前 30 分钟起。",
        tags=TAGS,
        request=None,
        responses={200: ShiftSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"], url_path="sign-in", url_name="sign-in")
    def sign_in(self, request: Request, pk: str | None = None) -> Response:
        """I am here."""
        shift = sign_in(actor=caller_of(request), shift=self.get_object(), at=timezone.now())
        return Response(self.get_serializer(shift).data)

    @extend_schema(
        summary="申请换班",
        description="与同单位同岗位的另一班；对方本人同意后生效。",
        tags=TAGS,
        request=AskingSerializer,
        responses={201: SwapSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def swap(self, request: Request, pk: str | None = None) -> Response:
        """Ask the person of another shift."""
        shift = self.get_object()
        given = AskingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked = ask_swap(actor=caller_of(request), shift=shift, at=timezone.now(), **given.validated_data)
        return Response(SwapSerializer(asked).data, status=201)


def _places(entries: list[dict[str, Any]]) -> dict[tuple[Any, str], OnDuty | None]:
    places: dict[tuple[Any, str], OnDuty | None] = {}
    for entry in entries:
        slot = (entry["day"], entry["role"])
        if slot in places:
            sentence = f"{entry['day']} 的同一岗位写了两次，请只留一条。"
            raise serializers.ValidationError({"entries": [sentence]})
        places[slot] = OnDuty(entry["name"], entry["phone"]) if entry["name"].strip() else None
    return places


@extend_schema_view(
    list=extend_schema(summary="换班", description="申请、同意、未同意和撤回的，新近的在前。", tags=TAGS),
    retrieve=extend_schema(summary="一次换班", tags=TAGS),
)
class SwapViewSet(ReadOnlyModelViewSet[DutySwap]):
    """Swaps, the newest first."""

    queryset = DutySwap.objects.none()
    serializer_class = SwapSerializer
    permission_classes = [SeesCommandPost]
    filterset_class = SwapFilter
    lookup_value_regex = "[0-9]{1,18}"
    ordering_fields = {"asked_at": "asked_at", "id": "pk"}
    ordering = ("-asked_at", "-id")

    def get_queryset(self) -> QuerySet[DutySwap]:
        """What the caller may see."""
        seen = DutySwap.objects.visible_to(self.request.user)
        return seen.select_related("shift__unit", "other__unit", "asked_by")

    @extend_schema(
        summary="同意换班", tags=TAGS, request=AnswerSerializer, responses={200: SwapSerializer, **CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str | None = None) -> Response:
        """The other person agrees: the two change places."""
        return self._answer(request, agree=True)

    @extend_schema(
        summary="不同意换班", tags=TAGS, request=AnswerSerializer, responses={200: SwapSerializer, **CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str | None = None) -> Response:
        """The other person does not."""
        return self._answer(request, agree=False)

    @extend_schema(
        summary="撤回换班申请", tags=TAGS, request=None, responses={200: SwapSerializer, **CONFLICT}
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str | None = None) -> Response:
        """Take back what nobody answered yet."""
        swap = withdraw_swap(actor=caller_of(request), swap=self.get_object(), at=timezone.now())
        return Response(self.get_serializer(swap).data)

    def _answer(self, request: Request, *, agree: bool) -> Response:
        found = self.get_object()
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        note, now = given.validated_data["note"], timezone.now()
        swap = answer_swap(actor=caller_of(request), swap=found, agree=agree, at=now, note=note)
        return Response(self.get_serializer(swap).data)
