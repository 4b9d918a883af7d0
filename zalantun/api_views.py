"""The front page of the API, its description, and what stands at no address."""

from functools import cache
from typing import Any

from django.http import Http404
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

# Paths of the front page: what everybody may read, then what staff may.
PUBLIC = {
    "events": "event-list",
    "directives": "directive-list",
    "issues": "issue-list",
    "rosters": "roster-list",
    "unresolved-citations": "citation-list",
    "search": "search",
    "departments": "department-list",
    "people": "person-list",
    "flood/matrix": "flood-matrix",
    "schema": "schema",
    "docs": "docs",
}
STAFF = {
    "tasks": "task-list",
    "task-lists": "tasklist-list",
    "ledgers": "ledger-list",
    "ledger-rows": "ledgerrow-list",
    "follows": "follow-list",
    "saved-searches": "savedsearch-list",
}


class FrontPage(APIView):
    """Where everything is, for the one who asks."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Names and absolute addresses."""
        shown = {**PUBLIC, **(STAFF if request.user.has_perm("taskboard.view_task") else {})}
        return Response({path: reverse(f"api:{name}", request=request) for path, name in shown.items()})


class NoSuchPath(APIView):
    """Any other address below ``/api/v1/``: 404 as data."""

    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever the method."""
        super().initial(request, *args, **kwargs)
        raise Http404


class Description(SpectacularAPIView):
    """OpenAPI 3 for everybody, in the one language of the portal; JSON unless YAML is asked for."""

    permission_classes = [AllowAny]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The same for all, whoever asks."""
        return Response(described())


@cache
def described() -> dict[str, Any]:
    """The description; it changes only with the program."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


class Docs(SpectacularSwaggerView):
    """The description to read and try out; its assets come from this server."""

    template_name = "zalantun/api_docs.html"
    url_name = "api:schema"
