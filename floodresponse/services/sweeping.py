"""The automatic assessment: looks again and again, keeps a row for each result that differs.

A recommendation above the declared level is told to the office and the
commanders at once and again while nobody decides: nobody stares at a screen at
three in the morning. That nothing can be judged takes back none of it.
"""

from datetime import datetime, timedelta

from django.db import transaction

from floodresponse.keptlevels import newest_kept, stands
from floodresponse.models import LevelRecord, Recommendation, Response
from floodresponse.services.deciding import recommendation_at
from floodresponse.services.reminders import recipients_for
from floodresponse.wording import level_words
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages

LONGEST_ERROR = 300
UNABLE = "flood-recommendation:unable"
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
        judged = _latest_judged()
        now.save()
        failed_before = latest is not None and bool(latest.error)
        if now.error and not failed_before:
            _tell_unable(now)
        elif not now.error:
            if failed_before:
                cancel_messages(about=UNABLE, at=now.begins_at, why="已恢复研判")
            if judged is None or judged.level != now.level:
                _tell(now, judged)
        return now
    # A clock that was set back must be followed too, or the heartbeat would seem to have stopped.
    latest.seen_at = now.seen_at
    Recommendation.objects.filter(pk=latest.pk).update(seen_at=now.seen_at)
    judged = _latest_judged()
    if judged is not None and not _is_undecided(judged.level):
        cancel_messages(about=_about(judged.level), at=now.seen_at, why="已作出决定")
    return latest


def _latest_judged() -> Recommendation | None:
    return Recommendation.objects.filter(error="").first()


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


def _tell_unable(now: Recommendation) -> None:
    """The office, once for each failure however its reason changes: nobody warns it meanwhile."""
    drafts = [
        Draft(
            about=UNABLE,
            tier=f"{now.pk}",
            recipient=user,
            topic=Topic.FLOOD,
            subject="系统无法研判响应级别，请人工研判",
            body=f"{now.error}\n恢复之前，此前的推荐和提醒继续有效。",
            url="/flood/",
            urgent=True,
            not_before=now.begins_at,
        )
        for user in recipients_for(()).office
    ]
    queue_messages(drafts=drafts, at=now.begins_at)


def _about(level: int | None) -> str:
    return f"flood-recommendation:{level or 0}"


def _is_undecided(level: int | None) -> bool:
    """Whether a level is recommended, no real response stands at it or above, and nobody decided since."""
    if level is None:
        return False
    real = LevelRecord.objects.filter(response__in=Response.objects.real())
    if real.filter(since__gte=_begin_of(level)).exists():
        # A decision below the recommendation has its reason on record: it is a decision all the same.
        return False
    active = real.filter(response__in=Response.objects.active())
    declared = active.order_by("-sequence").first()
    response_id, since = (declared.response_id, declared.since) if declared else (None, None)
    if stands(newest_kept(exercise=False), response_id=response_id, since=since, recommended=level):
        return False
    return declared is None or declared.level is None or level < declared.level


def _begin_of(level: int) -> datetime:
    """Since when the level that is recommended now has been, whatever else changed and failed meanwhile."""
    judged = Recommendation.objects.filter(error="")
    other = judged.exclude(level=level).values_list("pk", flat=True).first()
    return judged.filter(pk__gt=other or 0).order_by("pk").values_list("begins_at", flat=True)[0]
