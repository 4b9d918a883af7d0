"""Writing the chronicle through the interface: the same services as the pages call."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from directives.models import Topic
from events.contents import cited_titles, read_event
from events.models import Correction, Event
from events.services import (
    EventContent,
    add_correction,
    confirm_correction,
    create_event,
    event_values,
    move_event,
    save_event,
    step_event_revision,
    void_correction,
)
from events.writing.forms import MOST_LINES
from foundation.models import Revision
from foundation.publication import DRAFT, STEPS
from foundation.services.revisions import Writing
from foundation.versions import REVISION_STEPS, Content, StaleText, content_mark
from foundation.wording import first_clause
from organizations.access import caller_of
from organizations.models import Department, User
from organizations.permissions import require
from organizations.services import NameDirectory

TAG = "大事记"
CHANGE = "events.change_event"


class OfficialField(serializers.Serializer[Any]):
    """A person of an entry."""

    name = serializers.CharField(min_length=2, max_length=20)
    post = serializers.CharField(max_length=120, allow_blank=True, default="")
    printed_name = serializers.CharField(max_length=40, allow_blank=True, default="")


class EventInput(serializers.Serializer[Any]):
    """A new entry; departments are names or aliases, topics slugs."""

    start_date = serializers.DateField()
    end_date = serializers.DateField(required=False)
    position = serializers.IntegerField(min_value=1, max_value=9999, required=False)
    text = serializers.CharField(max_length=20_000)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    source: Any = serializers.CharField(max_length=200, allow_blank=True, required=False)
    officials: Any = serializers.ListSerializer(child=OfficialField(), required=False, max_length=MOST_LINES)
    departments = serializers.ListField(child=serializers.CharField(max_length=80), required=False)
    topics: Any = serializers.SlugRelatedField(
        slug_field="slug", many=True, queryset=Topic.objects.all(), required=False
    )

    def validate_departments(self, names: list[str]) -> list[str]:
        """Canonical names; an unknown one is refused."""
        directory = NameDirectory(actor=None, at=timezone.now())
        found: dict[str, Department | None] = {name: directory.find_department(name) for name in names}
        unknown = [name for name, department in found.items() if department is None]
        if unknown:
            raise serializers.ValidationError(f"名录中没有“{unknown[0]}”，请填写部门的名称或别名。")
        return sorted({department.name for department in found.values() if department})

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """The days in order."""
        start, end = given.get("start_date"), given.get("end_date")
        if start and end and end < start:
            raise serializers.ValidationError({"end_date": "结束日期早于起始日期，请更正。"})
        return given


class TextInput(EventInput):
    """Another text of an entry: the fields that change, the mark of the text that was read, and why."""

    seen = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=200)
    start_date = serializers.DateField(required=False)
    text = serializers.CharField(max_length=20_000, required=False)


class EventReasonInput(serializers.Serializer[Any]):
    """Why, where a reason is owed."""

    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class RevisionInput(EventReasonInput):
    """A step of the open correction; ``version`` is the one that was read."""

    step = serializers.ChoiceField(choices=list(REVISION_STEPS))
    version = serializers.IntegerField(min_value=1)


class EventCorrectionInput(serializers.Serializer[Any]):
    """A correction notice."""

    printed = serializers.CharField(max_length=200)
    corrected = serializers.CharField(max_length=200, allow_blank=True, default="")
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class SettleInput(EventReasonInput):
    """Signing a notice, or taking it back."""

    correction = serializers.IntegerField(min_value=1)
    step = serializers.ChoiceField(choices=["confirm", "void"])


def content_given(given: Mapping[str, Any]) -> Content:
    """What was sent, as keys of an entry's content."""
    content = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    if "officials" in given:
        content["officials"] = [
            [o["name"], o["post"], o["printed_name"] or o["name"]] for o in given["officials"]
        ]
    if "topics" in given:
        content["topics"] = sorted(topic.slug for topic in given["topics"])
    if "text" in given:
        content["citations"] = list(cited_titles(given["text"]))
    return content


