"""Writing and checking the audit log."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Max

from foundation.context import current_origin
from foundation.models import AuditEntry, AuditHead

SYSTEM_LABEL = "系统"
GENESIS_HASH = "0" * 64
# The oldest rows were removed after their time; the row says up to which one.
REMOVAL = "audit.remove_old"


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
    what matters of the record. A ``target`` that is not saved stands for a name
    that nobody has. The row is chained to the one before it.
    """
    origin = current_origin()
    return append_entry(
        at=at,
        actor_id=actor.pk if actor else None,
        actor_label=str(actor) if actor else SYSTEM_LABEL,
        address=origin.address,
        request_id=origin.request_id,
        action=action,
        object_type=target._meta.label,
        object_id=str(target.pk or ""),
        object_label=str(target)[:300],
        before=as_json(before),
        after=as_json(after),
        reason=reason,
    )


def append_entry(**values: Any) -> AuditEntry:
    """Chain a row with these columns to the end of the log."""
    with transaction.atomic():
        head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
        entry = AuditEntry(sequence=head.sequence + 1, previous_hash=head.hash, **values)
        entry.hash = entry_hash(entry)
        entry.save()
        AuditHead.objects.filter(pk=1).update(sequence=entry.sequence, hash=entry.hash)
    return entry


def as_json(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values as plain JSON that every database gives back as it was; dates in ISO form.

    The hash is taken over what is read back: PostgreSQL writes 1e22 in full,
    and knows neither infinity nor the character NUL.
    """
    plain: dict[str, Any] = _stable(
        json.loads(json.dumps(dict(values or {}), default=_plain, ensure_ascii=False))
    )
    return plain


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_stable(name): _stable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_stable(inner) for inner in value]
    if isinstance(value, float) and not repr(value).removeprefix("-").replace(".", "").isdigit():
        return repr(value)
    return value.replace("\0", "\N{SYMBOL FOR NULL}") if isinstance(value, str) else value


def _plain(value: object) -> str:
    if isinstance(value, date | time):
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


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the chain does not hold: the sequence number, and a sentence that says what is wrong there."""

    sequence: int
    message: str


def find_break(*, anchor: tuple[int, str] | None = None) -> ChainBreak | None:
    """The first place where the audit log does not fit its own chain, or None.

    A row that was changed, removed or added beside the service breaks it; so
    does an end that differs from the recorded one. Rows cut off together with
    the recorded end are found only with an ``anchor``: a sequence number and
    hash that somebody noted elsewhere. A log whose oldest rows were removed
    after their time begins where the row about that says.
    """
    expected, previous = chain_start()
    # Others go on writing meanwhile: what is walked ends where the log ended at the beginning.
    recorded = chain_end()
    rows = AuditEntry.objects.filter(sequence__lte=recorded[0]).order_by("sequence")
    for entry in rows.iterator(chunk_size=1000):
        wrong = _wrong_with(entry, expected, previous, anchor)
        if wrong is not None:
            return wrong
        previous, expected = entry.hash, expected + 1
    return _wrong_end(expected - 1, previous, recorded, anchor)


def _wrong_with(
    entry: AuditEntry, expected: int, previous: str, anchor: tuple[int, str] | None
) -> ChainBreak | None:
    if entry.sequence != expected:
        return ChainBreak(expected, f"第 {expected} 条缺失，其后是第 {entry.sequence} 条。")
    if entry.hash != entry_hash(entry):
        return ChainBreak(expected, f"第 {expected} 条的内容与其校验不符，写入后被改动过。")
    if entry.previous_hash != previous:
        return ChainBreak(expected, f"第 {expected} 条与前一条接不上，前一条被替换过，或本条不是由系统写入。")
    if anchor is not None and entry.sequence == anchor[0] and entry.hash != anchor[1]:
        return ChainBreak(expected, f"第 {expected} 条的校验与另行留存的不符，整条链被重写过。")
    return None


def _wrong_end(
    sequence: int, last_hash: str, recorded: tuple[int, str], anchor: tuple[int, str] | None
) -> ChainBreak | None:
    newest = AuditEntry.objects.aggregate(newest=Max("sequence"))["newest"] or 0
    # The end is written with its row, so a row beyond the end that is read afterwards came another way.
    if recorded != (sequence, last_hash) or newest > chain_end()[0]:
        there = max(sequence, newest) if newest > recorded[0] else sequence
        message = f"实有 {there} 条，链尾却记为第 {recorded[0]} 条，末尾的记录被增删过。"
        return ChainBreak(min(there, recorded[0]) + 1, message)
    if anchor is not None and anchor[0] > sequence:
        message = f"只有 {sequence} 条，另行留存的却是第 {anchor[0]} 条，末尾的记录被删去了。"
        return ChainBreak(sequence + 1, message)
    return None


def chain_start() -> tuple[int, str]:
    """Number of the first row and the hash that it has to follow."""
    removal = AuditEntry.objects.filter(action=REMOVAL).order_by("-sequence").first()
    if removal is None or not isinstance(removal.after.get("through"), int):
        return 1, GENESIS_HASH
    return removal.after["through"] + 1, str(removal.after.get("hash", ""))


def chain_end() -> tuple[int, str]:
    """Sequence number and hash of the last row, as recorded when it was written."""
    head = AuditHead.objects.filter(pk=1).first()
    return (head.sequence, head.hash) if head else (0, GENESIS_HASH)
