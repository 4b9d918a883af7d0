"""Policy documents as data: ``/api/v1/directives/``."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from directives.filters import DirectiveFilter
from directives.models import (
    Annex,
    Citation,
    Directive,
    LegalState,
    Roster,
    RosterMember,
    Section,
    StatusChange,
)
from directives.writing.api import DirectiveWriting
from foundation.api import PageAddress

AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="有效性截至的日期，缺省为今天")


class SectionSerializer(serializers.ModelSerializer[Section]):
    """A numbered heading or paragraph."""

    class Meta:
        model = Section
        fields = ("depth", "number", "heading", "text", "anchor")


class RosterMemberSerializer(serializers.ModelSerializer[RosterMember]):
    """A line of a roster, as printed but for spaces within."""

    role = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()

    class Meta:
        model = RosterMember
        fields = ("role", "name", "post")

    def get_role(self, member: RosterMember) -> str:
        """The role without inner spaces."""
        return "".join(member.role.split())

    def get_name(self, member: RosterMember) -> str:
        """The name without inner spaces."""
        return "".join(member.printed_name.split())


class RosterSerializer(serializers.ModelSerializer[Roster]):
    """A list of people of one body."""

    members = RosterMemberSerializer(many=True, read_only=True)

    class Meta:
        model = Roster
        fields = ("name", "members")


class CitationSerializer(serializers.ModelSerializer[Citation]):
    """A document referred to; ``directive`` is null for what is not held here (未收录)."""

    directive = serializers.IntegerField(source="shown_target", allow_null=True, read_only=True)
    issued_on = serializers.DateField(source="target_issued_on", allow_null=True, read_only=True)

    class Meta:
        model = Citation
        fields = ("title", "number", "directive", "issued_on")


class StatusChangeSerializer(serializers.ModelSerializer[StatusChange]):
    """A change of the document's legal state; ``by_directive`` is null without a document one may see."""

    by_directive = serializers.IntegerField(source="shown_by", allow_null=True, read_only=True)

    class Meta:
        model = StatusChange
        fields = ("status", "effective_on", "by_directive", "note")


class EffectSerializer(serializers.ModelSerializer[StatusChange]):
    """What the document did to another one: ``amended``, ``repealed`` and the like, from which day on."""

    title = serializers.CharField(source="directive.title", read_only=True)
    number = serializers.CharField(source="directive.number", read_only=True)

    class Meta:
        model = StatusChange
        fields = ("directive", "title", "number", "status", "effective_on", "note")


class AnnexSerializer(serializers.ModelSerializer[Annex]):
    """An annex; ``printed`` is false for one that the gazette names and leaves out (原文未附)."""

    sections = serializers.SerializerMethodField()

    class Meta:
        model = Annex
        fields = ("label", "title", "printed", "text", "sections")

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, annex: Annex) -> Any:
        """The sections of the annex."""
        return _sections(annex.directive, annex.pk)


class DirectiveSerializer(serializers.ModelSerializer[Directive]):
    """A document in a list; ``status`` is its legal state as of the day asked for."""

    status = serializers.ChoiceField(source="status_code", choices=LegalState.choices)
    url = PageAddress()

    class Meta:
        model = Directive
        fields: tuple[str, ...] = (
            "id",
            "number",
            "title",
            "issuer",
            "issued_on",
            "kind",
            "status",
            "is_public",
            "release_note",
            "url",
        )


class WholeDirectiveSerializer(DirectiveSerializer):
    """A document with its parts; ``sections`` are flat, in reading order, without the annexes."""

    sections = serializers.SerializerMethodField()
    rosters = RosterSerializer(many=True, read_only=True)
    citations = CitationSerializer(many=True, read_only=True)
    status_changes = StatusChangeSerializer(many=True, read_only=True)
    effects = EffectSerializer(many=True, read_only=True)
    annexes = AnnexSerializer(many=True, read_only=True)
    addressees = serializers.ListField(child=serializers.CharField(), read_only=True)
    copies_to = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(DirectiveSerializer.Meta):
        fields = (
            *DirectiveSerializer.Meta.fields,
            "addressees",
            "copy_number",
            "urgency",
            "signatory",
            "copies_to",
            "printed_by",
            "printed_on",
            "summary",
            "source",
            "sections",
            "rosters",
            "citations",
            "status_changes",
            "effects",
            "annexes",
        )

    @extend_schema_field(SectionSerializer(many=True))
    def get_sections(self, directive: Directive) -> Any:
        """The sections of the document itself."""
        return _sections(directive, None)


def _sections(directive: Directive, annex_id: int | None) -> Any:
    """Sections from the prefetched rows: of an annex, or with None of the document itself."""
    rows = [section for section in directive.sections.all() if section.annex_id == annex_id]
    return SectionSerializer(rows, many=True).data


@extend_schema_view(
    list=extend_schema(
        summary="政策文件", description="新近的在前；访客只见已发布且公开的文件。", tags=["政策文件"]
    ),
    retrieve=extend_schema(
        summary="一份政策文件",
        description="文件及其条目、名单、引用与附件；条目按阅读次序平铺，不含附件中的条目。",
        tags=["政策文件"],
        parameters=[AS_OF],
    ),
)
class DirectiveViewSet(DirectiveWriting):
    """Documents, the newest first; for visitors only what is published and public."""

    queryset = Directive.objects.none()
    permission_classes = [AllowAny]
    filterset_class = DirectiveFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {
        "issued_on": "issued_on",
        "title": "title",
        "number": "number",
        "issuer": "issuer",
        "id": "pk",
    }
    ordering = ("-issued_on",)

    def get_serializer_class(self) -> type[DirectiveSerializer]:
        """The detail has the parts."""
        return WholeDirectiveSerializer if self.action == "retrieve" else DirectiveSerializer

    def get_queryset(self) -> QuerySet[Directive]:
        """What the caller may see; a citation of what may not be seen counts as not held."""
        found = Directive.objects.visible_to(self.request.user)
        return found.with_printed_parts(self.request.user) if self.action == "retrieve" else found
