"""Subjects that documents and chronicle entries are filed under."""

from django.db import models


class Topic(models.Model):
    """A subject with the words that suggest it."""

    slug = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("主题", max_length=40, unique=True)
    words = models.JSONField("判定词", default=list, blank=True, help_text="出现任一词语即归入本主题。")
    order = models.PositiveIntegerField("排序", default=100)

    class Meta:
        verbose_name = "主题"
        verbose_name_plural = "主题"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
