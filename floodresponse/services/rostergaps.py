"""The alarm for places of the duty roster that nobody holds, each told once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from floodresponse.models import FloodWatch, Response
from floodresponse.roster.days import duty_day
from floodresponse.roster.reads import Gap, gaps, units_with_roster
from floodresponse.services.reminders import Recipients, recipients_for
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import User

# Tomorrow's gaps are told in the afternoon, while people can still be asked (待确认).
TELL_TOMORROW_FROM = time(16)
URL = "/flood/roster/?gaps=1"


@transaction.atomic
def alarm_gaps(*, at: datetime) -> int:
    """Tell units and the office of today's and tomorrow's gaps; returns how many gaps there are.

    Only while flood watch is on or a response is active. Keys of the messages
    make sure that each is told once, however often the clock comes round.
    """
    if FloodWatch.objects.running() is None and not Response.objects.real().active().exists():
        return 0
    local = timezone.localtime(at)
    today = duty_day(local)
    looked_at = [("today", today)]
    if local.time() >= TELL_TOMORROW_FROM:
        looked_at.append(("tomorrow", today + timedelta(days=1)))
    found = gaps(units_with_roster(at), [day for _, day in looked_at])
    people = recipients_for({gap.unit.pk for gap in found})
    drafts = [
        draft
        for tier, day in looked_at
        if (missing := [gap for gap in found if gap.day == day])
        for draft in _drafts(tier, day, missing, people, at)
    ]
    queue_messages(drafts=drafts, at=at)
    return len(found)


def _drafts(
    tier: str, day: date, missing: Sequence[Gap], people: Recipients, at: datetime
) -> Iterator[Draft]:
    by_unit: dict[int, list[Gap]] = defaultdict(list)
    for gap in missing:
        by_unit[gap.unit.pk].append(gap)
    when = f"{'今天' if tier == 'today' else '明天'}（{day:%m月%d日}）"
    for unit_gaps in by_unit.values():
        unit = unit_gaps[0].unit
        subject = f"{unit.name}{when}值班空缺：{_roles(unit_gaps)}"
        for user in _once(people.officers.get(unit.pk, ())):
            yield _draft(f"roster-gap:{day}:{unit.pk}", tier, user, subject, "请在值班表中补上人员。", at)
    lines = [f"{of_unit[0].unit.name}：{_roles(of_unit)}" for of_unit in by_unit.values()]
    for user in _once(people.office):
        subject = f"{when}{len(by_unit)} 个单位值班空缺"
        yield _draft(f"roster-gap:{day}", tier, user, subject, "\n".join(lines), at)


def _draft(about: str, tier: str, user: User, subject: str, body: str, at: datetime) -> Draft:
    return Draft(
        about=about,
        tier=tier,
        recipient=user,
        topic=Topic.FLOOD,
        subject=subject,
        body=body,
        url=URL,
        urgent=tier == "today",
        not_before=at,
    )


def _roles(missing: Sequence[Gap]) -> str:
    return "、".join(str(gap.role.label) for gap in missing)


def _once(users: Sequence[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())
