"""The latest decision not to follow a recommendation (维持), and whether it still answers it."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from floodresponse.models import KeptLevel, Recommendation

NONE = 0
PREFIX = "kept_"
FIELDS = ("response_id", "exercise", "level", "recommended", "decided_at", "authorised_by", "reason")
OUTDATED = "outdated"


def newest_kept(*, exercise: bool) -> KeptLevel | None:
    """The latest one with ``outdated``: whether the recommendation has been another one since.

    Results of a drill are not kept, so there nothing is outdated.
    """
    return _latest(exercise).select_related("decided_by").first()


def kept_columns(*, exercise: bool) -> dict[str, Subquery]:
    """The same as columns of some other query, for pages that have no question to spare."""
    latest = _latest(exercise)
    return {f"{PREFIX}{name}": Subquery(latest.values(name)[:1]) for name in (*FIELDS, OUTDATED)}


def kept_of(row: Any) -> KeptLevel | None:
    """What stands in these columns."""
    if getattr(row, f"{PREFIX}decided_at") is None:
        return None
    kept: Any = KeptLevel(**{name: getattr(row, f"{PREFIX}{name}") for name in FIELDS})
    kept.outdated = getattr(row, f"{PREFIX}{OUTDATED}")
    return kept  # type: ignore[no-any-return]


def stands(
    kept: KeptLevel | None, *, response_id: int | None, since: datetime | None, recommended: int | None
) -> bool:
    """Whether it is about this response at its present level and the same unbroken recommendation.

    ``since``: from when the level holds.
    """
    if kept is None or kept.response_id != response_id or kept.recommended != recommended:
        return False
    if since is not None and kept.decided_at < since:
        return False
    return kept.exercise or not kept.outdated  # type: ignore[attr-defined]


def _latest(exercise: bool) -> QuerySet[KeptLevel]:
    others = Recommendation.objects.filter(error="", begins_at__gt=OuterRef("decided_at"))
    others = others.annotate(came_to=Coalesce(F("level"), NONE))
    others = others.exclude(came_to=Coalesce(OuterRef("recommended"), NONE))
    return KeptLevel.objects.filter(exercise=exercise).annotate(**{OUTDATED: Exists(others)})
