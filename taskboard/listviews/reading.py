"""What the views of a list have in common: the list, its tasks filtered and sorted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, OrderBy, Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone

from organizations.access import StaffRequest
from taskboard.filters import TaskFilter
from taskboard.models import TaskDepartment, TaskList
from taskboard.overviews import overview_of
from taskboard.pasttasks import moment_of
from taskboard.querysets import TaskQuerySet

PRINTED = "order"
WITH_DUTIES = Prefetch("duties", TaskDepartment.objects.select_related("department"))
# By the word in the address: what it is called, and by what the database sorts; printed order last.
SORTS: Mapping[str, tuple[str, Sequence[OrderBy]]] = {
    PRINTED: ("印发次序", (F("order").asc(),)),
    "due": ("时限，早的在前", (F("due").asc(nulls_last=True), F("order").asc())),
    "-due": ("时限，晚的在前", (F("due").desc(nulls_last=True), F("order").asc())),
    "-percent": ("进度，高的在前", (F("done").desc(), F("order").asc())),
    "percent": ("进度，低的在前", (F("done").asc(), F("order").asc())),
    "title": ("标题", (F("title").asc(), F("order").asc())),
    "-updated": ("最近变动", (F("updated_at").desc(), F("order").asc())),
}
OF_THE_PAGE = frozenset({"as_of", "list"})


@dataclass(frozen=True)
class Listed:
    """A list as a reader asked for it."""

    request: StaffRequest
    task_list: TaskList
    filter: TaskFilter

    @property
    def sort(self) -> str:
        """The word of the order; the printed one where the address names none that is known."""
        asked = self.request.GET.get("sort", "")
        return asked if asked in SORTS else PRINTED

    @property
    def ordering(self) -> Sequence[OrderBy]:
        """By what the database sorts."""
        return SORTS[self.sort][1]

    @cached_property
    def tasks(self) -> TaskQuerySet:
        """The tasks that pass the filters, in the order asked for, with ``due`` and ``light``."""
        found: TaskQuerySet = self.filter.qs
        return found.order_by(*self.ordering)

    @property
    def moment(self) -> datetime | None:
        """The end of the past day that is looked at; None for today."""
        return moment_of(self.filter.day, timezone.localdate())

    @property
    def filtered(self) -> bool:
        """Whether the filters may leave something out."""
        return any(self.request.GET.get(name) for name in self.filter.filters if name not in OF_THE_PAGE)

    def context(self) -> dict[str, Any]:
        """What the frame of every view shows."""
        return {
            "task_list": self.task_list,
            "form": self.filter.form,
            "filtered": self.filtered,
            "sorts": [(key, words) for key, (words, _) in SORTS.items()],
            "sort": self.sort,
            "as_of": self.filter.day,
            "past": self.moment is not None,
            "today": timezone.localdate(),
            "may_issue": self.moment is None and self.request.user.has_perm("taskboard.issue_list"),
            "may_change": self.moment is None and self.request.user.has_perm("taskboard.change_list"),
            **overview_of(self.task_list, self.filter.day),
        }


def listed(request: StaffRequest, pk: int) -> Listed:
    """The list of an address; 404 where the reader sees none."""
    lists = TaskList.objects.visible_to(request.user).select_related("directive", "made_by")
    found = get_object_or_404(lists, pk=pk)
    tasks = found.tasks.visible_to(request.user).select_related("task_list").prefetch_related(WITH_DUTIES)
    return Listed(request, found, TaskFilter(request.GET, queryset=tasks, request=request))
