"""What the supervisor's desk tells besides the queues: today's reminders, and tasks that bulletins name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from foundation.publication import PUBLISHED
from notifications.models import Channel, Message, Topic
from organizations.models import User
from taskboard.models import BulletinTask, Task, TaskList
from taskboard.moves import OWING
from taskboard.services.reminders import ABOUT

SHOWN = 8
State = Message.State


@dataclass(frozen=True, slots=True)
class Reminded:
    """One due date of a list of which people were reminded on a day, each by one message."""

    task_list: TaskList
    due: date
    people: int
    waiting: int
    failed: int
    days: int

    @property
    def word(self) -> str:
        """How far the due date is."""
        if not self.days:
            return "今天到期"
        return f"还有 {self.days} 天" if self.days > 0 else f"逾期 {-self.days} 天"

    @property
    def light(self) -> str:
        """The shape that goes with the word."""
        return "red" if self.days < 0 else "yellow"


@dataclass(frozen=True, slots=True)
class Today:
    """Reminders of due dates, how many other messages about tasks there were, and named tasks."""

    reminded: Sequence[Reminded]
    others: int
    named: Sequence[BulletinTask]
    named_number: int


def today_of(user: User, day: date) -> Today:
    """For who may read the deliveries of tasks; five queries."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    sent = Message.objects.visible_to(user).filter(
        topic=Topic.TASK, not_before__gte=start, not_before__lt=start + timedelta(days=1)
    )
    sent = sent.exclude(state=State.CANCELLED)
    of_due = Q(about__startswith=f"{ABOUT}:")
    # A named task that was handed in or closed since has answered.
    named = BulletinTask.objects.filter(bulletin__publication=PUBLISHED, task__state__in=OWING)
    return Today(
        reminded=_reminded(sent.filter(of_due), day),
        others=sent.exclude(of_due).filter(channel=Channel.INBOX).count(),
        named=list(named.select_related("task__task_list", "bulletin").order_by("-at", "task")[:SHOWN]),
        named_number=Task.objects.filter(pk__in=named.values("task")).count(),
    )


def _reminded(messages: QuerySet[Message], day: date) -> list[Reminded]:
    waiting = Q(state__in=(State.PENDING, State.SENDING))
    counted = (
        messages.order_by()
        .values_list("about")
        .annotate(
            people=Count("recipient", distinct=True),
            waiting=Count("pk", filter=waiting),
            failed=Count("pk", filter=Q(state=State.FAILED)),
        )
    )
    rows = [(*_matter(about), *numbers) for about, *numbers in counted]
    lists = TaskList.objects.in_bulk({pk for pk, *_ in rows})
    found = [
        Reminded(lists[pk], due, people, pending, failed, (due - day).days)
        for pk, due, people, pending, failed in rows
        if pk in lists
    ]
    return sorted(found, key=lambda row: (row.due, row.task_list.title))


def _matter(about: str) -> tuple[int, date]:
    """List and due date out of the name of a reminder in the outbox."""
    _, task_list, due = about.split(":")
    return int(task_list), date.fromisoformat(due)
