"""The search and one's kept searches as data: ``search/`` and ``saved-searches/``."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from organizations.access import caller_of
from search.finding import COUNTED, Found, find
from search.models import SavedSearch
from search.services import remove_search, require_current
from zalantun.search.asking import ORDERS, Asked, asked_by
from zalantun.search.audiences import KINDS
from zalantun.search.results import PAGE_SIZE, facets, rows
from zalantun.search.saved import change_saved, save_search

TAG = ["搜索"]
PARAMETERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description="词语，以空格分开，须全部出现；也可写文号或日期"),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=list(KINDS), description="只找一种记录"),
    OpenApiParameter("year", OpenApiTypes.INT, description="年份"),
    OpenApiParameter("department", OpenApiTypes.STR, description="部门的代号"),
    OpenApiParameter("person", OpenApiTypes.INT, description="人员的编号"),
    OpenApiParameter("topic", OpenApiTypes.STR, description="主题的代号"),
    OpenApiParameter("order", OpenApiTypes.STR, enum=list(ORDERS), description="最相关或最新在前"),
    OpenApiParameter("page", OpenApiTypes.INT, description=f"页码，每页 {PAGE_SIZE} 条"),
]


class HitSerializer(serializers.Serializer[Any]):
    """A record found; ``title`` and ``passage`` are HTML with the words in ``<mark>``."""

    kind = serializers.CharField()
    title = serializers.CharField()
    passage = serializers.CharField(source="context", allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    date = serializers.DateField(source="day", allow_null=True)
    end_date = serializers.DateField(source="last_day", allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        """Absolute, for the host that was asked."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(row.url)


class FacetValueSerializer(serializers.Serializer[Any]):
    """A value to narrow by; ``query`` is the whole condition as it stands behind the question mark."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    count = serializers.IntegerField(source="number")
    query = serializers.CharField(source="address")


class FacetSerializer(serializers.Serializer[Any]):
    """One way to narrow what was found."""

    name = serializers.CharField()
    values = FacetValueSerializer(many=True)


class FoundSerializer(serializers.Serializer[Any]):
    """A page of what was found; ``more`` says that only the first thousand are numbered."""

    count = serializers.IntegerField()
    more = serializers.BooleanField()
    kinds = serializers.DictField(child=serializers.IntegerField())
    facets = FacetSerializer(many=True)
    results = HitSerializer(many=True)


class SearchView(APIView):
    """The search page's answer."""

    permission_classes = [AllowAny]

    @extend_schema(
        summary="搜索全部记录",
        description=f"只找本人可见的记录。超过 {COUNTED} 条时 more 为真，各类条数数到 {COUNTED} 多一为止。",
        tags=TAG,
        parameters=PARAMETERS,
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        """As the page finds it."""
        require_current(at=timezone.now())
        asked = _asked(request)
        found = find(asked.question(request.user))
        number = _page_number(request, found)
        entries = found.entries((number - 1) * PAGE_SIZE, PAGE_SIZE)
        body = {
            "count": len(found.hits),
            "more": found.more,
            "kinds": {kind: found.kinds[kind] for kind in asked.kinds},
            "facets": facets(found, asked, request.user),
            "results": rows(entries, asked),
        }
        return Response(FoundSerializer(body, context={"request": request}).data)


def _asked(request: Request) -> Asked:
    """The conditions; what the page would leave aside is refused here."""
    asked = asked_by(request.query_params.dict(), request.user)
    if asked.errors:
        raise ValidationError({"q": asked.errors})
    if not asked.anything:
        raise ValidationError({"q": ["请写上词语，或者选一个条件。"]})
    return asked


def _page_number(request: Request, found: Found) -> int:
    asked = request.query_params.get("page", "1")
    last = Paginator(range(len(found.hits)), PAGE_SIZE).num_pages
    if not (asked.isascii() and asked.isdecimal() and 0 < int(asked[:9]) <= last):
        raise NotFound(f"没有这一页，共 {last} 页。")
    return int(asked)


class SavedSearchSerializer(serializers.ModelSerializer[SavedSearch]):
    """A search that the caller keeps; ``query`` is what stands behind the question mark of the page."""

    class Meta:
        model = SavedSearch
        fields = ("id", "name", "query", "rhythm", "created_at", "told_at")
        read_only_fields = fields


class SavedSearchInput(serializers.Serializer[Any]):
    """A search to keep; without a name it is called by its conditions."""

    query = serializers.CharField(max_length=2000)
    name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    rhythm = serializers.ChoiceField(choices=SavedSearch.Rhythm.choices, default=SavedSearch.Rhythm.NEVER)


class SavedSearchChange(serializers.Serializer[Any]):
    """Another name or rhythm; what is left out stays."""

    name = serializers.CharField(max_length=60, required=False)
    rhythm = serializers.ChoiceField(choices=SavedSearch.Rhythm.choices, required=False)


@extend_schema_view(
    list=extend_schema(summary="我保存的搜索", tags=TAG),
    retrieve=extend_schema(summary="一个保存的搜索", tags=TAG),
)
class SavedSearchViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[SavedSearch]):
    """One's own kept searches: nobody else reads or changes them."""

    queryset = SavedSearch.objects.none()
    serializer_class = SavedSearchSerializer
    permission_classes = [IsAuthenticated]
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"name": "name", "created_at": "created_at", "id": "pk"}
    ordering = ("name",)

    def get_queryset(self) -> QuerySet[SavedSearch]:
        """One's own."""
        return SavedSearch.objects.filter(owner=self.request.user.pk)

    @extend_schema(
        summary="保存一个搜索",
        description="同名或同条件的已保存时答 409；要推送的，命中不能超过一千条。",
        tags=TAG,
        request=SavedSearchInput,
        responses={201: SavedSearchSerializer, 409: OpenApiTypes.OBJECT},
    )
    def create(self, request: Request) -> Response:
        """Keep; what it finds now is known to its owner."""
        owner = caller_of(request)
        given = SavedSearchInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        saved = save_search(
            owner=owner,
            address=values["query"],
            name=values["name"],
            rhythm=values["rhythm"],
            at=timezone.now(),
        )
        return Response(self.get_serializer(saved).data, status=201)

    @extend_schema(
        summary="改名或改推送方式",
        tags=TAG,
        request=SavedSearchChange,
        responses={200: SavedSearchSerializer, 409: OpenApiTypes.OBJECT},
    )
    def partial_update(self, request: Request, pk: Any = None) -> Response:
        """Another name or rhythm."""
        saved = self.get_object()
        given = SavedSearchChange(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"name": saved.name, "rhythm": saved.rhythm, **given.validated_data}
        change_saved(saved=saved, at=timezone.now(), **values)
        return Response(self.get_serializer(saved).data)

    @extend_schema(summary="删除保存的搜索", tags=TAG, responses={204: None})
    def destroy(self, request: Request, pk: Any = None) -> Response:
        """Forget it."""
        remove_search(saved=self.get_object(), at=timezone.now())
        return Response(status=204)
