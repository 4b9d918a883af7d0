"""Days as people hand them in through addresses and forms."""

import re
from datetime import date

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_from(text: str | None) -> date | None:
    """The day of a text like 2022-08-29; None for anything else, so that a page falls back to its default."""
    if not text or not ISO_DAY.fullmatch(text.strip()):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
