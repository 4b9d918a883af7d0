"""How the streets lie to each other on the schematic map of the command screen: data, not code."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

WIDTH, HEIGHT = 400, 308
SMALLEST = 60
WITHIN_WIDTH = [MaxValueValidator(WIDTH)]
WITHIN_HEIGHT = [MaxValueValidator(HEIGHT)]


class StreetField(models.Model):
    """A street's field on the map (示意图), in units of a drawing 400 wide and 308 high."""

    name = models.CharField(
        "街道", max_length=40, unique=True, help_text="与站点所在街道一致，可省去“街道”二字"
    )
    left = models.PositiveSmallIntegerField("左", validators=WITHIN_WIDTH)
    top = models.PositiveSmallIntegerField("上", validators=WITHIN_HEIGHT)
    width = models.PositiveSmallIntegerField("宽", validators=[MinValueValidator(SMALLEST), *WITHIN_WIDTH])
    height = models.PositiveSmallIntegerField("高", validators=[MinValueValidator(SMALLEST), *WITHIN_HEIGHT])

    class Meta:
        verbose_name = "示意图街区"
        verbose_name_plural = "示意图街区"
        ordering = ["left", "top"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left__lte=WIDTH - F("width")) & Q(top__lte=HEIGHT - F("height")),
                name="street_field_on_the_map",
                violation_error_message=f"街区超出了示意图（宽 {WIDTH}、高 {HEIGHT}），请改小或移动。",
            ),
        ]

    def __str__(self) -> str:
        return self.name
