"""Tasks in the search."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from organizations.visitors import Visitor
from taskboard.models import Task, TaskDepartment
from zalantun.search.rows import Row, any_form, any_text
from zalantun.snippets import highlighted, passage
from zalantun.words import Days, Word


def holding(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    """Tasks that hold all words or are due on the days they name, list by list."""
    for word in words:
        found = found.filter(any_form(word, _holding_form) | _due_on(word.days))
    return found.select_related("task_list").order_by("task_list", "order")


def _holding_form(form: str) -> Q:
    duties = TaskDepartment.objects.filter(
        Q(department__name__icontains=form) | Q(printed_name__icontains=form), task=OuterRef("pk")
    )
    own = Q(title__icontains=form) | Q(text__icontains=form)
    place = Q(part__icontains=form) | Q(subsection__icontains=form)
    return own | place | Q(Exists(duties))


def _due_on(days: Days | None) -> Q:
    if days is None:
        return Q(pk__in=[])
    if days.any_year:
        return Q(due__month=days.first.month, due__day=days.first.day)
    return Q(due__range=(days.first, days.last))


def rows(tasks: Sequence[Task], words: Sequence[str]) -> list[Row]:
    """Each with its state and list."""
    return [
        Row(
            "tasks",
            highlighted(task.title, words),
            passage(any_text((task.text, task.part, task.subsection), words, task.text), words),
            task.get_absolute_url(),
            task.effective_due_on,
            f"{task.get_state_display()}，{task.task_list.title}",
        )
        for task in tasks
    ]
