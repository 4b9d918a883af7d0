"""Who is on duty: a leader and an officer for each unit and day, and swaps between them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from floodresponse.roster.querysets import DutyShiftQuerySet, DutySwapQuerySet
from organizations.models import Department


class DutyShift(models.Model):
    """One person on duty for a unit on a day, from the handover of that day to the next one's.

    ``name`` and ``phone`` are what is called; ``user`` is the person's account
    where one is known: with it the person signs in and agrees to swaps.
    """

    class Role(models.TextChoices):
        LEADER = "leader", "带班领导"
        OFFICER = "officer", "值班员"

    unit = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="duty_shifts"
    )
    day = models.DateField("日期")
    role = models.CharField("岗位", max_length=8, choices=Role)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=40, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duty_shifts",
    )
    signed_in_at = models.DateTimeField("签到时间", null=True, blank=True)
    signed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签到人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_at = models.DateTimeField("登记时间")

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = "值班"
        verbose_name_plural = "值班"
        ordering = ["day", "unit", "role"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "role"], name="one_person_a_unit_day_and_role"),
            models.CheckConstraint(
                condition=Q(signed_in_at__isnull=True) | Q(signed_in_by__isnull=False),
                name="signed_in_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["day", "role"], name="duty_day_role")]

    def __str__(self) -> str:
        return f"{self.unit} {self.day:%Y-%m-%d} {self.get_role_display()} {self.name}"

    def get_absolute_url(self) -> str:
        """The shift's page."""
        return reverse("floodresponse:shift", args=[self.pk])


class DutySwap(models.Model):
    """Somebody asks to swap a shift for another's of the same unit and role; the other agrees or not.

    The names are those at the moment of asking: the shifts change hands afterwards.
    """

    class State(models.TextChoices):
        ASKED = "asked", "待对方答复"
        AGREED = "agreed", "已换班"
        REFUSED = "refused", "对方未同意"
        WITHDRAWN = "withdrawn", "已撤回"

    shift = models.ForeignKey(
        DutyShift, verbose_name="本人的班", on_delete=models.PROTECT, related_name="swaps_asked"
    )
    other = models.ForeignKey(
        DutyShift, verbose_name="对方的班", on_delete=models.PROTECT, related_name="swaps_wanted"
    )
    name = models.CharField("申请人", max_length=40)
    other_name = models.CharField("对方", max_length=40)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField("申请时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="答复人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answer_note = models.CharField("答复说明", max_length=200, blank=True)

    objects = DutySwapQuerySet.as_manager()

    class Meta:
        verbose_name = "换班"
        verbose_name_plural = "换班"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state="asked"), name="one_open_swap_of_a_shift"
            ),
            models.CheckConstraint(condition=~Q(shift=F("other")), name="swap_between_two_shifts"),
        ]

    def __str__(self) -> str:
        return f"{self.name} 与 {self.other_name} 换班"
