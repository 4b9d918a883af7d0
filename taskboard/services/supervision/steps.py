"""What all steps of supervision share: evidence, the conflict of two people, messages."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from django.core.files.base import File
from django.db import models
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.models import Attachment
from foundation.services.attachments import attach_file
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import Department, User
from taskboard.acting import units_of
from taskboard.plausible import check_day
from taskboard.services.moving import moment, who
from taskboard.services.recipients import recipients_of
from taskboard.services.telling import tell_departments


class Event(Protocol):
    """A row of a history."""

    at: datetime
    actor: User | None
    department: Department | None

    def get_action_display(self) -> str:
        """What was done."""


def hang_evidence(
    actor: User | None, at: datetime, owner: models.Model, upload: "File[Any] | None", what: str
) -> Attachment:
    """The file that a step cannot do without, checked and hung on the record."""
    if upload is None:
        sentence = f"请附上{what}（照片、PDF 或办公文件）。"
        raise InvalidInput(sentence, fields={"file": [sentence]})
    return attach_file(actor=actor, at=at, owner=owner, upload=upload, permission="taskboard.view_task")


def conflict(last: Event | None, now: str, what: str) -> StateConflict:
    """Why a step is not possible any more: who did what last, and how it stands."""
    sentence = f"现在是“{now}”，不能{what}。请刷新页面查看。"
    if last is None:
        return StateConflict(sentence)
    done = f"{who(last.actor, last.department)}已于{moment(last.at)}办理“{last.get_action_display()}”"
    return StateConflict(f"{done}，{sentence}")


def require_day_ahead(day: date | None, at: datetime, field: str, what: str) -> date:
    """A deadline that is set today or later, in a year that somebody can mean."""
    check_day(day, field, what)
    sentence = ""
    if day is None:
        sentence = f"请填写{what}。"
    elif day < timezone.localdate(at):
        sentence = f"{what}不能早于今天。"
    if sentence or day is None:
        raise InvalidInput(sentence, fields={field: [sentence]})
    return day


def unit_among(actor: User | None, departments: Iterable[Department]) -> Department | None:
    """The actor's department among those that have to act."""
    keys = {unit.pk for unit in departments}
    return next((unit for unit in units_of(actor) if unit.pk in keys), None) if actor else None


def tell_units(
    departments: Iterable[Department],
    *,
    about: str,
    tier: str,
    subject: str,
    body: str,
    url: str,
    at: datetime,
) -> None:
    """A message to those who work for the departments."""
    keys = [unit.pk for unit in departments]
    tell_departments(departments=keys, about=about, tier=tier, subject=subject, body=body, url=url, at=at)


def tell_supervisors(*, about: str, tier: str, subject: str, body: str, url: str, at: datetime) -> None:
    """A message to all supervisors."""
    drafts = [
        Draft(
            about=about,
            tier=tier,
            recipient=person,
            topic=Topic.TASK,
            subject=subject,
            body=body,
            url=url,
            not_before=at,
        )
        for person in recipients_of(set()).supervisors
    ]
    queue_messages(drafts=drafts, at=at)


def in_words(day: date) -> str:
    """A day as written in sentences."""
    return f"{day.year}年{day.month}月{day.day}日"
