"""Rosters, follows and citations of what is not held: ``rosters/`` and the like."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from directives.finding.citations import unheld_for
from directives.finding.filters import CitationFilter, FollowFilter, RosterFilter
from directives.finding.following import own_follows
from directives.finding.rosters import rank_of, with_parts
from directives.models import Citation, Directive, Follow, LegalState, Roster, RosterMember
from directives.services.following import follow_directive, unfollow_directive
from foundation.api import PageAddress
from foundation.days import day_from
from organizations.access import caller_of

RANKS = ("lead", "deputy", "member")


class DirectiveNameSerializer(serializers.ModelSerializer[Directive]):
    """A document where another record names it, with its legal state on the day asked for."""

    status = serializers.ChoiceField(source="status_code", choices=LegalState.choices, read_only=True)
    url = PageAddress()

    class Meta:
        model = Directive
        fields = ("id", "number", "title", "issued_on", "status", "url")


class RosterLineSerializer(serializers.ModelSerializer[RosterMember]):
    """A line of a roster; ``rank`` tells who leads and who stands in."""

    role = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    rank = serializers.SerializerMethodField()
    person = serializers.IntegerField(source="person_id", allow_null=True, read_only=True)

    class Meta:
        model = RosterMember
        fields = ("role", "name", "post", "concurrent", "rank", "person")

    def get_role(self, member: RosterMember) -> str:
        """Without inner spaces of the print."""
        return "".join(member.role.split())

    def get_name(self, member: RosterMember) -> str:
        """As printed, without inner spaces."""
        return "".join(member.printed_name.split())

    @extend_schema_field(serializers.ChoiceField(choices=RANKS))
    def get_rank(self, member: RosterMember) -> str:
        """Leads, stands in, or belongs."""
        return RANKS[rank_of(member.role)]


class BodySerializer(serializers.ModelSerializer[Roster]):
    """A body with its people and the document that sets it up."""

    directive = DirectiveNameSerializer(read_only=True)
    members = RosterLineSerializer(many=True, read_only=True)

    class Meta:
        model = Roster
        fields = ("id", "name", "directive", "members")


class RosterFilterOfData(RosterFilter):
    """Without the choice between bodies and people, which is one of the page."""

    view = None


@extend_schema_view(
    list=extend_schema(
        summary="谁牵头什么", description="各文件的领导小组和指挥部及其成员，新文件在前。", tags=["政策文件"]
    ),
    retrieve=extend_schema(summary="一份组成人员名单", tags=["政策文件"]),
)
class RosterViewSet(ReadOnlyModelViewSet[Roster]):
    """Bodies of the documents that the caller may see."""

    queryset = Roster.objects.none()
    serializer_class = BodySerializer
    permission_classes = [AllowAny]
    filterset_class = RosterFilterOfData
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"issued_on": "directive__issued_on", "name": "name", "id": "pk"}
    ordering = ("-issued_on", "id")

    def get_queryset(self) -> QuerySet[Roster]:
        """With members and the state of the document on ``as_of``, else today."""
        visible = Directive.objects.visible_to(self.request.user).order_by().values("pk")
        day = day_from(self.request.query_params.get("as_of")) or timezone.localdate()
        return with_parts(Roster.objects.filter(directive__in=visible), day)


class FollowSerializer(serializers.ModelSerializer[Follow]):
    """A document that the caller follows."""

    directive = DirectiveNameSerializer(read_only=True)

    class Meta:
        model = Follow
        fields = ("directive", "created_at")


class FollowInput(serializers.Serializer[Any]):
    """Which document."""

    directive = serializers.IntegerField(min_value=1)


@extend_schema_view(
    list=extend_schema(
        summary="我关注的文件", description="只列本人关注、现在仍可见的文件。", tags=["政策文件"]
    )
)
class FollowViewSet(ListModelMixin, GenericViewSet[Follow]):
    """One's own follows."""

    queryset = Follow.objects.none()
    serializer_class = FollowSerializer
    permission_classes = [IsAuthenticated]
    filterset_class = FollowFilter
    lookup_field = "directive"
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"created_at": "created_at", "title": "directive__title"}
    ordering = ("-created_at",)

    def get_queryset(self) -> QuerySet[Follow]:
        """Of documents that one may still see."""
        return own_follows(self.request.user)

    @extend_schema(
        summary="关注一份文件",
        description="文件被修改、废止、引用或失效时收到消息；已关注的答 409。",
        tags=["政策文件"],
        request=FollowInput,
        responses={201: FollowSerializer, 409: OpenApiTypes.OBJECT},
    )
    def create(self, request: Request) -> Response:
        """Begin to follow."""
        actor = caller_of(request)
        given = FollowInput(data=request.data)
        given.is_valid(raise_exception=True)
        visible = Directive.objects.visible_to(actor)
        directive = get_object_or_404(visible, pk=given.validated_data["directive"])
        follow_directive(actor=actor, at=timezone.now(), directive=directive)
        made = self.get_queryset().get(directive=directive)
        return Response(self.get_serializer(made).data, status=201)

    @extend_schema(
        summary="取消关注", description="按文件编号取消。", tags=["政策文件"], responses={204: None}
    )
    def destroy(self, request: Request, directive: str) -> Response:
        """Follow no more."""
        actor = caller_of(request)
        found = get_object_or_404(Directive.objects.filter(follows__user=actor), pk=directive)
        unfollow_directive(actor=actor, directive=found)
        return Response(status=204)


class CitingSerializer(serializers.ModelSerializer[Directive]):
    """A document that cites."""

    url = PageAddress()

    class Meta:
        model = Directive
        fields = ("id", "number", "title", "issued_on", "url")


class UnheldCitationSerializer(serializers.ModelSerializer[Citation]):
    """What is cited, as printed, and by which document."""

    directive = CitingSerializer(read_only=True)

    class Meta:
        model = Citation
        fields = ("id", "title", "number", "directive")


@extend_schema_view(
    list=extend_schema(
        summary="未收录的引用",
        description="文件中引用、而本平台没有收录的文件；所引文件入库后不再列出。",
        tags=["政策文件"],
    )
)
class UnheldCitationViewSet(ListModelMixin, GenericViewSet[Citation]):
    """Citations that lead to no page the caller may see."""

    queryset = Citation.objects.none()
    serializer_class = UnheldCitationSerializer
    permission_classes = [AllowAny]
    filterset_class = CitationFilter
    ordering_fields = {"title": "title", "issued_on": "directive__issued_on", "id": "pk"}
    ordering = ("title",)

    def get_queryset(self) -> QuerySet[Citation]:
        """In documents that the caller may see."""
        return unheld_for(self.request.user)
