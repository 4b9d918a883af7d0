"""Accounts of gauge networks (站网): they hand in the readings of their own stations and nothing else."""

from django.conf import settings
from django.db import models


class NetworkAccount(models.Model):
    """An account that is tied to a network: its token posts readings of that network's stations only."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        on_delete=models.CASCADE,
        related_name="gauge_network",
    )
    network = models.CharField("站网", max_length=80)
    tied_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "站网账号"
        verbose_name_plural = "站网账号"
        ordering = ["network", "user"]

    def __str__(self) -> str:
        return f"{self.user}：{self.network}"
