"""Correcting what a task says, as on its page."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from foundation.errors import InvalidInput
from organizations.access import caller_of
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.api.steps import given_in
from taskboard.correcting.changes import WORDS, words_changed
from taskboard.correcting.rights import CHANGE
from taskboard.models import Task
from taskboard.services.correcting import correct_task
from taskboard.tasksheets.columns import DIVIDER, LONGEST, values_of
from taskboard.tasksheets.reading import check_values


def _name() -> serializers.CharField:
    return serializers.CharField(max_length=80)


class CorrectionInput(serializers.Serializer[Any]):
    """What is to be said instead; what is left out stays. ``due_on`` null inherits the list's end."""

    title = serializers.CharField(max_length=LONGEST["title"], required=False)
    text = serializers.CharField(max_length=LONGEST["text"], required=False, allow_blank=True)
    part = serializers.CharField(max_length=LONGEST["part"], required=False, allow_blank=True)
    subsection = serializers.CharField(max_length=LONGEST["subsection"], required=False, allow_blank=True)
    number = serializers.CharField(max_length=LONGEST["number"], required=False, allow_blank=True)
    lead = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, allow_empty=False
    )
    support = serializers.ListField(child=_name(), required=False)
    due_on = serializers.DateField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


def correct(view: Any, request: Request, task: Task) -> None:
    """Write what was sent; the same checks as on the page."""
    actor, at = caller_of(request), timezone.now()
    require(actor, CHANGE, "修改任务")
    given = given_in(view, CorrectionInput)
    directory = NameDirectory(actor=actor, at=at)
    changes = _changes(task, given, directory)
    correct_task(actor=actor, at=at, task=task, changes=changes, directory=directory, reason=given["reason"])


def _changes(task: Task, given: Mapping[str, Any], directory: NameDirectory) -> dict[str, Any]:
    before = values_of(task)
    sent = {name: given[name] for name in WORDS if name in given}
    texts = {name: DIVIDER.join(value) if isinstance(value, list) else value for name, value in sent.items()}

    def own(name: str) -> str | None:
        found = directory.find_department(name)
        return found.name if found else None

    after, errors = check_values({**before, **texts}, own, before)
    if errors:
        raise InvalidInput(" ".join(errors), fields={"non_field_errors": errors})
    changes = words_changed(task, before, after)
    if "due_on" in given and given["due_on"] != task.due_on:
        changes |= {"due_on": given["due_on"], "due_text": ""}
    if not changes:
        raise InvalidInput("没有改动。", fields={"non_field_errors": ["没有改动。"]})
    return changes
