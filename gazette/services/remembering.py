"""Keeping what a gazette last said of a record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from gazette.models import ImportedRecord, ImportRun

BATCH = 500


def remember(records: Iterable[tuple[models.Model, Mapping[str, Any]]], run: ImportRun | None = None) -> None:
    """Store the payloads as the bases that the next edition is compared with, all at once."""
    rows = [
        ImportedRecord(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            payload=dict(payload),
            run=run,
        )
        for record, payload in records
    ]
    ImportedRecord.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=["payload", "run", "updated_at"],
    )


def remembered(model: type[models.Model], pks: list[int]) -> dict[int, dict[str, Any]]:
    """Payloads last seen, by primary key."""
    rows = _payloads_of(model)
    if len(pks) < BATCH:
        rows = rows.filter(object_id__in=pks)
    return dict(rows.values_list("object_id", "payload"))


def remembered_in(model: type[models.Model], months: Iterable[tuple[int, int]]) -> list[int]:
    """Keys of records that a gazette last dated in one of the months, whatever their date is now."""
    wanted = models.Q()
    for year, month in months:
        wanted |= models.Q(payload__start_date__startswith=f"{year:04d}-{month:02d}-")
    return list(_payloads_of(model).filter(wanted).values_list("object_id", flat=True)) if wanted else []


def _payloads_of(model: type[models.Model]) -> models.QuerySet[ImportedRecord]:
    return ImportedRecord.objects.filter(content_type=ContentType.objects.get_for_model(model))
