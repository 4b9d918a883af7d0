"""Days as people hand them in through addresses and forms."""

import re
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_from(text: str | None) -> date | None:
    """The day of a text like 2022-08-29; None for anything else, so that a page falls back to its default."""
    if not text or not ISO_DAY.fullmatch(text.strip()):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


class SeenAsOf:
    """Beside a filter set with a field ``as_of``: the day on which the records are looked at."""

    form: Any

    @cached_property
    def day(self) -> date:
        """The day of ``as_of`` as the form has read it; today where it names none."""
        chosen: date | None = self.form.cleaned_data.get("as_of") if self._was_read() else None
        return chosen or timezone.localdate()

    def _was_read(self) -> bool:
        """Whether the form was handed anything; asking for its errors makes it read."""
        return self.form.is_bound and self.form.errors is not None

    def left_as_it_is(self, queryset: Any, name: str, value: date) -> Any:
        """The filter method of ``as_of``: the day leaves no record out."""
        return queryset
