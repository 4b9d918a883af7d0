"""Corrections of a plan in force that wait for a second person."""

from typing import Any

from django.db import models

from floodresponse.models.plan import Plan
from foundation.models import Proposal


class PlanCorrection(Proposal):
    """Other wording for duties, groups and measures of a plan in force, as an import brought it.

    ``texts`` are rows of ``model``, ``pk``, ``name``, ``before`` and ``after``; nothing of the plan changes
    before somebody else signs. One waits at a time.
    """

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.CASCADE, related_name="text_corrections"
    )
    texts: "models.JSONField[Any, Any]" = models.JSONField("文字", default=list)
    reason = models.CharField("理由", max_length=200)
    batch = models.CharField("批次", max_length=40, blank=True)

    class Meta:
        verbose_name = "方案更正"
        verbose_name_plural = "方案更正"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(standing="proposed"), name="one_plan_correction_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}：{len(self.texts)} 处"
