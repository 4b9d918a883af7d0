"""Issues of the gazette as data: ``/api/v1/issues/``."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from directives.models import Directive
from foundation.api import PageAddress
from gazette.issues.contents import PUBLIC
from gazette.issues.filters import IssueFilter
from gazette.models import Issue, IssueDocument


class IssueSerializer(serializers.ModelSerializer[Issue]):
    """An issue in a list; ``pdf`` is the address of the whole issue."""

    document_count = serializers.IntegerField(read_only=True)
    url = PageAddress()
    pdf = serializers.SerializerMethodField()

    class Meta:
        model = Issue
        fields: tuple[str, ...] = (
            "id",
            "title",
            "year",
            "number",
            "first_month",
            "last_month",
            "publication",
            "published_at",
            "document_count",
            "url",
            "pdf",
        )

    @extend_schema_field(OpenApiTypes.URI)
    def get_pdf(self, issue: Issue) -> str:
        """The address of the PDF; a long one is set in the background and answers 202 until then."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(reverse("gazette:issue_pdf", args=[issue.pk]))


class IssueDocumentSerializer(serializers.ModelSerializer[Directive]):
    """A document of an issue."""

    url = PageAddress()

    class Meta:
        model = Directive
        fields = ("id", "number", "title", "issued_on", "url")


class WholeIssueSerializer(IssueSerializer):
    """An issue with its documents in their order and the corrections it prints."""

    documents = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField()

    class Meta(IssueSerializer.Meta):
        fields = (*IssueSerializer.Meta.fields, "documents", "corrections")

    @extend_schema_field(IssueDocumentSerializer(many=True))
    def get_documents(self, issue: Issue) -> Any:
        """The documents that the caller may see."""
        rows = [place.directive for place in issue.shown_places]  # type: ignore[attr-defined]  # prefetched
        return IssueDocumentSerializer(rows, many=True, context=self.context).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_corrections(self, issue: Issue) -> list[str]:
        """Corrections of entries, then of documents."""
        return [str(one) for one in (*issue.corrections.all(), *issue.document_corrections.all())]


@extend_schema_view(
    list=extend_schema(summary="公报", description="各期公报，新的在前；访客只见已出版的。", tags=["公报"]),
    retrieve=extend_schema(
        summary="一期公报",
        description="刊载的文件和更正；pdf 是整期 PDF 的地址，还在排版时答 202。",
        tags=["公报"],
    ),
)
class IssueViewSet(viewsets.ReadOnlyModelViewSet[Issue]):
    """Issues, the newest first; for all but the desk only what was published and stands."""

    queryset = Issue.objects.none()
    permission_classes = [AllowAny]
    filterset_class = IssueFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"year": "year", "number": "number", "published_at": "published_at", "id": "pk"}
    ordering = ("-year", "-number")

    def get_serializer_class(self) -> type[IssueSerializer]:
        """The detail has documents and corrections."""
        return WholeIssueSerializer if self.action == "retrieve" else IssueSerializer

    def get_queryset(self) -> QuerySet[Issue]:
        """What the caller may see, in a constant number of queries."""
        visible = Issue.objects.visible_to(self.request.user)
        found = visible.defer("frozen_html", "frozen_records").annotate(
            document_count=Count("documents", distinct=True)
        )
        if self.action != "retrieve":
            return found
        public = Directive.objects.visible_to(PUBLIC).values("pk")
        places = IssueDocument.objects.filter(directive__in=public)
        shown = places.select_related("directive").order_by("order")
        return found.prefetch_related(
            Prefetch("documents", shown, to_attr="shown_places"), "corrections", "document_corrections"
        )
