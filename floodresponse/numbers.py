"""Telephone numbers: whole for those who work in the flood command, only their end for other staff."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from rest_framework import serializers

from floodresponse.services.resources import PRIVATE, masked
from floodresponse.standing import keeps_office, units_of
from organizations.visitors import Visitor

Row = TypeVar("Row", bound=models.Model)


def sees_numbers(user: Visitor) -> bool:
    """Whether the person calls others: the office, the commander, and who reports for a unit."""
    return keeps_office(user) or bool(units_of(user))


def for_reader(rows: Iterable[Row], user: Visitor) -> list[Row]:
    """The records as the person may read them: to be shown, never to be saved."""
    found = list(rows)
    if not sees_numbers(user):
        for row in found:
            for name in PRIVATE & set(vars(row)):
                setattr(row, name, masked(getattr(row, name)))
    return found


class NumbersForReader(serializers.Serializer[Any]):
    """A serializer of records with telephone numbers, as its reader may see them."""

    def to_representation(self, instance: Any) -> Any:
        """Numbers masked for whoever does not work in the flood command."""
        shown = super().to_representation(instance)
        if not sees_numbers(self.context["request"].user):
            for name in PRIVATE & set(shown):
                shown[name] = masked(shown[name])
        return shown
