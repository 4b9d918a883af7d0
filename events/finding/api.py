"""Time lines and months in numbers as data."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from events.filters import EventFilter
from events.finding.statistics import by_department, by_month, by_topic
from events.finding.timelines import (
    KINDS,
    Moment,
    Ways,
    moments_of,
    rows_of,
    ways_of_department,
    ways_of_person,
)
from events.models import Event
from organizations.models import Department, Person

KIND = OpenApiParameter("kind", OpenApiTypes.STR, enum=list(KINDS), description="只看一种")


class MomentSerializer(serializers.Serializer[Moment]):
    """A day in a time line; ``date`` is null for a document without a printed date."""

    date = serializers.DateField(source="day", allow_null=True)
    kind = serializers.ChoiceField(choices=list(KINDS.items()))
    title = serializers.CharField()
    note = serializers.CharField(source="words", allow_blank=True)
    url = serializers.SerializerMethodField()

    def get_url(self, moment: Moment) -> str:
        """Absolute, for the host that was asked."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(moment.url)


class _TimeLine(GenericAPIView[Any]):
    """The moments of a person or department, the newest first, in pages."""

    serializer_class = MomentSerializer
    permission_classes = [AllowAny]
    filter_backends: list[Any] = []
    queryset = Event.objects.none()

    def _answer(self, request: Request, ways: Ways) -> Response:
        kind = request.query_params.get("kind", "")
        if kind and kind not in KINDS:
            known = "、".join(KINDS)
            raise ValidationError({"kind": [f"没有“{kind[:40]}”这一种，可用的有：{known}。"]})
        page = self.paginate_queryset(rows_of(ways, kind)) or []
        shown = moments_of(list(page), ways)
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)


class PersonTimeLine(_TimeLine):
    """``people/{id}/timeline/``."""

    @extend_schema(
        summary="人员的时间线",
        description="提到此人的大事记和把此人列入名单的文件，新的在前。",
        tags=["部门与人员"],
        parameters=[KIND],
        responses=MomentSerializer(many=True),
    )
    def get(self, request: Request, pk: int) -> Response:
        """For whom the caller may see."""
        person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
        return self._answer(request, ways_of_person(person, request.user))


class DepartmentTimeLine(_TimeLine):
    """``departments/{slug}/timeline/``."""

    @extend_schema(
        summary="部门的时间线",
        description="提到此部门的大事记和它制发的文件，新的在前。",
        tags=["部门与人员"],
        parameters=[KIND],
        responses=MomentSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """For a department that the caller may see."""
        department = get_object_or_404(Department.objects.visible_to(request.user), slug=slug)
        return self._answer(request, ways_of_department(department, request.user))


class MonthCountSerializer(serializers.Serializer[Any]):
    """How many entries begin in a month."""

    year = serializers.IntegerField()
    month = serializers.IntegerField()
    count = serializers.IntegerField()


class NamedCountSerializer(serializers.Serializer[Any]):
    """How many entries are filed under a subject or name a department."""

    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class StatisticsSerializer(serializers.Serializer[Any]):
    """The chronicle in numbers; months without entries are left out."""

    total = serializers.IntegerField()
    months = MonthCountSerializer(many=True)
    topics = NamedCountSerializer(many=True)
    departments = NamedCountSerializer(many=True)


class MonthStatistics(GenericAPIView[Event]):
    """``events/statistics/``."""

    queryset = Event.objects.none()
    serializer_class = StatisticsSerializer
    permission_classes = [AllowAny]
    filterset_class = EventFilter
    pagination_class = None

    def get_queryset(self) -> QuerySet[Event]:
        """What the caller may see."""
        return Event.objects.visible_to(self.request.user)

    @extend_schema(
        summary="大事记按月统计",
        description="按条目首日所在的月计数；筛选条件与大事记列表相同。主题和部门只列条数最多的。",
        tags=["大事记"],
        responses=StatisticsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Months in order of time, subjects and departments by number."""
        found = self.filter_queryset(self.get_queryset()).order_by()
        months = by_month(found)
        body = {
            "total": sum(months.values()),
            "months": [
                {"year": first.year, "month": first.month, "count": months[first]} for first in sorted(months)
            ],
            "topics": _named(by_topic(found)),
            "departments": _named(by_department(found)),
        }
        return Response(StatisticsSerializer(body).data)


def _named(rows: Any) -> list[dict[str, Any]]:
    return [{"slug": slug, "name": name, "count": number} for slug, name, number in rows]