class EventWriting(ReadOnlyModelViewSet[Event]):
    """What the entries' view set writes; ``events.api`` adds what it reads."""

    def _given(self, takes: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        given = takes(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _by(self, permission: str, what: str) -> User:
        actor = caller_of(self.request)
        require(actor, permission, what)
        return actor

    def _now(self, event: Event, status: int = 200) -> Response:
        stored = Event.objects.with_names().get(pk=event.pk)
        return Response(self.get_serializer(stored).data, status=status)

    @extend_schema(
        summary="登记一条大事记",
        description="成为草稿；提交、签发另走步骤。",
        tags=[TAG],
        request=EventInput,
        responses={201: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    def create(self, request: Request) -> Response:
        """A draft."""
        actor = self._by(CHANGE, "登记大事记")
        given = self._given(EventInput)
        content = {"end_date": given["start_date"].isoformat(), **content_given(given)}
        content["title"] = content.get("title") or first_clause(content["text"])
        event = create_event(
            actor=actor,
            at=timezone.now(),
            content=EventContent(**event_values(content)),
            publication=DRAFT,
            directory=NameDirectory(actor=actor, at=timezone.now()),
            reason="登记",
        )
        return self._now(event, 201)

    @extend_schema(
        methods=["GET"],
        summary="条目的现行文本或未签发的更正稿",
        description="`seen` 随修改送回：此后有人改过即答 409，并给出现有文本。",
        tags=[TAG],
        responses={200: OpenApiTypes.OBJECT},
    )
    @extend_schema(
        methods=["POST"],
        summary="修改草稿，或对已发布的条目提出更正稿",
        tags=[TAG],
        request=TextInput,
        responses={200: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["get", "post"])
    def text(self, request: Request, pk: Any = None) -> Response:
        """Read the text that a change starts from; change a draft, or propose beside a published one."""
        event = self.get_object()
        actor = self._by(CHANGE, "修改大事记")
        if request.method == "POST":
            given = self._given(TextInput)
            reason, seen = given.pop("reason"), given.pop("seen")
            writing = Writing(actor, timezone.now(), reason, seen=seen)
            with transaction.atomic():
                content = {**_stored(event), **content_given(given)}
                try:
                    save_event(actor=actor, event=event, content=content, writing=writing)
                except StaleText as refusal:
                    said = {"detail": refusal.message, "seen": refusal.mark, "stored": refusal.stored}
                    return Response(said, status=refusal.status)
        revision = Revision.objects.of(event).open().select_related("head").first()
        stored = revision.head.content if revision else read_event(event)
        waiting = {"state": revision.state, "version": revision.head.number} if revision else None
        return Response({"seen": content_mark(stored), "revision": waiting, "content": stored})

    @extend_schema(
        summary="办理未签发的更正稿",
        tags=[TAG],
        request=RevisionInput,
        responses={200: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"])
    def revision(self, request: Request, pk: Any = None) -> Response:
        """Submit, publish, return or discard the open correction."""
        event = self.get_object()
        actor = self._by(CHANGE, "办理更正稿")
        given = self._given(RevisionInput)
        step_event_revision(
            actor=actor,
            at=timezone.now(),
            revision=get_object_or_404(Revision.objects.of(event).open()),
            step=given["step"],
            reason=given["reason"],
            seen=given["version"],
        )
        return self._now(event)

    @extend_schema(
        summary="提交、签发、退回、撤回或重新起草",
        tags=[TAG],
        request=EventReasonInput,
        responses={200: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"], url_path=f"publication/(?P<step>{'|'.join(STEPS)})")
    def publication(self, request: Request, pk: Any = None, step: str = "") -> Response:
        """One step on the way to the public."""
        event = self.get_object()
        right = "events.publish_event" if STEPS[step].signs else CHANGE
        actor = self._by(right, f"{STEPS[step].word}大事记")
        given = self._given(EventReasonInput)
        move_event(actor=actor, at=timezone.now(), event=event, step=step, reason=given["reason"])
        return self._now(event)

    @extend_schema(
        summary="登记更正",
        description="签发后随正文公开。",
        tags=[TAG],
        request=EventCorrectionInput,
        responses={201: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"])
    def corrections(self, request: Request, pk: Any = None) -> Response:
        """Propose a correction notice."""
        event = self.get_object()
        actor = self._by(CHANGE, "登记更正")
        given = self._given(EventCorrectionInput)
        notice = add_correction(
            actor=actor, at=timezone.now(), event=event, made_on=timezone.localdate(), **given
        )
        return Response(notice_as_data(notice), status=201)

    @extend_schema(
        summary="签发或作废更正",
        tags=[TAG],
        request=SettleInput,
        responses={200: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT},
    )
    @action(detail=True, methods=["post"], url_path="corrections/settle")
    def settle_correction(self, request: Request, pk: Any = None) -> Response:
        """Sign a notice, or take it back."""
        event = self.get_object()
        actor = self._by(CHANGE, "办理更正")
        given = self._given(SettleInput)
        notice = get_object_or_404(Correction, pk=given["correction"], event=event)
        known: dict[str, Any] = {"actor": actor, "at": timezone.now(), "correction": notice}
        if given["step"] == "confirm":
            return Response(notice_as_data(confirm_correction(**known)))
        return Response(notice_as_data(void_correction(**known, reason=given["reason"])))


def _stored(event: Event) -> Content:
    revision = Revision.objects.of(event).open().select_related("head").first()
    content: Content = revision.head.content if revision else read_event(event)
    return content


def notice_as_data(notice: Correction) -> dict[str, Any]:
    """A correction notice as data."""
    names = ("printed", "corrected", "note", "made_on", "standing")
    return {"id": notice.pk, **{name: getattr(notice, name) for name in names}}
