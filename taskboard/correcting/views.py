"""Changing what a task says, with its due date by working days."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.errors import DomainError, PermissionRefused, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.services import NameDirectory
from taskboard import duedates
from taskboard.correcting.changes import WORDS, words_changed
from taskboard.correcting.forms import INHERIT, OWN, WORKDAYS, CorrectForm, NewTaskForm
from taskboard.correcting.rights import CHANGE, correctable
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.models import Task, TaskList
from taskboard.services.correcting import correct_task, due_by_workdays
from taskboard.services.tasksheets import add_line
from taskboard.tasksheets.columns import FIELDS, values_of
from taskboard.tasksheets.previews import names_for
from taskboard.tasksheets.reading import check_values


@staff_page(CHANGE, "增加任务")
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft task at the end of a list."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = NewTaskForm(*((request.POST,) if request.method == "POST" else ()))
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            added = _added(request, found, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            if added:
                notes.success(request, "已增加任务，排在清单最后，未下发。")
                if "more" in request.POST:
                    return redirect("taskboard:add_task", pk=found.pk)
                return redirect(found)
    return render(request, "taskboard/add_task.html", {"task_list": found, "form": form}, status=status)


def _added(request: StaffRequest, found: TaskList, form: NewTaskForm) -> bool:
    """Write the task; False where the form was found wrong on the way."""
    given = form.cleaned_data
    due = given["due_on"].isoformat() if given["due_on"] else ""
    typed = {**dict.fromkeys(FIELDS, ""), **{name: given[name].strip() for name in WORDS}, "due_on": due}
    values, errors = check_values(typed, names_for(request.user))
    if errors:
        for sentence in errors:
            form.add_error(None, sentence)
        return False
    add_line(actor=request.user, at=timezone.now(), task_list=found, values=values)
    return True


@staff_page(CHANGE, "修改任务")
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Look at what the task says and change it; a corrected task says why."""
    tasks = Task.objects.visible_to(request.user).select_related("task_list")
    task = get_object_or_404(tasks.prefetch_related(WITH_DUTIES), pk=pk)
    if not correctable(task, request.user):
        if task.state == Task.State.CLOSED:
            raise StateConflict("任务已办结，不能更正；确需更正的请先重新办理。")
        raise PermissionRefused("任务已下发，只有督查人员可以更正。")
    form = CorrectForm(*((request.POST,) if request.method == "POST" else ()), task=task)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            said = _corrected(request, task, form)
        except DomainError as refusal:
            status = refusal.status
            for field, sentences in refusal.fields.items():
                form.add_error(field if field in form.fields else None, sentences)
            if not refusal.fields:
                form.add_error(None, refusal.message)
        else:
            if said is not None:
                notes.success(request, said)
                return redirect(task)
    return render(request, "taskboard/correct.html", {"task": task, "form": form}, status=status)


def _corrected(request: StaffRequest, task: Task, form: CorrectForm) -> str | None:
    """Write the changes and say what was done; None where the form was found wrong on the way."""
    given = form.cleaned_data
    before = values_of(task)
    typed = {**before, **{name: given[name].strip() for name in WORDS}}
    checked, errors = check_values(typed, names_for(request.user), before)
    if errors:
        for sentence in errors:
            form.add_error(None, sentence)
        return None
    changes = words_changed(task, before, checked)
    due, said = _due(task, given)
    changes |= due
    if not changes:
        form.add_error(None, "没有改动。")
        return None
    at = timezone.now()
    directory = NameDirectory(actor=request.user, at=at)
    correct_task(
        actor=request.user,
        at=at,
        task=task,
        changes=changes,
        directory=directory,
        reason=given.get("reason", ""),
        seen=given["seen"],
    )
    return said or "已修改。"


def _due(task: Task, given: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The change of the due date, and how it was reckoned in a sentence."""
    if given["kind"] == WORKDAYS:
        asked = {"trigger_on": given["trigger_on"], "days": given["days"], "clause": given["clause"]}
        if tuple(asked.values()) == (task.trigger_on, task.trigger_days, task.trigger_clause):
            return {}, ""
        changes, count = due_by_workdays(**asked)
        return {**changes, "due_text": ""}, duedates.in_a_sentence(count, changes["trigger_clause"])
    due = given["due_on"] if given["kind"] == OWN else None
    if due == task.due_on and (task.trigger_on is None or given["kind"] == INHERIT):
        return {}, ""
    return {"due_on": due, "due_text": ""}, ""
