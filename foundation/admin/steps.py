"""What somebody typed into a page of the admin, as a service takes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

REASON_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody wants a service to do; ``changed`` names the fields that differ."""

    actor: Any
    at: datetime
    values: Mapping[str, Any]
    changed: tuple[str, ...] = ()
    reason: str = ""

    def changes(self, *names: str) -> dict[str, Any]:
        """The changed ones of these fields with their new values."""
        return {name: self.values[name] for name in names if name in self.changed}

    def slugs(self, name: str) -> tuple[str, ...]:
        """The slugs of the records chosen in a field."""
        return tuple(record.slug for record in self.values[name])


def step_of(request: HttpRequest, form: Any) -> Step:
    """What a filled-in form asks for."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    changed = tuple(name for name in form.changed_data if name != "reason")
    return Step(request.user, timezone.now(), values, changed, form.cleaned_data.get("reason", ""))
