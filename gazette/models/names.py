"""Corrected names carried into many records in the background, and departments taken into others."""

from django.conf import settings
from django.db import models

from foundation.models import Proposal
from organizations.models import Department


class NamesRun(models.Model):
    """All lines of one kind that a person has looked at and wants carried over.

    ``expected`` is the number that the preview told; ``done`` and ``progress`` follow the work.
    """

    class Kind(models.TextChoices):
        OFFICIALS = "officials", "条目中的人员"
        MEMBERS = "members", "名单中的人员"
        DEPARTMENT = "department", "条目中的部门"

    class State(models.TextChoices):
        QUEUED = "queued", "等待回填"
        WRITING = "writing", "正在回填"
        DONE = "done", "已回填"
        FAILED = "failed", "未成功"

    kind = models.CharField("种类", max_length=10, choices=Kind)
    department = models.ForeignKey(
        Department,
        verbose_name="部门",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    expected = models.PositiveIntegerField("预览条数", default=0)
    done = models.PositiveIntegerField("已回填条数", default=0)
    error = models.CharField("错误", max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("发起时间")
    claimed_at = models.DateTimeField("接手时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "名称回填"
        verbose_name_plural = "名称回填"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(state__in=["queued", "writing"]),
                name="one_names_run_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"名称回填 {self.get_kind_display()}（{self.get_state_display()}）"

    @property
    def progress(self) -> int:
        """In percent of what the preview told."""
        return min(100, self.done * 100 // self.expected) if self.expected else 100


class DepartmentMerge(Proposal):
    """A department whose records go over to another once a second person agrees.

    ``moved`` tells, by kind of record, how many went over, how many stood under the other one
    already, and how many stay because they are history.
    """

    source = models.ForeignKey(
        Department, verbose_name="被并入的部门", on_delete=models.PROTECT, related_name="merges_away"
    )
    target = models.ForeignKey(
        Department, verbose_name="并入到", on_delete=models.PROTECT, related_name="merges_here"
    )
    source_name = models.CharField("原名称", max_length=80)
    reason = models.CharField("依据", max_length=200)
    moved = models.JSONField("随之改动的记录", default=list, blank=True)

    class Meta:
        verbose_name = "部门合并"
        verbose_name_plural = "部门合并"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~models.Q(standing="void"), name="department_merged_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="department_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} 并入 {self.target.name}"
