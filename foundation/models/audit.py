"""The append-only record of every change.

Each row carries the hash of the row before it, so that a changed or missing
row breaks the chain and is found by walking it.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from foundation.actionwords import label_of

APPEND_ONLY = "audit entries are append-only"


class AppendOnlyQuerySet(models.QuerySet["AuditEntry"]):
    """Rows can be read and created, nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    async def aupdate(self, **kwargs: Any) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    async def adelete(self) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    def about(self, record: models.Model) -> "AppendOnlyQuerySet":
        """What happened to one record."""
        return self.filter(object_type=record._meta.label, object_id=str(record.pk))


class AuditEntry(models.Model):
    """One change: who, when, from where, what before and after, why."""

    sequence = models.BigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField("操作人名称", max_length=150)
    address = models.CharField("来源地址", max_length=64, blank=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)
    action = models.CharField("动作", max_length=80, db_index=True)
    object_type = models.CharField("对象类型", max_length=80)
    object_id = models.CharField("对象编号", max_length=64)
    object_label = models.CharField("对象", max_length=300)
    before = models.JSONField("改前", default=dict)
    after = models.JSONField("改后", default=dict)
    reason = models.TextField("理由", blank=True)
    previous_hash = models.CharField("前一条校验", max_length=64)
    hash = models.CharField("校验", max_length=64, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["object_type", "object_id", "sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_label}"

    def save(self, **kwargs: Any) -> None:
        """Writes a new row, once. Elsewhere nobody overrides this; here it only refuses."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: the record is append-only."""
        raise TypeError(APPEND_ONLY)

    @property
    def action_label(self) -> str:
        """The action in words."""
        return label_of(self.action)


class AuditHead(models.Model):
    """The end of the chain; locking this one row puts writers in line."""

    sequence = models.BigIntegerField("末条序号", default=0)
    hash = models.CharField("末条校验", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "审计链尾"
        verbose_name_plural = "审计链尾"

    def __str__(self) -> str:
        return f"{self.sequence}"
