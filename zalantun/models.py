"""Signs of life."""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of one process of the portal, on any host.

    ``name`` is ``<kind>/<host>``: ``beat/web1``, ``worker:default/web1``.
    """

    name = models.CharField("名称", max_length=200, unique=True)
    at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "运行信号"
        verbose_name_plural = "运行信号"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
