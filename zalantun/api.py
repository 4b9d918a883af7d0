"""What all of the API shares: paging, errors, and how its description names them."""

from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from foundation.collisions import as_refusal

REFUSALS = {
    "400": ("FieldErrors", "查询条件或内容有误，按字段说明"),
    "401": ("Detail", "未登录，或令牌无效"),
    "403": ("Detail", "没有权限"),
    "404": ("Detail", "没有这条记录，或没有这一页"),
    "429": ("Detail", "请求过于频繁"),
}
REFUSAL_SCHEMAS = {
    "Detail": {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]},
    "FieldErrors": {
        "type": "object",
        "additionalProperties": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
    },
}


class Pagination(PageNumberPagination):
    """Page numbers; the caller may ask for up to 500 rows."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_page_size(self, request: Request) -> int | None:
        """What was asked for, cut at the limit; refused when it is no positive number."""
        asked = request.query_params.get("page_size", "")
        if asked and not (asked.isdecimal() and int(asked[:9]) > 0):
            raise ValidationError({"page_size": ["每页条数应为 1 到 500 的整数。"]})
        return super().get_page_size(request)


NOT_FOUND = "没有这条记录，或者您无权查看。"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answers, and a ``DomainError`` or a collision as its sentence with its status."""
    if (refusal := as_refusal(error)) is not None:
        return Response({"detail": refusal.message, **refusal.fields}, status=refusal.status)
    if isinstance(error, Http404) and not str(error).endswith("。"):
        error = NotFound(NOT_FOUND)  # Django's own words name its classes, in English
    return default_handler(error, context)


def document_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Adds to the description what every call may be answered instead of what it asked for."""
    schemas = result["components"].setdefault("schemas", {})
    for schema in schemas.values():
        if schema.get("type") == "object":
            # The sentences beside the code are for its programmers.
            schema.pop("description", None)
    schemas.update(REFUSAL_SCHEMAS)
    for path in result["paths"].values():
        for operation in path.values():
            for status, (schema, words) in REFUSALS.items():
                content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
                operation["responses"].setdefault(status, {"description": words, "content": content})
    return result
