"""Reads of the foundation."""

from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models

if TYPE_CHECKING:
    from foundation.models import Attachment  # noqa: F401


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments."""

    def kept(self) -> Self:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)

    def of(self, record: models.Model) -> Self:
        """The files of one record that nobody has deleted."""
        owner_type = ContentType.objects.get_for_model(record, for_concrete_model=False)
        return self.kept().filter(owner_type=owner_type, owner_id=str(record.pk))
