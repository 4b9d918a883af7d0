"""Days of the calendar of working days that were entered here."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class CalendarDay(models.Model):
    """A day that is not as its weekday is: a holiday, or a weekend that is made up (调休补班)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班", default=False)
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "日历日"
        verbose_name_plural = "日历日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}{'上班' if self.is_working else '放假'}"


class CalendarYear(models.Model):
    """A year whose holidays have been entered whole; before that nothing is reckoned in it."""

    year = models.PositiveSmallIntegerField(
        "年份", unique=True, validators=[MinValueValidator(2004), MaxValueValidator(2200)]
    )
    source = models.CharField("依据", max_length=200)
    confirmed_at = models.DateTimeField("确认时间")

    class Meta:
        verbose_name = "日历年"
        verbose_name_plural = "日历年"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}年"
