"""Below level IV: the measures for light or heavy rain, ordered by a person without a response."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from floodresponse.models.orders import Answered
from floodresponse.models.plan import Measure, Plan
from floodresponse.querysets import RainOrderQuerySet
from organizations.models import Department


class RainOrder(models.Model):
    """The plan's measures for light or heavy rain, from when to when; one real one and one drill at a time.

    The plan gives no figures for it: a person decides and says why.
    """

    SITUATIONS = ((value, label) for value, label in Measure.Situation.choices if value.endswith("_rain"))

    plan = models.ForeignKey(Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="rain_orders")
    situation = models.CharField("情形", max_length=12, choices=list(SITUATIONS))
    exercise = models.BooleanField("演练", default=False)
    reason = models.CharField("理由", max_length=300)
    ordered_at = models.DateTimeField("部署时间")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="部署人", on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="结束人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    end_reason = models.CharField("结束原因", max_length=300, blank=True)

    objects = RainOrderQuerySet.as_manager()

    class Meta:
        verbose_name = "降雨部署"
        verbose_name_plural = "降雨部署"
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exercise"], condition=Q(ended_at__isnull=True), name="one_rain_order_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_situation_display()}措施（{timezone.localtime(self.ordered_at):%Y-%m-%d %H:%M}）"

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("floodresponse:rain_order", args=[self.pk])


class RainAction(Answered):
    """What a unit does under the order; without a unit it is the command post's own."""

    order = models.ForeignKey(
        RainOrder, verbose_name="降雨部署", on_delete=models.PROTECT, related_name="actions"
    )
    measure = models.ForeignKey(
        Measure, verbose_name="措施", on_delete=models.PROTECT, related_name="rain_actions"
    )
    unit = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rain_actions",
    )

    class Meta:
        verbose_name = "降雨措施"
        verbose_name_plural = "降雨措施"
        ordering = ["order", "measure__order", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "measure", "unit"], name="rain_action_once")]

    def __str__(self) -> str:
        return f"{self.unit or '指挥部'}：{self.text}"
