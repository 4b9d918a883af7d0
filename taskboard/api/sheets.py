"""``task-lists/{id}/sheet/`` and ``sheet/confirm/``: a list that went out as a sheet comes back in."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from organizations.access import caller_of
from organizations.permissions import require
from taskboard.api.steps import given_in
from taskboard.models import TaskList
from taskboard.services.tasksheets import import_lines
from taskboard.tasksheets.forms import REASON_LONGEST
from taskboard.tasksheets.previews import CHANGE, IMPORTING, checked_sheet, packed, unpacked

TAGS = ["任务清单"]


class SheetInput(serializers.Serializer[Any]):
    """A workbook (xlsx) with the heading of the exported list or of the template."""

    file = serializers.FileField()


class ChangeSerializer(serializers.Serializer[Any]):
    """A field before and after."""

    field = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class SheetLineSerializer(serializers.Serializer[Any]):
    """A line of the sheet: ``number`` is its task's, null for a new one; one with errors is not written."""

    line = serializers.IntegerField()
    number = serializers.IntegerField(allow_null=True)
    values = serializers.DictField(child=serializers.CharField())
    changes = ChangeSerializer(many=True)
    errors = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]  # as a field


class PreviewSerializer(serializers.Serializer[Any]):
    """What would be written; ``payload`` is handed back to write exactly this."""

    file_name = serializers.CharField()
    lines = SheetLineSerializer(many=True)
    good = serializers.IntegerField()
    bad = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    payload = serializers.CharField()


class ConfirmInput(serializers.Serializer[Any]):
    """What was shown; why tasks that were issued are corrected."""

    payload = serializers.CharField()
    reason = serializers.CharField(max_length=REASON_LONGEST, required=False, allow_blank=True, default="")


class ImportedSerializer(serializers.Serializer[Any]):
    """How many tasks were added and changed."""

    added = serializers.IntegerField()
    changed = serializers.IntegerField()


class SheetSteps(GenericViewSet[TaskList]):
    """Mixed into the lists."""

    @extend_schema(
        summary="表格导入预览",
        description="交入导出的或按模板填写的 xlsx，逐行列出改动和错误，不写入任何内容。"
        "payload 四小时内有效，只供本人确认本清单。",
        tags=TAGS,
        request={"multipart/form-data": SheetInput},
        responses={200: PreviewSerializer},
        filters=False,
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def sheet(self, request: Request, pk: Any = None) -> Response:
        """Each line with what it would change or what is wrong with it; nothing is written."""
        actor, found = caller_of(request), self.get_object()
        require(actor, CHANGE, IMPORTING)
        given = given_in(self, SheetInput)
        name, sheet = checked_sheet(actor, found, given["file"])
        shown = {
            "file_name": name,
            "lines": sheet.lines,
            "good": len(sheet.good),
            "bad": len(sheet.bad),
            "unchanged": sheet.unchanged,
            "payload": packed(actor, found, sheet),
        }
        return Response(PreviewSerializer(shown).data)

    @extend_schema(
        summary="确认表格导入",
        description="写入预览中没有错误的行，全部写入或全部不写；更正已下发的任务须写理由。",
        tags=TAGS,
        request=ConfirmInput,
        responses={200: ImportedSerializer, 409: OpenApiTypes.OBJECT},
        filters=False,
    )
    @action(detail=True, methods=["post"], url_path="sheet/confirm")
    def sheet_confirm(self, request: Request, pk: Any = None) -> Response:
        """Write the lines that were shown without errors, all or none."""
        actor, found = caller_of(request), self.get_object()
        require(actor, CHANGE, IMPORTING)
        given = given_in(self, ConfirmInput)
        done = import_lines(
            actor=actor,
            at=timezone.now(),
            task_list=found,
            lines=unpacked(actor, found, given["payload"]),
            reason=given["reason"],
        )
        return Response(ImportedSerializer(done).data)
