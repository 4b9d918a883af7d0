"""Keeping what a gazette last said of a record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from gazette.models import ImportedRecord, ImportRun


def remember(record: models.Model, payload: Mapping[str, Any], run: ImportRun | None = None) -> None:
    """Store the payload as the base that the next edition is compared with."""
    ImportedRecord.objects.update_or_create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        defaults={"payload": dict(payload), "run": run},
    )


def remember_new(records: Iterable[tuple[models.Model, Mapping[str, Any]]]) -> None:
    """Store the payloads of records that were just made, all at once."""
    ImportedRecord.objects.bulk_create(
        ImportedRecord(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            payload=dict(payload),
        )
        for record, payload in records
    )


def remembered(model: type[models.Model], pks: list[int]) -> dict[int, dict[str, Any]]:
    """Payloads last seen, by primary key."""
    rows = ImportedRecord.objects.filter(content_type=ContentType.objects.get_for_model(model))
    if len(pks) < 500:
        rows = rows.filter(object_id__in=pks)
    return dict(rows.values_list("object_id", "payload"))
