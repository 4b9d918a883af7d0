"""What the pages of the task board in the admin have in common."""

from foundation.admin import RecordAdmin

CHANGE = "taskboard.change_list"


class ListAdmin(RecordAdmin):
    """What belongs to task lists and ledgers."""

    may_view = CHANGE
