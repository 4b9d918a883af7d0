"""What each figure of a department counts for in ranking and assessment."""

from django.conf import settings
from django.db import models


class AssessmentWeight(models.Model):
    """The points of one figure as somebody set them; what nobody set has the portal's own value (待确认)."""

    class Key(models.TextChoices):
        SIGN = "sign", "按时签收"
        REPORT = "report", "按期报送"
        CLOSE = "close", "按期完成"
        LIGHT = "light", "未亮红灯"
        RETURN = "return", "一次通过复核"
        LATE = "late", "逾期补报折算（%）"

    key = models.CharField("指标", max_length=10, choices=Key, unique=True)
    value = models.DecimalField("分值", max_digits=5, decimal_places=1)
    provisional = models.BooleanField("待确认", default=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="修改人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = "考核分值"
        verbose_name_plural = "考核分值"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__gte=0, value__lte=100), name="weight_within_a_hundred"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {self.value}"
