"""Who wants to be told of what happens to a document."""

from django.conf import settings
from django.db import models

from directives.models.directives import Directive


class Follow(models.Model):
    """A person follows a document.

    ``known`` names what has happened to it already (``status:repealed:2023-05-08``,
    ``cited:12``): nothing is told twice, and nothing that was so before.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="关注人", on_delete=models.CASCADE, related_name="follows"
    )
    directive = models.ForeignKey(
        Directive, verbose_name="文件", on_delete=models.CASCADE, related_name="follows"
    )
    known = models.JSONField("已知事项", default=list, blank=True)
    created_at = models.DateTimeField("关注时间")

    class Meta:
        verbose_name = "文件关注"
        verbose_name_plural = "文件关注"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "directive"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.user} 关注 {self.directive}"
