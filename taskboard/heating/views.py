"""The heating season in the browser: what is demanded of whom, and how far it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from directives.models import Directive
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard.boards import light_of
from taskboard.heating.season import Group, Season, current_season
from taskboard.lights import Light
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.looks import Look, look_of
from taskboard.models import Task, TaskList
from taskboard.services.content import TargetContent
from taskboard.services.heating import create_heating_list
from taskboard.targets import Standing, standing_of, with_reached
from taskboard.views.reading import PERMISSION

READING = "查看采暖期清单"


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A quantity and how far it is; None before there is a list."""

    content: TargetContent
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as the notice has it, with its task once there is a list."""

    title: str
    units: Sequence[str]
    provisional: bool
    task: Task | None
    light: Light | None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A duty group."""

    group: Group
    duties: Sequence[DutyLine]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(PERMISSION, READING)
def heating(request: StaffRequest) -> HttpResponse:
    """The season as of a day; by a press its list is made."""
    season, look = current_season(), look_of(request)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            made = create_heating_list(actor=request.user, at=timezone.now(), season=season)
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            notes.success(request, "已建立采暖期清单，未下发前不计时。")
            return redirect(made)
    found = _list_of(request, season)
    tasks = _tasks_of(found, look)
    if look.moment is not None and not tasks:
        # What had not been issued yet did not run.
        found = None
    context = {
        "season": season,
        "notice": Directive.objects.visible_to(request.user)
        .filter(title__endswith=season.directive)
        .order_by("pk")
        .first(),
        "task_list": found,
        "groups": [_group_line(group, tasks, look) for group in season.groups],
        "targets": _target_lines(season, tasks),
        "may_make": found is None and look.moment is None and request.user.has_perm("taskboard.change_list"),
        "refusal": refusal,
        **look.context(),
    }
    return render(request, "taskboard/heating.html", context, status=status)


def _list_of(request: StaffRequest, season: Season) -> TaskList | None:
    lists = TaskList.objects.visible_to(request.user).filter(title=season.title)
    return lists.filter(directive__title__endswith=season.directive).order_by("pk").first()


def _tasks_of(found: TaskList | None, look: Look) -> dict[str, Task]:
    """The tasks by title; one that was renamed stands under its own list only."""
    if found is None:
        return {}
    tasks: Iterable[Task] = (
        found.tasks.select_related("task_list")
        .prefetch_related(WITH_DUTIES, with_reached(look.moment))
        .seen(look.day, look.today)
    )
    return {task.title: task for task in tasks}


def _group_line(group: Group, tasks: dict[str, Task], look: Look) -> GroupLine:
    duties = []
    for duty in group.duties:
        task = tasks.get(duty.content.title)
        units = [unit.name for unit in (*duty.content.lead, *duty.content.support)]
        light = light_of(task, look.day) if task else None
        duties.append(DutyLine(duty.content.title, units, duty.provisional, task, light))
    return GroupLine(group, duties)


def _target_lines(season: Season, tasks: dict[str, Task]) -> list[TargetLine]:
    standing = {target.name: standing_of(target) for task in tasks.values() for target in task.targets.all()}
    return [TargetLine(target, standing.get(target.name)) for target in season.targets]
