"""The chronicle as data: ``/api/v1/events/``."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from events.filters import EventFilter
from events.models import Event, EventOfficial
from events.numbering import numbers_on
from events.writing.api import EventWriting
from foundation.api import PageAddress
from organizations.api import DepartmentNameSerializer
from organizations.models import Department


class EventOfficialSerializer(serializers.ModelSerializer[EventOfficial]):
    """A person of an entry, by the person's right name, with the post as printed."""

    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = EventOfficial
        fields = ("name", "post")


class EventSerializer(serializers.ModelSerializer[Event]):
    """An entry with what it mentions."""

    topics: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    officials = EventOfficialSerializer(many=True, read_only=True)
    departments = serializers.SerializerMethodField()
    position = serializers.SerializerMethodField()
    status = serializers.ChoiceField(source="publication", choices=Event.Publication.choices)
    url = PageAddress()

    class Meta:
        model = Event
        fields = (
            "id",
            "start_date",
            "end_date",
            "position",
            "title",
            "text",
            "topics",
            "officials",
            "departments",
            "status",
            "url",
        )

    @extend_schema_field(
        serializers.IntegerField(allow_null=True, help_text="月内的公开序号，从 1 起，不跳号；未发布的为空。")
    )
    def get_position(self, event: Event) -> int | None:
        """The public number within the month, from 1 without gaps; null for what is not published."""
        numbers: dict[int, int] = self.context["numbers"]
        return numbers.get(event.pk)

    @extend_schema_field(DepartmentNameSerializer(many=True))
    def get_departments(self, event: Event) -> list[dict[str, Any]]:
        """In the departments' own order."""
        mentioned = [mention.department for mention in event.mentions.all()]
        return [DepartmentNameSerializer(found).data for found in sorted(mentioned, key=in_order)]


def in_order(department: Department) -> tuple[int, str]:
    """Departments in their own order."""
    return department.order, department.name


@extend_schema_view(
    list=extend_schema(
        summary="大事记条目", description="按大事记的次序；访客只见已发布的条目。", tags=["大事记"]
    ),
    retrieve=extend_schema(
        summary="一条大事记", description="条目及其提到的人员、部门与主题。", tags=["大事记"]
    ),
)
class EventViewSet(EventWriting):
    """Entries in the chronicle's order; for visitors only what is published. The desk writes them."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    permission_classes = [AllowAny]
    filterset_class = EventFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {
        "start_date": "start_date",
        "end_date": "end_date",
        "position": "position",
        "title": "title",
        "id": "pk",
    }
    ordering = ("start_date", "position")

    def get_queryset(self) -> QuerySet[Event]:
        """What the caller may see."""
        return Event.objects.visible_to(self.request.user).with_names()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """With the public numbers of what is shown."""
        shown = args[0] if args and kwargs.get("many") else args[:1]
        numbers = numbers_on(event.start_date for event in shown)
        context = kwargs.pop("context", None) or self.get_serializer_context()
        return self.serializer_class(*args, context={**context, "numbers": numbers}, **kwargs)
