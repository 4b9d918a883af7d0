"""The automatic assessment: looks again and again, keeps a row for each result that differs.

A recommendation above the declared level is told to the office and the
commanders at once and again while nobody decides: nobody stares at a screen at
three in the morning.
"""

from datetime import datetime, timedelta

from django.db import transaction

from floodresponse.models import LevelRecord, Recommendation, Response
from floodresponse.services.deciding import recommendation_at
from floodresponse.services.reminders import recipients_for
from floodresponse.wording import level_words
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages

LONGEST_ERROR = 300
# 待确认: told at once, and again after so long while nobody decides.
TOLD_AFTER = (timedelta(), timedelta(minutes=5), timedelta(minutes=10))


def keep_assessing(*, at: datetime) -> Recommendation:
    """Assess now; a new row where the result differs from the latest, else only the time of looking."""
    level, found = recommendation_at(at)
    now = Recommendation(
        begins_at=at,
        seen_at=at,
        level=level,
        silent=sorted(found.get("silent", [])),
        error=str(found.get("error", ""))[:LONGEST_ERROR],
        found=found,
    )
    return _keep(now)


@transaction.atomic
def _keep(now: Recommendation) -> Recommendation:
    latest = Recommendation.objects.select_for_update().first()
    if latest is None or not latest.same_as(now):
        now.save()
        if latest is None or latest.level != now.level:
            _tell(now, latest)
        return now
    # A clock that was set back must be followed too, or the heartbeat would seem to have stopped.
    latest.seen_at = now.seen_at
    Recommendation.objects.filter(pk=latest.pk).update(seen_at=now.seen_at)
    if not _is_undecided(latest.level):
        cancel_messages(about=_about(latest.level), at=now.seen_at, why="已按推荐或以上级别决定")
    return latest


def _tell(now: Recommendation, before: Recommendation | None) -> None:
    """Of a rise above the declared level; whatever was said of the result before is over."""
    if before is not None:
        cancel_messages(about=_about(before.level), at=now.begins_at, why="推荐级别已变")
    if not _is_undecided(now.level):
        return
    people = recipients_for(())
    told = {user.pk: user for user in (*people.office, *people.commanders)}.values()
    subject = f"系统推荐{level_words(now.level)}，高于现行级别，请决定"
    drafts = [
        Draft(
            about=_about(now.level),
            tier=f"{number}-{now.pk}",
            recipient=user,
            topic=Topic.FLOOD,
            subject=subject,
            body="依据见指挥屏。系统只作建议，级别由人宣布。",
            url="/flood/",
            urgent=True,
            not_before=now.begins_at + after,
        )
        for number, after in enumerate(TOLD_AFTER, 1)
        for user in told
    ]
    queue_messages(drafts=drafts, at=now.begins_at)


def _about(level: int | None) -> str:
    return f"flood-recommendation:{level or 0}"


def _is_undecided(level: int | None) -> bool:
    """Whether a level is recommended and no real response stands at it or above."""
    if level is None:
        return False
    active = LevelRecord.objects.filter(response__in=Response.objects.real().active())
    declared = active.order_by("-sequence").values_list("level", flat=True).first()
    return declared is None or level < declared
