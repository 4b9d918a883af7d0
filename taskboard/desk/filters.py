"""Filters of the supervisor's desk."""

import django_filters

from taskboard.filters import TaskFilter


class DeskFilter(TaskFilter):
    """``q list lead part as_of``; state and light follow from the queue."""

    part = django_filters.CharFilter(field_name="part", label="部分", max_length=120)


# What narrows the desk; the day does not.
NARROWING = ("q", "list", "lead", "part")
