"""Files that people hand in."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from foundation.querysets import AttachmentQuerySet
from foundation.storage import path_of


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Where a file is stored: by the digest of its content, never by the name somebody typed."""
    return path_of(attachment.sha256)


class Attachment(models.Model):
    """A checked file that hangs on a record.

    Whoever may see the record may see the file: the record's queryset answers
    ``visible_to(user)``. Deleting marks the row; the file and the trace stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_type = models.ForeignKey(ContentType, verbose_name="所属记录类型", on_delete=models.PROTECT)
    owner_id = models.CharField("所属记录编号", max_length=64)
    owner = GenericForeignKey("owner_type", "owner_id")
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    width = models.PositiveIntegerField("宽", null=True, blank=True)
    height = models.PositiveIntegerField("高", null=True, blank=True)
    file = models.FileField("文件", upload_to=attachment_path, max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间")
    deleted_at = models.DateTimeField("删除时间", null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="删除人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "附件文件"
        verbose_name_plural = "附件文件"
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["owner_type", "owner_id"], name="attachment_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the file is served."""
        return reverse("foundation:attachment", args=[self.pk, self.name])

    def is_visible_to(self, user: Any) -> bool:
        """Whether the user may see the record that the file hangs on.

        A record whose queryset does not say who may see it shows its files to nobody.
        """
        owners: Any = self.owner_type.model_class()
        visible_to = getattr(owners and owners._default_manager, "visible_to", None)
        return visible_to is not None and bool(visible_to(user).filter(pk=self.owner_id).exists())
