"""What one person proposes beside a record and another confirms."""

from django.conf import settings
from django.db import models


class Proposal(models.Model):
    """Base of small records that count for the public once a second person has confirmed them.

    What the portal itself writes is confirmed at once. A void one stays on record.
    """

    class Standing(models.TextChoices):
        PROPOSED = "proposed", "待签发"
        CONFIRMED = "confirmed", "已签发"
        VOID = "void", "已作废"

    standing = models.CharField(
        "签发状态", max_length=10, choices=Standing, default=Standing.CONFIRMED, db_index=True
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField("登记时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("签发时间", null=True, blank=True)
    settled_reason = models.CharField("作废理由", max_length=200, blank=True)

    class Meta:
        abstract = True
