"""The lists that the command post keeps, as data: teams, experts, key places, shelters, drills, minimums.

Each is described once in ``resources/registers.py``; serializer, filters and
views follow from there, and the writes are the services behind the pages.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ValidationError as Invalid
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from floodresponse.api.access import SeesCommandPost
from floodresponse.api.responses import CONFLICT
from floodresponse.models import Response as FloodResponse
from floodresponse.models import Shelter
from floodresponse.numbers import NumbersForReader
from floodresponse.resources.forms import MAX_WORDS
from floodresponse.resources.registers import REGISTERS, Register
from floodresponse.services.resources import OWNERS, add_resource, change_resource, remove_resource
from floodresponse.services.resources import PERMISSION as KEEPING
from organizations.access import caller_of
from organizations.models import Department
from organizations.permissions import require

TAGS = ["防内涝"]
Row = Any


class RemovalSerializer(serializers.Serializer[Any]):
    """Why it is taken off the list."""

    reason = serializers.CharField(max_length=200)


def serializer_of(register: Register) -> type[serializers.ModelSerializer[Row]]:
    """The fields of the page; units and streets by their slug, other records by their number."""
    names = ("id", *register.fields)
    declared: dict[str, Any] = {
        name: _by_slug(register, name) for name in register.fields if name in OWNERS
    } | {name: _by_number(register, name) for name in register.fields if name in BY_NUMBER}
    # What is there already is told by the services, with a sentence.
    meta = type("Meta", (), {"model": register.model, "fields": names, "validators": ()})
    made = type(
        f"{register.model.__name__}Serializer",
        (NumbersForReader, serializers.ModelSerializer),
        {"__doc__": f"A line of the list {register.key}.", "Meta": meta, **declared},
    )
    return made


BY_NUMBER: Mapping[str, type[models.Model]] = {"shelter": Shelter, "response": FloodResponse}


def _by_slug(register: Register, name: str) -> Any:
    field: Any = register.model._meta.get_field(name)
    single = Department.objects.active().exclude(kind=Department.Kind.COLLECTIVE)
    streets = Q(kind=Department.Kind.STREET) if name == "street" else Q()
    more: dict[str, Any] = {"allow_null": True, "required": False} if field.null else {}
    return serializers.SlugRelatedField(slug_field="slug", queryset=single.filter(streets), **more)


def _by_number(register: Register, name: str) -> Any:
    rows = BY_NUMBER[name]._default_manager.all()
    return serializers.PrimaryKeyRelatedField(queryset=rows, allow_null=True, required=False)


def filter_of(register: Register) -> type[django_filters.FilterSet]:
    """``q``, the owner's slug under its own name, and the choices of the list."""

    def with_words(self: Any, queryset: QuerySet[Row], name: str, value: str) -> QuerySet[Row]:
        for word in value.split()[:MAX_WORDS]:
            found = Q()
            for place in register.searched(self.request.user):
                found |= Q(**{f"{place}__icontains": word})
            queryset = queryset.filter(found)
        return queryset

    owner: Any = register.model._meta.get_field(register.owner)
    conditions: dict[str, Any] = {
        "q": django_filters.CharFilter(label="查找", max_length=60, method="with_words"),
        register.owner: django_filters.CharFilter(
            field_name=f"{register.owner}__slug", label=str(owner.verbose_name), max_length=80
        ),
    }
    for name in register.choices:
        field: Any = register.model._meta.get_field(name)
        conditions[name] = django_filters.ChoiceFilter(choices=field.choices, label=str(field.verbose_name))
    meta = type("Meta", (), {"model": register.model, "fields": ()})
    body = {"__doc__": "Conditions of the list.", "Meta": meta, "with_words": with_words, **conditions}
    return type(f"{register.model.__name__}Filter", (django_filters.FilterSet,), body)


