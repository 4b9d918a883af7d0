"""Reads of the foundation."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models

if TYPE_CHECKING:
    from foundation.models import Attachment, Revision, Version  # noqa: F401


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments."""

    def kept(self) -> Self:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)

    def of(self, record: models.Model) -> Self:
        """The files of one record that nobody has deleted."""
        owner_type = ContentType.objects.get_for_model(record, for_concrete_model=False)
        return self.kept().filter(owner_type=owner_type, owner_id=str(record.pk))


class VersionQuerySet(models.QuerySet["Version"]):
    """Texts of edited records."""

    def of(self, record: models.Model) -> Self:
        """The versions of one record."""
        return self.filter(owner_type=ContentType.objects.get_for_model(record), owner_id=record.pk)


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Corrections of published records."""

    def of(self, record: models.Model) -> Self:
        """The corrections of one record."""
        return self.filter(owner_type=ContentType.objects.get_for_model(record), owner_id=record.pk)

    def open(self) -> Self:
        """Those that are neither published nor given up."""
        return self.filter(state__in=["draft", "review"])

    def visible_to(self, user: Any) -> Self:
        """Who keeps records sees their corrections."""
        return self if user.has_perm("foundation.view_revisions") else self.none()
