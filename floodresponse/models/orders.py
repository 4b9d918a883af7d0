"""What a level orders: the sirens, and what each unit does."""

from django.conf import settings
from django.db import models

from floodresponse.models.plan import Duty, Level, Measure
from floodresponse.models.responses import LevelRecord, Response
from organizations.models import Department


class SirenOrder(models.Model):
    """One sounding of the air-raid siren, confirmed by a named person when it sounded."""

    record = models.ForeignKey(
        LevelRecord, verbose_name="级别记录", on_delete=models.PROTECT, related_name="sirens"
    )
    number = models.PositiveSmallIntegerField("第几次")
    minutes = models.PositiveSmallIntegerField("分钟数")
    sounded_at = models.DateTimeField("鸣放时间", null=True, blank=True)
    sounded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "警报令"
        verbose_name_plural = "警报令"
        ordering = ["record", "number"]
        constraints = [models.UniqueConstraint(fields=["record", "number"], name="siren_number_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 次，{self.minutes} 分钟"


class Answered(models.Model):
    """Something ordered: acknowledged, then done, by whom and when; closed when it no longer applies."""

    class State(models.TextChoices):
        OPEN = "open", "待签收"
        ACKNOWLEDGED = "acknowledged", "已签收"
        DONE = "done", "已落实"
        CLOSED = "closed", "不再适用"

    text = models.CharField("内容", max_length=200)
    state = models.CharField("状态", max_length=12, choices=State, default=State.OPEN)
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签收人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    done_at = models.DateTimeField("落实时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="落实人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class UnitAction(Answered):
    """What a unit does while a level holds; without a unit it is the command post's own.

    ``from_level`` is the lightest level at which the plan asks for it.
    """

    response = models.ForeignKey(
        Response, verbose_name="响应", on_delete=models.PROTECT, related_name="actions"
    )
    record = models.ForeignKey(
        LevelRecord, verbose_name="级别记录", on_delete=models.PROTECT, related_name="actions"
    )
    unit = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flood_actions",
    )
    duty = models.ForeignKey(
        Duty, verbose_name="职责", null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    measure = models.ForeignKey(
        Measure, verbose_name="措施", null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    from_level = models.PositiveSmallIntegerField("自何级起", choices=Level)

    class Meta:
        verbose_name = "单位行动"
        verbose_name_plural = "单位行动"
        ordering = ["response", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duty__isnull=True) ^ models.Q(measure__isnull=True),
                name="action_of_a_duty_or_a_measure",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit or '指挥部'}：{self.text}"
