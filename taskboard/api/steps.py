"""What steps in the interface share: is it there, may you, is it complete, then the service."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from organizations.access import caller_of
from organizations.models import User
from organizations.permissions import require
from taskboard.api.access import ReadsTasks

Record = TypeVar("Record", bound=models.Model)
Handler = TypeVar("Handler", bound=Callable[..., Response])
Input = type[serializers.Serializer[Any]]
# Whether the caller may take the step; refuses with the sentence that pages show.
May = Callable[[User, Any], object]
Run = Callable[..., Any]


def holding(permission: str, what: str) -> May:
    """A step for all who hold a permission."""
    return lambda actor, record: require(actor, permission, what)


def described(
    summary: str, tag: str, takes: Input | None, gives: Any, status: int = 200
) -> Callable[[Handler], Handler]:
    """How a step is described."""
    step: Callable[[Handler], Handler] = extend_schema(
        summary=summary,
        tags=[tag],
        request=takes,
        responses={status: gives, 409: OpenApiTypes.OBJECT},
        filters=False,
    )
    return step


def given_in(view: GenericAPIView[Any], takes: Input | None) -> Mapping[str, Any]:
    """What was sent, checked; 400 with the fields where it is wrong."""
    if takes is None:
        return {}
    given = takes(data=view.request.data, context=view.get_serializer_context())
    given.is_valid(raise_exception=True)
    values: Mapping[str, Any] = given.validated_data
    return values


class RecordsWithSteps(ReadOnlyModelViewSet[Record]):
    """Records that are read by staff and moved on by steps."""

    permission_classes = [ReadsTasks]
    lookup_value_regex = "[0-9]+"

    def made(self, name: str, may: May, takes: Input | None, run: Run, **values: Any) -> Response:
        """Take a step by its service, which knows the record as ``name``; the record as it has become."""
        actor, record = caller_of(self.request), self.get_object()
        may(actor, record)
        given = given_in(self, takes)
        run(actor=actor, at=timezone.now(), **{name: record}, **given, **values)
        return self.now()

    def now(self) -> Response:
        """The record as it is stored."""
        return Response(self.get_serializer(self.get_object()).data)

    def created(self, record: Record) -> Response:
        """A new record as it is stored."""
        stored = self.get_queryset().get(pk=record.pk)
        return Response(self.get_serializer(stored).data, status=201)
