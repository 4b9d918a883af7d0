"""What all of the API shares: paging and errors."""

from typing import Any

from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from foundation.errors import DomainError


class Pagination(PageNumberPagination):
    """Page numbers; the caller may ask for up to 500 rows."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answers, and a ``DomainError`` as its sentence with its status."""
    if isinstance(error, DomainError):
        return Response({"detail": error.message, **error.fields}, status=error.status)
    return default_handler(error, context)
