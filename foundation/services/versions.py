"""Keeping each saved text of a record; the caller holds the record's lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models

from foundation.models import Version
from foundation.versions import StaleText, content_mark, plain, same_text

Actor = AbstractBaseUser | None
REASON_LENGTH = 200


def keep_version(
    *,
    actor: Actor,
    at: datetime,
    record: models.Model,
    content: Mapping[str, Any],
    reason: str = "",
    restored: int | None = None,
) -> Version:
    """Keep a text as the record's next version; one equal to the latest is that version.

    ``restored`` is the number of an older version that it was taken from.
    """
    latest = latest_version(record)
    kept = plain(content)
    if latest is not None and same_text(latest.content, kept):
        return latest
    return Version.objects.create(
        owner_type=ContentType.objects.get_for_model(record),
        owner_id=record.pk,
        number=latest.number + 1 if latest else 1,
        content=kept,
        made_by_id=actor.pk if actor else None,
        made_at=at,
        reason=reason[:REASON_LENGTH],
        restored=restored,
    )


def keep_stored(*, at: datetime, record: Any, content: Mapping[str, Any]) -> Version:
    """Keep what stands there before it is changed; the record's history tells who wrote the first text."""
    known = version_with(record, content)
    if known is not None:
        return known
    if latest_version(record) is not None:
        reason = "平台中的现行文本（未经修改页写入）"
        return keep_version(actor=None, at=at, record=record, content=content, reason=reason)
    first = record.history.order_by("history_date", "history_id").first()
    if first is None:
        return keep_version(actor=None, at=at, record=record, content=content, reason="修改前的文本")
    return keep_version(
        actor=first.history_user,
        at=first.history_date,
        record=record,
        content=content,
        reason=first.history_change_reason or "登记",
    )


def latest_version(record: models.Model) -> Version | None:
    """The version kept last, also one of a correction under way."""
    return Version.objects.of(record).select_related("made_by").order_by("-number").first()


def version_with(record: models.Model, content: Mapping[str, Any]) -> Version | None:
    """The newest version that says this."""
    kept = plain(content)
    versions = Version.objects.of(record).select_related("made_by").order_by("-number")
    return next((version for version in versions if same_text(version.content, kept)), None)


def refuse_stale(record: models.Model, stored: Mapping[str, Any], seen: str) -> None:
    """Raise StaleText when what stands there is not what the form showed."""
    if seen == content_mark(stored):
        return
    version = version_with(record, stored)
    by = str(version.made_by) if version and version.made_by else ""
    raise StaleText(plain(stored), by, version.made_at if version else None)
