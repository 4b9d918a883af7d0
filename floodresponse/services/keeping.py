"""Keeping the level although another is recommended (维持): a decision with its reason, on record.

Nothing follows from it outside the command post: no siren, message or alert.
It stands as long as the same recommendation holds without a break; then the
screen asks again.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from floodresponse.keptlevels import newest_kept, stands
from floodresponse.models import KeptLevel, LevelRecord, Response
from floodresponse.services.deciding import (
    LONGEST_NAME,
    PERMISSION,
    SHORTEST_REASON,
    already_active,
    check_lengths,
    last_record,
    queue_up,
    recommendation_at,
)
from floodresponse.wording import kept_words, level_words
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Which recommendation is not followed (None: that of no level), why, on whose word."""

    declined: int | None
    reason: str
    authorised_by: str = ""


@transaction.atomic
def keep_level(
    *, actor: User, at: datetime, keeping: Keeping, response: Response | None, seen: int | None = None
) -> KeptLevel:
    """Keep the level of a response; with none, leave it at that although a level is recommended.

    Raises StateConflict when the page was stale (``seen`` as for an adjustment),
    the recommendation has changed, agrees with the level or was declined
    already; InvalidInput without a reason.
    """
    require(actor, PERMISSION, "维持应急响应级别")
    _check(keeping)
    last = _holding(response, seen, at)
    exercise = response.exercise if response else False
    recommended, found = recommendation_at(at, exercise=exercise)
    _check_recommended(keeping.declined, recommended, last, str(found.get("error", "")))
    _refuse_a_second(response, last, recommended, exercise=exercise)
    kept = KeptLevel.objects.create(
        response=response,
        exercise=exercise,
        level=last.level if last else None,
        decided_at=at,
        decided_by=actor,
        authorised_by=keeping.authorised_by.strip() or str(actor)[:LONGEST_NAME],
        reason=keeping.reason.strip(),
        recommended=recommended,
        recommendation=found,
    )
    record_change(
        actor=actor,
        action="flood_response.keep",
        target=kept,
        at=at,
        after={
            "level": kept.level,
            "recommended": recommended,
            "authorised_by": kept.authorised_by,
            "exercise": exercise,
        },
        reason=kept.reason,
    )
    return kept


def _holding(response: Response | None, seen: int | None, at: datetime) -> LevelRecord | None:
    """The level that holds; raises StateConflict when somebody decided meanwhile."""
    if response is not None:
        return last_record(response, seen, at)
    queue_up()
    active = Response.objects.real().active().first()
    if active is not None:
        raise StateConflict(f"{already_active(active)}，没有登记。请刷新页面再定。")
    return None


def _check_recommended(
    declined: int | None, recommended: int | None, last: LevelRecord | None, error: str
) -> None:
    if error:
        raise StateConflict(
            f"目前无法研判（{error.rstrip('。')}），没有可以不采纳的推荐。级别不变，不必登记。"
        )
    if recommended != declined:
        words = f"推荐已由{_recommended(declined)}变为{_recommended(recommended)}"
        raise StateConflict(f"页面打开之后，{words}，没有登记。请刷新页面，按新的推荐再定。")
    if recommended == (last.level if last else None):
        raise StateConflict("推荐与现行一致，没有需要维持的，没有登记。")


def _refuse_a_second(
    response: Response | None, last: LevelRecord | None, recommended: int | None, *, exercise: bool
) -> None:
    kept = newest_kept(exercise=exercise)
    response_id, since = (response.pk, last.since) if response and last else (None, None)
    if kept and stands(kept, response_id=response_id, since=since, recommended=recommended):
        words = (
            f"{kept.decided_by} 已于 {timezone.localtime(kept.decided_at):%H:%M} 决定{kept_words(kept.level)}"
        )
        raise StateConflict(f"{words}，没有重复登记。请刷新页面查看。")


def _check(keeping: Keeping) -> None:
    if len(keeping.reason.strip()) < SHORTEST_REASON:
        sentence = f"不采纳推荐，请写明理由（不少于 {SHORTEST_REASON} 字）。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    check_lengths(keeping.reason, keeping.authorised_by)


def _recommended(level: int | None) -> str:
    return level_words(level) if level else "未达 IV 级"
