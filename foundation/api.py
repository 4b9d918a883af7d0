"""What the views of the interface share in all rooms: their order, and the addresses of pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

PARAMETER = "ordering"


class Ordering(BaseFilterBackend):
    """``?ordering=-start_date,title``: the view's ``ordering_fields`` map these names to columns.

    Without it the view's ``ordering``. The primary key decides between equals,
    so that no row is on two pages; what has no value stands last.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """Sort; an unknown name is refused with those that are known."""
        columns: Mapping[str, str] = getattr(view, "ordering_fields", {})
        asked = [name.strip() for name in request.query_params.get(PARAMETER, "").split(",") if name.strip()]
        unknown = [name for name in asked if name.removeprefix("-") not in columns]
        if unknown:
            known = "、".join(columns)
            raise ValidationError(
                {PARAMETER: [f"不能按“{unknown[0]}”排序；可用的有：{known}，前加“-”为倒序。"]}
            )
        names: Sequence[str] = asked or getattr(view, "ordering", ())
        return queryset.order_by(*(_by(name, columns) for name in names), "pk")

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """How OpenAPI describes it."""
        columns: Mapping[str, str] = getattr(view, "ordering_fields", {})
        if not columns:
            return []
        words = f"排序，多个以逗号分隔，前加“-”为倒序：{'、'.join(columns)}"
        return [
            {
                "name": PARAMETER,
                "in": "query",
                "required": False,
                "description": words,
                "schema": {"type": "string"},
            }
        ]


def _by(name: str, columns: Mapping[str, str]) -> OrderBy:
    column = F(columns[name.removeprefix("-")])
    return column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True)


@extend_schema_field(OpenApiTypes.URI)
class PageAddress(serializers.Field[Any, Any, str, Any]):
    """The absolute address of the record's page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Model) -> str:
        """Absolute, for the host that was asked."""
        path: str = value.get_absolute_url()  # type: ignore[attr-defined]  # records with a page have it
        request: Request = self.context["request"]
        return request.build_absolute_uri(path)
