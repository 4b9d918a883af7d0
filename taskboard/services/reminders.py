"""Reminders of due dates: one message a person, list, due date and tier."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from notifications.models import Message, Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import User
from taskboard.models import Task, TaskDepartment, TaskList
from taskboard.reminding import BEFORE, Tier, body_of, stands_until, subject_of, tier_on
from taskboard.services.recipients import recipients_of

State = Task.State
# Whose department has work to do; what was handed in waits for the supervisor, not for the lead.
REMINDED = (State.ISSUED, State.SIGNED, State.IN_PROGRESS, State.RETURNED)
ABOUT = "task-due"
SETTLED = "任务已办结、反馈或暂停"


class Bundle(NamedTuple):
    """What one message is about."""

    list_id: int
    due: date


@dataclass(frozen=True, slots=True)
class Item:
    """A task as far as a reminder says it."""

    pk: int
    title: str
    list_title: str


@transaction.atomic
def queue_task_reminders(*, on_day: date, at: datetime) -> int:
    """Write the reminders that stand on the day; returns how many messages are new.

    May run any number of times a day: a message that exists is left alone.
    What still waits of tasks that are done since is taken back.
    """
    drafts = _drafts_of(_items(on_day), on_day, at)
    _take_back(at, keep={(draft.about, draft.recipient.pk) for draft in drafts})
    return queue_messages(drafts=drafts, at=at)


def _drafts_of(items: Mapping[Bundle, Sequence[Item]], on_day: date, at: datetime) -> list[Draft]:
    leads = _leads_of(items)
    people = recipients_of({pk for units in leads.values() for pk in units})
    drafts: list[Draft] = []
    for bundle, tasks in items.items():
        tier = tier_on(bundle.due, on_day)
        if tier is None:
            continue
        told: dict[User, dict[int, Item]] = defaultdict(dict)
        for item in tasks:
            for unit in leads.get(item.pk, ()):
                for person in people.of(unit, head=tier.to_head, supervisor=tier.to_supervisor):
                    told[person][item.pk] = item
        drafts += _drafts(bundle, tier, told, on_day, at)
    return drafts


def about_due(list_id: int, due: date) -> str:
    """The name of a list's due date in the outbox."""
    return f"{ABOUT}:{list_id}:{due.isoformat()}"


def settle_due_reminders(*, task: Task, at: datetime) -> int:
    """Take back what waits of a due date once no task of its list is left to do by then."""
    return settle_due_date(list_id=task.task_list_id, due=task.effective_due_on, at=at)


def settle_due_date(*, list_id: int, due: date | None, at: datetime, why: str = SETTLED) -> int:
    """Take back what waits of a due date on which no task of the list is left to do."""
    if due is None or _running().filter(task_list=list_id, due=due).exists():
        return 0
    return cancel_messages(about=about_due(list_id, due), at=at, why=why)


def _running() -> QuerySet[Any]:
    """Tasks with a clock on which a department has to work."""
    issued = Task.objects.filter(task_list__state=TaskList.State.ISSUED, state__in=REMINDED)
    dated: QuerySet[Any] = issued.with_due()
    return dated.filter(due__isnull=False)


def _items(on_day: date) -> Mapping[Bundle, Sequence[Item]]:
    found: dict[Bundle, list[Item]] = defaultdict(list)
    ahead = date.fromordinal(min(on_day.toordinal() + BEFORE[0], date.max.toordinal()))
    rows = _running().filter(due__lte=ahead).order_by("task_list", "order")
    for pk, title, list_id, list_title, due in rows.values_list(
        "pk", "title", "task_list_id", "task_list__title", "due"
    ):
        found[Bundle(list_id, due)].append(Item(pk, title, list_title))
    return found


def _leads_of(items: Mapping[Bundle, Sequence[Item]]) -> Mapping[int, Sequence[int]]:
    """By task the departments that lead it."""
    leads: dict[int, list[int]] = defaultdict(list)
    if not items:
        return leads
    duties = TaskDepartment.objects.filter(role=TaskDepartment.Role.LEAD, task__state__in=REMINDED)
    rows = duties.filter(task__task_list__in={bundle.list_id for bundle in items}).order_by("task", "order")
    for task, department in rows.values_list("task", "department"):
        leads[task].append(department)
    return leads


def _drafts(
    bundle: Bundle, tier: Tier, told: Mapping[User, Mapping[int, Item]], on_day: date, at: datetime
) -> Iterator[Draft]:
    ends = timezone.make_aware(datetime.combine(stands_until(bundle.due, tier), time.min))
    for person, tasks in told.items():
        chosen = list(tasks.values())
        yield Draft(
            about=about_due(*bundle),
            tier=tier.code,
            recipient=person,
            topic=Topic.TASK,
            subject=subject_of(chosen[0].list_title, len(chosen), bundle.due, on_day),
            body=body_of([item.title for item in chosen], bundle.due),
            url=TaskList(pk=bundle.list_id).get_absolute_url(),
            not_before=at,
            # The next tier takes its place; one that could not be delivered until then is stale.
            expires_at=ends,
        )


def _take_back(at: datetime, keep: set[tuple[str, int]]) -> None:
    """Cancel what still waits for a person who has nothing left to do by a due date."""
    waiting = Message.objects.filter(about__startswith=f"{ABOUT}:", state=Message.State.PENDING)
    for message in waiting.select_related("recipient").order_by("pk"):
        if (message.about, message.recipient_id) not in keep:
            why = "任务已办结、反馈、暂停或延期"
            cancel_messages(about=message.about, at=at, why=why, recipient=message.recipient)
