"""What other pages show of supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from organizations.models import User
from taskboard.acting import SUPERVISE
from taskboard.models import Finding, Listing, LookBack, Task
from taskboard.models.ledgers import LedgerRow
from taskboard.supervision.lights import Mark, finding_mark, listing_mark, look_back_mark
from taskboard.supervision.past import OPEN_FINDINGS
from taskboard.supervision.querysets import FindingQuerySet, ListingQuerySet, LookBackQuerySet


def listings_for_desk(user: User, moment: datetime | None = None) -> ListingQuerySet:
    """What stands under listed supervision, or did just before the moment, with matter and units, the
    earliest deadline first.
    """
    return Listing.objects.visible_to(user).standing(moment).with_matter().order_by("deadline", "pk")


def look_backs_for_desk(user: User, moment: datetime | None = None) -> LookBackQuerySet:
    """Closed tasks that wait to be looked at again, or did just before the moment, the longest due first."""
    rows: Any = LookBack.objects.visible_to(user).seen(moment)
    waiting: LookBackQuerySet = rows.filter(state_then=LookBack.State.OPEN)
    return waiting.select_related("task__task_list").order_by("due_on", "pk")


def findings_for_desk(user: User, moment: datetime | None = None) -> FindingQuerySet:
    """Rectifications that wait to be confirmed, then those that are due, the earliest deadline first; as
    they are, or as they were just before the moment.
    """
    rows: Any = Finding.objects.visible_to(user).seen(moment)
    waiting = rows.filter(state_then__in=OPEN_FINDINGS)
    ordered: FindingQuerySet = waiting.order_by("-state_then", "rectify_by_then", "pk")
    return ordered.select_related("department", "task", "inspection")


@dataclass(frozen=True, slots=True)
class Supervised:
    """Listed supervision, look-backs and findings of a task or an entry of a ledger."""

    listing: Listing | None
    mark: Mark | None
    listings: Sequence[Listing]
    look_backs: Sequence[tuple[LookBack, Mark]]
    findings: Sequence[tuple[Finding, Mark]]
    may_list: bool
    list_url: str

    @property
    def anything(self) -> bool:
        """Whether there is something to show or to do."""
        return bool(self.listings or self.look_backs or self.findings or self.may_list)


def supervision_of_task(task: Task, user: User, today: date) -> Supervised:
    """Of a task; three queries."""
    listings = list(task.listings.order_by("-listed_at", "-pk"))
    findings = list(task.findings.select_related("department").order_by("-found_at", "-pk"))
    look_backs = [
        (row, look_back_mark(row, today, [each for each in findings if each.look_back_id == row.pk]))
        for row in task.look_backs.order_by("-due_on", "-pk")
    ]
    running = task.state not in (Task.State.DRAFT, Task.State.CLOSED)
    standing = _standing(listings)
    return Supervised(
        listing=standing,
        mark=listing_mark(standing, today) if standing else None,
        listings=listings,
        look_backs=look_backs,
        findings=[(row, finding_mark(row, today)) for row in findings],
        may_list=standing is None and running and user.has_perm(SUPERVISE),
        list_url=f"{reverse('taskboard:listing_new')}?task={task.pk}",
    )


def supervision_of_row(row: LedgerRow, user: User, today: date) -> Supervised:
    """Of an entry of a ledger; one query."""
    listings = list(row.listings.order_by("-listed_at", "-pk"))
    standing = _standing(listings)
    signed = row.state == LedgerRow.State.SIGNED
    return Supervised(
        listing=standing,
        mark=listing_mark(standing, today) if standing else None,
        listings=listings,
        look_backs=(),
        findings=(),
        may_list=standing is None and signed and user.has_perm(SUPERVISE),
        list_url=f"{reverse('taskboard:listing_new')}?row={row.pk}",
    )


def _standing(listings: Sequence[Listing]) -> Listing | None:
    """The one that is on the list now; there is at most one."""
    return next((row for row in listings if row.state == Listing.State.LISTED), None)
