"""What people were refused, took along or printed, on record without flooding the log."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from foundation.context import current_origin
from foundation.models import RepeatedAccess
from foundation.services.audit import append_entry

REFUSE, EXPORT, PRINT, BAD_TOKEN = "page.refuse", "page.export", "page.print", "token.fail"
PAGE = "page"
VISITOR_LABEL = "访客"
# The same person, action and object stand in the log once in this time, with a count.
WINDOW = timedelta(minutes=1)
# A longer address stands whole beside the label, so that nobody pads it to hide what was asked for.
LABEL_LENGTH = 300
KEPT = ("actor_id", "actor_label", "address", "action", "object_type", "object_id", "object_label")


@dataclass(frozen=True, slots=True)
class Access:
    """``view``: name of the address in the URL conf; ``path``: as it was asked for, with its conditions."""

    action: str
    view: str
    path: str
    reason: str = ""


def record_access(*, actor: AbstractBaseUser | None, access: Access, at: datetime) -> None:
    """Append a row to the audit log, or count one more where it stands there since less than a minute.

    ``actor`` None is a visitor, who is told from others by the address.
    """
    origin = current_origin()
    values = {
        "actor_id": actor.pk if actor else None,
        "actor_label": str(actor) if actor else VISITOR_LABEL,
        "address": origin.address,
        "action": access.action,
        "object_type": PAGE,
        "object_id": access.view[:64],
        "object_label": access.path[:LABEL_LENGTH],
    }
    who = f"user {actor.pk}" if actor else f"address {origin.address}"
    with transaction.atomic():
        known, fresh = RepeatedAccess.objects.select_for_update().get_or_create(
            key=_key(who, access), defaults={**values, "first_at": at, "last_at": at}
        )
        if not fresh and known.first_at <= at < known.first_at + WINDOW:
            RepeatedAccess.objects.filter(pk=known.pk).update(repeats=F("repeats") + 1, last_at=at)
            return
        if not fresh:
            _close(known)
            RepeatedAccess.objects.filter(pk=known.pk).update(repeats=0, first_at=at, last_at=at)
        after = {"address": access.path} if len(access.path) > LABEL_LENGTH else {}
        append_entry(
            at=at, request_id=origin.request_id, before={}, after=after, reason=access.reason[:1000], **values
        )


def close_repeats(*, at: datetime) -> int:
    """Write down the counts whose minute is over; how many there were."""
    with transaction.atomic():
        over = list(
            RepeatedAccess.objects.select_for_update().filter(first_at__lte=at - WINDOW).order_by("pk")
        )
        for known in over:
            _close(known)
        RepeatedAccess.objects.filter(pk__in=[known.pk for known in over]).delete()
    return len(over)


def _close(known: RepeatedAccess) -> None:
    if known.repeats:
        values = {name: getattr(known, name) for name in KEPT}
        after = {"times": known.repeats, "since": known.first_at.isoformat()}
        append_entry(at=known.last_at, request_id="", before={}, after=after, reason="", **values)


def _key(who: str, access: Access) -> str:
    # A visitor's addresses are without number: for one who has not signed in, the view is the object.
    where = access.path if who.startswith("user") else access.view
    return hashlib.sha256("\n".join((who, access.action, access.view, where)).encode()).hexdigest()
