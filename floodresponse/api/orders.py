"""Answers to what a level orders: ``/api/v1/flood/actions/{id}/…`` and ``/api/v1/flood/sirens/{id}/…``."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response as Answer
from rest_framework.viewsets import GenericViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responsedata import ActionSerializer, SirenSerializer
from floodresponse.api.responses import CONFLICT
from floodresponse.models import Response, SirenOrder, UnitAction
from floodresponse.services import acknowledge_action, confirm_sounding, finish_action
from organizations.access import caller_of


class ActionViewSet(GenericViewSet[UnitAction]):
    """Actions of units: acknowledged, then done."""

    queryset = UnitAction.objects.none()
    serializer_class = ActionSerializer
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[UnitAction]:
        """Of the responses that the caller may see."""
        seen = Response.objects.visible_to(self.request.user)
        return UnitAction.objects.filter(response__in=seen).select_related("unit")

    @extend_schema(
        summary="签收行动",
        description="本单位人员或指挥部代为签收。",
        tags=["防内涝"],
        request=None,
        responses={200: ActionSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str | None = None) -> Answer:
        """The unit has seen it."""
        return self._answer(request, acknowledge_action)

    @extend_schema(
        summary="上报行动落实",
        description="签收之后上报。",
        tags=["防内涝"],
        request=None,
        responses={200: ActionSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str | None = None) -> Answer:
        """The unit has done it."""
        return self._answer(request, finish_action)

    def _answer(self, request: Request, service: Callable[..., UnitAction]) -> Answer:
        found, now = self.get_object(), timezone.now()
        return Answer(self.get_serializer(service(actor=caller_of(request), at=now, action=found)).data)


class SirenViewSet(GenericViewSet[SirenOrder]):
    """Soundings, confirmed one by one."""

    queryset = SirenOrder.objects.none()
    serializer_class = SirenSerializer
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[SirenOrder]:
        """Of the responses that the caller may see."""
        seen = Response.objects.visible_to(self.request.user)
        return SirenOrder.objects.filter(record__response__in=seen).select_related("record", "sounded_by")

    @extend_schema(
        summary="确认警报鸣放",
        description="由防涝办值班员或指挥长逐次确认。",
        tags=["防内涝"],
        request=None,
        responses={200: SirenSerializer, **CONFLICT},
    )
    @action(detail=True, methods=["post"])
    def sounded(self, request: Request, pk: str | None = None) -> Answer:
        """It sounded."""
        order = confirm_sounding(actor=caller_of(request), at=timezone.now(), order=self.get_object())
        return Answer(self.get_serializer(order).data)
