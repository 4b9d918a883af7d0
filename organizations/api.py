"""Departments and people as data: ``/api/v1/departments/`` and ``/api/v1/people/``."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.viewsets import ReadOnlyModelViewSet

from organizations.filters import DepartmentFilter, PersonFilter
from organizations.models import Department, Person


class DepartmentNameSerializer(serializers.ModelSerializer[Department]):
    """A department where another record mentions it."""

    class Meta:
        model = Department
        fields = ("slug", "name")


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A department with every name it is known by."""

    aliases: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = Department
        fields = ("slug", "name", "aliases", "kind")


class PersonSerializer(serializers.ModelSerializer[Person]):
    """A person with all posts; namesakes are told apart by ``id`` and posts."""

    posts: Any = serializers.SlugRelatedField(slug_field="title", many=True, read_only=True)

    class Meta:
        model = Person
        fields = ("id", "name", "posts")


@extend_schema_view(
    list=extend_schema(summary="部门与街道", description="在用的部门与街道。", tags=["部门与人员"]),
    retrieve=extend_schema(summary="一个部门", description="按代号查部门及其全部名称。", tags=["部门与人员"]),
)
class DepartmentViewSet(ReadOnlyModelViewSet[Department]):
    """Departments in use."""

    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    permission_classes = [AllowAny]
    filterset_class = DepartmentFilter
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    ordering_fields = {"slug": "slug", "name": "name", "kind": "kind", "order": "order"}
    ordering = ("order", "name")

    def get_queryset(self) -> QuerySet[Department]:
        """Those in use that the caller may see."""
        return Department.objects.active().visible_to(self.request.user).with_aliases()


@extend_schema_view(
    list=extend_schema(
        summary="人员", description="访客只见已发布记录提到的人员；同名者分列。", tags=["部门与人员"]
    ),
    retrieve=extend_schema(summary="一位人员", description="人员及其全部职务。", tags=["部门与人员"]),
)
class PersonViewSet(ReadOnlyModelViewSet[Person]):
    """People; for visitors those whom a published record names."""

    queryset = Person.objects.none()
    serializer_class = PersonSerializer
    permission_classes = [AllowAny]
    filterset_class = PersonFilter
    lookup_value_regex = "[0-9]+"
    ordering_fields = {"name": "name", "id": "pk"}
    ordering = ("name",)

    def get_queryset(self) -> QuerySet[Person]:
        """What the caller may see."""
        return Person.objects.visible_to(self.request.user).with_posts(self.request.user)
