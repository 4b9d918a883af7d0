"""What is owed and until when: an obligation is a row, met, excused or open."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from floodresponse.deadlines import minutes_late
from floodresponse.models.incidents import Incident, IncidentReport
from floodresponse.models.orders import UnitAction
from floodresponse.reportqueries import ObligationQuerySet
from notifications.models import Message
from organizations.models import Department


class Obligation(models.Model):
    """A report that a unit owes: of an incident, or of a day (zero and weather reports).

    ``state`` holds what people did; whether an open one is overdue follows from
    the time alone (``ObligationQuerySet.seen_at``), so no sweep is needed for it.
    """

    class Kind(models.TextChoices):
        IMMEDIATE = "immediate", "第一时间报告"
        PHONE = "phone", "电话报告"
        MEDIA = "media", "图文影像"
        WRITTEN = "written", "书面初报"
        FOLLOWUP = "followup", "续报"
        ZERO = "zero", "零报告"
        WEATHER = "weather", "气象报告"

    class State(models.TextChoices):
        OPEN = "open", "待报"
        MET = "met", "已报"
        MET_LATE = "met_late", "迟报"
        OVERDUE = "overdue", "逾期"
        EXCUSED = "excused", "免责"

    incident = models.ForeignKey(
        Incident,
        verbose_name="事件",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="obligations",
    )
    kind = models.CharField("报告", max_length=10, choices=Kind)
    sequence = models.PositiveIntegerField("序号", default=1)
    unit = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="flood_obligations"
    )
    due_at = models.DateTimeField("时限")
    basis = models.TextField("依据")
    provisional = models.BooleanField("待确认", default=False)
    created_at = models.DateTimeField("产生时间")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    met_at = models.DateTimeField("报告时间", null=True, blank=True)
    met_by = models.ForeignKey(
        IncidentReport,
        verbose_name="对应报告",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="met",
    )
    excused_at = models.DateTimeField("免责时间", null=True, blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="免责决定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    excuse_reason = models.CharField("免责理由", max_length=300, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "报告义务"
        verbose_name_plural = "报告义务"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "kind", "sequence"],
                condition=Q(incident__isnull=False),
                name="obligation_once_per_incident",
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "due_at"],
                condition=Q(incident__isnull=True),
                name="obligation_once_per_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "excused"]) | Q(met_at__isnull=False),
                name="obligation_met_at_some_time",
            ),
            # Overdue follows from the time; stored, it would need a sweep to be right.
            models.CheckConstraint(condition=~Q(state="overdue"), name="obligation_overdue_is_not_stored"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="obligation_state_due")]

    def __str__(self) -> str:
        number = f"第 {self.sequence} 次" if self.kind == self.Kind.FOLLOWUP else ""
        return f"{self.unit}{number}{self.get_kind_display()}"

    @property
    def about(self) -> str:
        """What its reminders are about; their keys start with it."""
        return f"obligation:{self.pk}"

    @property
    def exercise(self) -> bool:
        """演练: whether the incident is one of a drill; reports of a day never are."""
        return self.incident is not None and self.incident.exercise

    @property
    def found_too_late(self) -> bool:
        """发现时已超时: the limit had passed when the incident was found."""
        return self.incident is not None and self.incident.found_at > self.due_at

    def minutes_late_at(self, moment: datetime) -> int:
        """Minutes after the limit: of the report, or until now while none has come."""
        return minutes_late(self.due_at, self.met_at or self.excused_at or moment)


class CallOut(models.Model):
    """A call to somebody who owes a report or an answer to an order (叫应): answered or not, by whom."""

    obligation = models.ForeignKey(
        Obligation,
        verbose_name="报告义务",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="calls",
    )
    action = models.ForeignKey(
        UnitAction,
        verbose_name="单位行动",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="calls",
    )
    called = models.CharField("呼叫对象", max_length=80)
    number = models.CharField("号码", max_length=40, blank=True)
    answered = models.BooleanField("已接听")
    called_at = models.DateTimeField("呼叫时间")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="呼叫人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "叫应记录"
        verbose_name_plural = "叫应记录"
        ordering = ["called_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, action__isnull=True)
                | Q(obligation__isnull=True, action__isnull=False),
                name="call_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.called}{'已接听' if self.answered else '未接听'}"


class Acknowledgement(models.Model):
    """Somebody says that the report is being seen to (签收): reminders pause until a moment.

    Without a report by ``until`` it has expired and the reminders go on.
    ``message`` is the message that was answered, when it came that way.
    """

    obligation = models.ForeignKey(
        Obligation, verbose_name="报告义务", on_delete=models.CASCADE, related_name="acknowledgements"
    )
    at = models.DateTimeField("签收时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="签收人", on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateTimeField("有效至")
    message = models.OneToOneField(
        Message,
        verbose_name="应答的消息",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="flood_acknowledgement",
    )

    class Meta:
        verbose_name = "签收记录"
        verbose_name_plural = "签收记录"
        ordering = ["obligation", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("at")), name="acknowledgement_lasts_some_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} {timezone.localtime(self.at):%H:%M} 签收"
