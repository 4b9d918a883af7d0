"""Supplies for flood protection: what a unit holds where, what it should hold, every move."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from floodresponse.models.plan import Level
from floodresponse.resources.querysets import SupplyMinimumQuerySet, SupplyQuerySet
from organizations.models import Department

DIGITS, PLACES = 12, 2


class Supply(models.Model):
    """A stock of one article at one place; its quantity follows from the moves and never falls below zero."""

    unit = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="flood_supplies"
    )
    name = models.CharField("物资", max_length=60)
    place = models.CharField("存放地点", max_length=120, blank=True)
    measure = models.CharField("计量单位", max_length=12)
    quantity = models.DecimalField("数量", default=0, max_digits=DIGITS, decimal_places=PLACES)
    keeper = models.CharField("保管人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)

    objects = SupplyQuerySet.as_manager()

    class Meta:
        verbose_name = "防汛物资"
        verbose_name_plural = "防汛物资"
        ordering = ["unit", "name", "place"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "place"], name="supply_once_a_place"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="supply_never_negative"),
        ]

    def __str__(self) -> str:
        where = f"（{self.place}）" if self.place else ""
        return f"{self.unit} {self.name}{where}"

    def get_absolute_url(self) -> str:
        """The stock's page."""
        return reverse("floodresponse:supply", args=[self.pk])


class SupplyMinimum(models.Model):
    """What a unit should hold of an article before a level is declared."""

    unit = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.PROTECT, related_name="flood_minimums"
    )
    name = models.CharField("物资", max_length=60)
    level = models.PositiveSmallIntegerField("级别", choices=Level)
    quantity = models.DecimalField(
        "最低数量", validators=[MinValueValidator(0)], max_digits=DIGITS, decimal_places=PLACES
    )

    objects = SupplyMinimumQuerySet.as_manager()

    class Meta:
        verbose_name = "物资最低储备"
        verbose_name_plural = "物资最低储备"
        ordering = ["unit", "name", "-level"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "level"], name="minimum_once_a_level"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="minimum_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.name} {self.get_level_display()}"


class SupplyMove(models.Model):
    """One move of a stock, never changed; ``after`` is what was there then.

    A transfer is two moves that name each other's stock: out of one, into the other.
    """

    class Kind(models.TextChoices):
        IN = "in", "入库"
        OUT = "out", "出库"
        SENT = "sent", "调出"
        RECEIVED = "received", "调入"
        COUNTED = "counted", "盘点"

    supply = models.ForeignKey(Supply, verbose_name="物资", on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField("动作", max_length=8, choices=Kind)
    change = models.DecimalField("增减", max_digits=DIGITS, decimal_places=PLACES)
    after = models.DecimalField("结存", max_digits=DIGITS, decimal_places=PLACES)
    other = models.ForeignKey(
        Supply,
        verbose_name="对方库存",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="other_moves",
    )
    reason = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "物资出入"
        verbose_name_plural = "物资出入"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(after__gte=0), name="nothing_left_is_the_least"),
            models.CheckConstraint(
                condition=Q(kind__in=["sent", "received"], other__isnull=False)
                | (~Q(kind__in=["sent", "received"]) & Q(other__isnull=True)),
                name="transfer_names_the_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.change}"
