"""Writing documents through the interface: the same services as the pages call."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from directives.contents import read_directive
from directives.models import Directive
from directives.services import (
    DirectiveContent,
    create_directive,
    directive_values,
    move_directive,
    record_status,
    save_directive,
    step_directive_revision,
)
from directives.services.corrections import add_notice, confirm_notice, void_notice
from directives.services.files import CHANGE, add_file
from directives.services.statuses import SIGN, confirm_status, void_status
from directives.writing.inputs import (
    DirectiveInput,
    DirectiveReasonInput,
    DirectiveRevisionInput,
    DirectiveSettleInput,
    DirectiveTextInput,
    FileInput,
    NoticeInput,
    StatusInput,
    content_given,
    given_in,
)
from foundation.models import Revision
from foundation.publication import DRAFT, PUBLISHED, STEPS
from foundation.services.revisions import Writing
from foundation.versions import Content, StaleText, content_mark
from organizations.access import caller_of
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory

TAG = ["政策文件"]
DONE = {200: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT}
MADE = {201: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT}


class DirectiveWriting(ReadOnlyModelViewSet[Directive]):
    """What the documents' view set writes; ``directives.api`` adds what it reads.

    Every address asks first who calls, then for the document, then for the right.
    """

    def _asked(self, permission: str, what: str) -> tuple[User, Directive]:
        actor = caller_of(self.request)
        found = self.get_object()
        require(actor, permission, what)
        return actor, found

    @extend_schema(
        summary="起草文件", description="成为草稿。", tags=TAG, request=DirectiveInput, responses=MADE
    )
    def create(self, request: Request) -> Response:
        """A draft of the portal."""
        actor = caller_of(request)
        require(actor, CHANGE, "起草政策文件")
        given = content_given(given_in(DirectiveInput, request))
        directive = create_directive(
            actor=actor,
            at=timezone.now(),
            content=DirectiveContent(**directive_values(given)),
            publication=DRAFT,
            directory=NameDirectory(actor=actor, at=timezone.now()),
            reason="起草",
            origin=Directive.Origin.PORTAL,
        )
        return Response(_standing(directive), status=201)

    @extend_schema(
        methods=["GET"],
        summary="文件的现行文本或未签发的更正稿",
        description="`seen` 随修改送回：此后有人改过即答 409，并给出现有文本。",
        tags=TAG,
        responses={200: OpenApiTypes.OBJECT},
    )
    @extend_schema(
        methods=["POST"],
        summary="修改草稿，或对已发布的文件提出更正稿",
        description="只送要改的字段；条目、附件、名单、阶段互相指引，要改就一并送全。",
        tags=TAG,
        request=DirectiveTextInput,
        responses=DONE,
    )
    @action(detail=True, methods=["get", "post"])
    def text(self, request: Request, pk: Any = None) -> Response:
        """Read the text that a change starts from; change a draft, or propose beside a published one."""
        actor, directive = self._asked(CHANGE, "修改政策文件")
        if request.method == "POST":
            given = given_in(DirectiveTextInput, request)
            writing = Writing(actor, timezone.now(), given.pop("reason"), seen=given.pop("seen"))
            try:
                with transaction.atomic():
                    content = {**_text_of(directive)[0], **content_given(given)}
                    save_directive(actor=actor, directive=directive, content=content, writing=writing)
            except StaleText as refusal:
                said = {"detail": refusal.message, "seen": refusal.mark, "stored": refusal.stored}
                return Response(said, status=refusal.status)
        stored, revision = _text_of(directive)
        waiting = {"state": revision.state, "version": revision.head.number} if revision else None
        return Response({"seen": content_mark(stored), "revision": waiting, "content": stored})

    @extend_schema(summary="办理未签发的更正稿", tags=TAG, request=DirectiveRevisionInput, responses=DONE)
    @action(detail=True, methods=["post"])
    def revision(self, request: Request, pk: Any = None) -> Response:
        """Submit, publish, return or discard the open correction."""
        actor, directive = self._asked(CHANGE, "办理更正稿")
        given = given_in(DirectiveRevisionInput, request)
        step_directive_revision(
            actor=actor,
            at=timezone.now(),
            revision=get_object_or_404(Revision.objects.of(directive).open()),
            step=given["step"],
            reason=given["reason"],
            seen=given["version"],
        )
        return Response(_standing(directive))

    @extend_schema(
        summary="提交、签发、退回、撤回或重新起草", tags=TAG, request=DirectiveReasonInput, responses=DONE
    )
    @action(detail=True, methods=["post"], url_path=f"publication/(?P<step>{'|'.join(STEPS)})")
    def publication(self, request: Request, pk: Any = None, step: str = "") -> Response:
        """One step on the way to the public."""
        right = SIGN if STEPS[step].signs else CHANGE
        actor, directive = self._asked(right, f"{STEPS[step].word}政策文件")
        reason = given_in(DirectiveReasonInput, request)["reason"]
        move_directive(actor=actor, at=timezone.now(), directive=directive, step=step, reason=reason)
        return Response(_standing(directive))

    @extend_schema(summary="登记有效性变更", tags=TAG, request=StatusInput, responses=MADE)
    @action(detail=True, methods=["post"])
    def statuses(self, request: Request, pk: Any = None) -> Response:
        """Propose a change of the legal state."""
        actor, directive = self._asked(CHANGE, "登记有效性变更")
        given = given_in(StatusInput, request)
        by = given.pop("by", None)
        other = get_object_or_404(Directive.objects.visible_to(actor), pk=by) if by else None
        change = record_status(
            actor=actor, at=timezone.now(), directive=directive, by_directive=other, **given
        )
        return Response({"id": change.pk, "standing": change.standing}, status=201)

    @extend_schema(summary="签发或作废有效性变更", tags=TAG, request=DirectiveSettleInput, responses=DONE)
    @action(detail=True, methods=["post"], url_path="statuses/settle")
    def settle_status(self, request: Request, pk: Any = None) -> Response:
        """Sign a change of the legal state, or take it back."""
        actor, directive = self._asked(CHANGE, "办理有效性变更")
        given = given_in(DirectiveSettleInput, request)
        change = get_object_or_404(directive.status_changes.select_related("directive"), pk=given["id"])
        if given["step"] == "confirm":
            confirm_status(actor=actor, at=timezone.now(), change=change)
        else:
            void_status(actor=actor, at=timezone.now(), change=change, reason=given["reason"])
        return Response({"id": change.pk, "standing": change.standing})

    @extend_schema(
        summary="登记更正", description="签发后随正文公开。", tags=TAG, request=NoticeInput, responses=MADE
    )
    @action(detail=True, methods=["post"])
    def corrections(self, request: Request, pk: Any = None) -> Response:
        """Propose a correction notice."""
        actor, directive = self._asked(CHANGE, "登记更正")
        notice = add_notice(
            actor=actor, at=timezone.now(), directive=directive, **given_in(NoticeInput, request)
        )
        return Response({"id": notice.pk, "standing": notice.standing}, status=201)

    @extend_schema(summary="签发或作废更正", tags=TAG, request=DirectiveSettleInput, responses=DONE)
    @action(detail=True, methods=["post"], url_path="corrections/settle")
    def settle_correction(self, request: Request, pk: Any = None) -> Response:
        """Sign a correction notice, or take it back."""
        actor, directive = self._asked(CHANGE, "办理更正")
        given = given_in(DirectiveSettleInput, request)
        notice = get_object_or_404(directive.corrections.select_related("directive"), pk=given["id"])
        if given["step"] == "confirm":
            confirm_notice(actor=actor, at=timezone.now(), notice=notice)
        else:
            void_notice(actor=actor, at=timezone.now(), notice=notice, reason=given["reason"])
        return Response({"id": notice.pk, "standing": notice.standing})

    @extend_schema(
        summary="上传附件文件", tags=TAG, request={"multipart/form-data": FileInput}, responses=MADE
    )
    @action(detail=True, methods=["post"])
    def files(self, request: Request, pk: Any = None) -> Response:
        """Hang a checked file on the document."""
        actor, directive = self._asked(CHANGE, "增加附件")
        upload = given_in(FileInput, request)["file"]
        added = add_file(actor=actor, at=timezone.now(), directive=directive, upload=upload)
        said = {"id": added.pk, "name": added.name, "size": added.size, "url": added.get_absolute_url()}
        return Response(said, status=201)


def _text_of(directive: Directive) -> tuple[Content, Revision | None]:
    """The text that a change starts from, and the open correction that it is of."""
    revision = None
    if directive.publication == PUBLISHED:
        revision = Revision.objects.of(directive).open().select_related("head").first()
    content: Content = revision.head.content if revision else read_directive(directive)
    return content, revision


def _standing(directive: Directive) -> dict[str, Any]:
    directive.refresh_from_db()
    said: Mapping[str, Any] = {"number": directive.number, "publication": directive.publication}
    day: date | None = directive.issued_on
    return {"id": directive.pk, "title": directive.title, "issued_on": day, **said}
