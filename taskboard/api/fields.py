"""Fields that several forms of the interface share."""

from typing import Any

from rest_framework import serializers

from organizations.models import Department


def department_field(**options: Any) -> "serializers.SlugRelatedField[Department]":
    """A department by its slug, as ``departments/`` names it."""
    return serializers.SlugRelatedField("slug", queryset=Department.objects.active(), **options)
