"""Writing and checking the audit log."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from foundation.context import current_origin
from foundation.models import AuditEntry, AuditHead

SYSTEM_LABEL = "系统"
GENESIS_HASH = "0" * 64


def record_change(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    target: models.Model,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one row to the audit log, inside the caller's transaction.

    ``actor`` is None for the system itself; ``before`` and ``after`` hold only
    what matters of the record. The row is chained to the one before it.
    """
    origin = current_origin()
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=at,
            actor_id=actor.pk if actor else None,
            actor_label=str(actor) if actor else SYSTEM_LABEL,
            address=origin.address,
            request_id=origin.request_id,
            action=action,
            object_type=target._meta.label,
            object_id=str(target.pk),
            object_label=str(target)[:300],
            before=as_json(before),
            after=as_json(after),
            reason=reason,
            previous_hash=head.hash,
        )
        entry.hash = entry_hash(entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(sequence=entry.sequence, hash=entry.hash)
    return entry


def as_json(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values as plain JSON, dates in ISO form."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values or {}), default=_plain, ensure_ascii=False))
    return plain


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not belong in the audit log")


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the row's content and the hash of the row before it."""
    content = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "actor_label": entry.actor_label,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "object": [entry.object_type, entry.object_id, entry.object_label],
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def find_break() -> int | None:
    """The sequence number of the first row that does not fit the chain, or None.

    A row that was changed, removed or added beside the service breaks it; so
    does an end that differs from the recorded one.
    """
    previous, expected = GENESIS_HASH, 1
    for entry in AuditEntry.objects.order_by("sequence").iterator():
        if (entry.sequence, entry.previous_hash, entry.hash) != (expected, previous, entry_hash(entry)):
            return expected
        previous, expected = entry.hash, expected + 1
    head = AuditHead.objects.filter(pk=1).first()
    recorded_end = (head.sequence, head.hash) if head else (0, GENESIS_HASH)
    return None if recorded_end == (expected - 1, previous) else expected
