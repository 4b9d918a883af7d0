"""Files that people hand in."""

import uuid

from django.conf import settings
from django.db import models


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """Where a file is stored: by its own id, never by the name somebody typed."""
    return f"attachments/{attachment.id.hex[:2]}/{attachment.id.hex}"


class Attachment(models.Model):
    """A checked file; who may see it is decided by the record that it hangs on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
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

    class Meta:
        verbose_name = "附件文件"
        verbose_name_plural = "附件文件"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.name