class RegisterViewSet(ReadOnlyModelViewSet[Row]):
    """A list: read by staff, kept by the unit or street that a line belongs to, or by the office."""

    register: ClassVar[Register]
    permission_classes = [SeesCommandPost]
    lookup_value_regex = "[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Row]:
        """What the caller may see."""
        if not self.request.user.has_perm(self.register.permission):
            return self.register.model._default_manager.none()
        return self.register.rows(self.request.user)

    def create(self, request: Request) -> Response:
        """A new line."""
        actor = caller_of(request)
        require(actor, KEEPING, f"登记{self.register.title}")
        given = self.get_serializer(data=request.data)
        given.is_valid(raise_exception=True)
        record = self.register.model(**given.validated_data)
        _check(record)
        add_resource(actor=actor, record=record, at=timezone.now())
        return Response(self.get_serializer(record).data, status=201)

    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Some fields of a line; nothing that differs is no error."""
        record, actor = self.get_object(), caller_of(request)
        require(actor, KEEPING, f"登记{self.register.title}")
        given = self.get_serializer(record, data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        changed = self.register.model._default_manager.get(pk=record.pk)
        for name, value in given.validated_data.items():
            setattr(changed, name, value)
        _check(changed)
        values = dict(given.validated_data)
        change_resource(actor=actor, record=record, values=values, at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    def remove(self, request: Request, pk: str | None = None) -> Response:
        """Off the list, with a reason."""
        record, actor = self.get_object(), caller_of(request)
        require(actor, KEEPING, f"登记{self.register.title}")
        given = RemovalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reason = given.validated_data["reason"]
        remove_resource(actor=actor, record=record, reason=reason, at=timezone.now())
        return Response(status=204)


def _check(record: models.Model) -> None:
    """As the page's form: choices and numbers; whether it is there already is told by the service."""
    try:
        record.clean_fields()
    except Invalid as refusal:
        raise ValidationError(refusal.message_dict) from None


def viewset_of(
    register: Register, base: type[RegisterViewSet] = RegisterViewSet, described: str = ""
) -> type[RegisterViewSet]:
    """The views of a list, described in the field's own words."""
    title, serializer = register.title, serializer_of(register)
    columns = register.columns
    body = {
        "__doc__": base.__doc__,
        "register": register,
        "queryset": register.model._default_manager.none(),
        "serializer_class": serializer,
        "filterset_class": filter_of(register),
        "ordering_fields": {column.name: column.order for column in columns} | {"id": "pk"},
        "ordering": tuple(name for name in register.fields if name in register.identity),
        # Its own copy, so that each list is described by itself.
        "remove": _removing(serializer, title),
        "create": _described(base.create, f"登记{title}", serializer, 201),
        "partial_update": _described(base.partial_update, f"修改{title}", serializer, 200),
    }
    made = type(f"{register.model.__name__}ViewSet", (base,), body)
    described_as: Any = extend_schema_view(
        list=extend_schema(summary=title, description=described, tags=TAGS),
        retrieve=extend_schema(summary=f"{title}中的一条", tags=TAGS),
    )(made)
    found: type[RegisterViewSet] = described_as
    return found


def _described(method: Any, summary: str, serializer: Any, status: int) -> Any:
    def described(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer: Response = method(self, request, *args, **kwargs)
        return answer

    described.__doc__ = method.__doc__
    words = "由所属单位、街道或防涝办办理。"
    return extend_schema(
        summary=summary, description=words, tags=TAGS, responses={status: serializer, **CONFLICT}
    )(described)


def _removing(serializer: Any, title: str) -> Any:
    def remove(self: RegisterViewSet, request: Request, pk: str | None = None) -> Response:
        return RegisterViewSet.remove(self, request, pk)

    remove.__doc__ = RegisterViewSet.remove.__doc__
    described = extend_schema(
        summary=f"删除{title}中的一条",
        description="须写明理由；已有记录引用的不能删除。",
        tags=TAGS,
        request=RemovalSerializer,
        responses={204: None, **CONFLICT},
    )(remove)
    return action(detail=True, methods=["post"])(described)


# By the last part of the address; households have steps of their own.
LISTS = {key: viewset_of(register) for key, register in REGISTERS.items() if key != "households"}
