"""Figures that the documents do not print; our reading, shown as 待确认 (domain.md 4)."""

# Days after its closing when a task is looked at again, where its list says nothing else.
LOOK_BACK_DAYS = 30
# The longest that a list may set; 0 means that its tasks are not looked at again.
MOST_LOOK_BACK_DAYS = 365


def look_back_days(own: int | None) -> int:
    """The days that a list goes by."""
    return LOOK_BACK_DAYS if own is None else own
