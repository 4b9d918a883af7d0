"""Reminders of the deadlines that supervision sets: rectifications and listed supervision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from notifications.models import Topic
from notifications.services import Draft, queue_messages
from taskboard.models import Finding, Listing
from taskboard.reminding import Tier, stands_until, tier_on
from taskboard.services.recipients import Recipients, recipients_of
from taskboard.services.supervision.findings import about_finding
from taskboard.services.supervision.listings import about_listing


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that departments, by key, have to have done by a day."""

    about: str
    departments: Sequence[int]
    due: date
    what: str
    url: str


@transaction.atomic
def remind_of_deadlines(*, on_day: date, at: datetime) -> int:
    """Write the reminders that stand on the day, by the tiers of tasks; returns how many are new."""
    standing = [(deadline, tier) for deadline in _deadlines() if (tier := tier_on(deadline.due, on_day))]
    people = recipients_of({pk for deadline, _ in standing for pk in deadline.departments})
    drafts = [draft for each in standing for draft in _drafts(*each, people, on_day, at)]
    return queue_messages(drafts=drafts, at=at)


def _deadlines() -> Iterator[Deadline]:
    for finding in Finding.objects.rectifying().order_by("pk"):
        about, url = about_finding(finding), finding.get_absolute_url()
        yield Deadline(about, [finding.department_id], finding.rectify_by, f"整改：{finding.text}", url)
    for listing in Listing.objects.standing().with_matter().order_by("pk"):
        units = [department.pk for department in listing.departments]
        what = f"挂牌督办：{listing.matter}"
        yield Deadline(about_listing(listing), units, listing.deadline, what, listing.get_absolute_url())


def _drafts(
    deadline: Deadline, tier: Tier, people: Recipients, on_day: date, at: datetime
) -> Iterator[Draft]:
    told = {
        person.pk: person
        for unit in deadline.departments
        for person in people.of(unit, head=tier.to_head, supervisor=tier.to_supervisor)
    }
    left = (deadline.due - on_day).days
    when = f"还有 {left} 天到期" if left > 0 else "今天到期" if left == 0 else f"已逾期 {-left} 天"
    day = deadline.due
    for person in told.values():
        yield Draft(
            about=deadline.about,
            # Another deadline has reminders of its own.
            tier=f"{day.isoformat()}-{tier.code}",
            recipient=person,
            topic=Topic.TASK,
            subject=f"{when}：{deadline.what}",
            body=f"期限 {day.year}年{day.month}月{day.day}日。{deadline.what}",
            url=deadline.url,
            not_before=at,
            expires_at=timezone.make_aware(datetime.combine(stands_until(day, tier), time.min)),
        )
