"""Texts of edited records as they were saved, and corrections that wait beside a published one."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from foundation.querysets import RevisionQuerySet, VersionQuerySet


class Version(models.Model):
    """All of a record as somebody saved it; versions are never changed.

    ``content`` has the keys of the owner's content class. A version may be one
    of a correction that the public does not see yet.
    """

    owner_type = models.ForeignKey(ContentType, verbose_name="所属记录类型", on_delete=models.PROTECT)
    owner_id = models.PositiveBigIntegerField("所属记录编号")
    owner = GenericForeignKey("owner_type", "owner_id")
    number = models.PositiveIntegerField("版次")
    content = models.JSONField("内容")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="修改人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=200, blank=True)
    restored = models.PositiveIntegerField("恢复自版次", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "文本版本"
        verbose_name_plural = "文本版本"
        ordering = ["owner_type", "owner_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["owner_type", "owner_id", "number"], name="version_number")
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"


class Revision(models.Model):
    """A correction of a published record on its way to the public.

    ``base`` is the text that the public sees, ``head`` the proposed one. A
    record has one open correction at a time. ``batch`` names what several
    corrections came from together (``import:12``).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "更正稿"
        REVIEW = "review", "更正待签发"
        PUBLISHED = "published", "已发布"
        DISCARDED = "discarded", "已放弃"

    OPEN = (State.DRAFT, State.REVIEW)

    owner_type = models.ForeignKey(ContentType, verbose_name="所属记录类型", on_delete=models.PROTECT)
    owner_id = models.PositiveBigIntegerField("所属记录编号")
    owner = GenericForeignKey("owner_type", "owner_id")
    base = models.ForeignKey(Version, verbose_name="公开文本", on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Version, verbose_name="更正文本", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, db_index=True)
    batch = models.CharField("批次", max_length=40, blank=True, db_index=True)
    note = models.CharField("退回或放弃的理由", max_length=200, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField("起草时间")
    changed_at = models.DateTimeField("更新时间")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发或放弃人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "更正稿"
        verbose_name_plural = "更正稿"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id"],
                condition=models.Q(state__in=["draft", "review"]),
                name="one_open_revision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.get_state_display()}"

    @property
    def publication(self) -> Any:
        """The state, under the name that records have it."""
        return self.state
