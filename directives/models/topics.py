"""Subjects that documents and chronicle entries are filed under."""

from django.db import models

from directives.querysets import TopicQuerySet


class Topic(models.Model):
    """A subject; its rules say which records are filed under it."""

    slug = models.SlugField("代号", max_length=40, unique=True)
    name = models.CharField("主题", max_length=40, unique=True)
    order = models.PositiveIntegerField("排序", default=100)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "主题"
        verbose_name_plural = "主题"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def simple_rule(self) -> "TopicRule | None":
        """The rule that asks for any of some words and for nothing else."""
        return self.rules.filter(place="anywhere", records="all", all_of=[], none_of=[]).first()

    @property
    def words(self) -> list[str]:
        """The words of the simple rule."""
        rule = self.simple_rule()
        return list(rule.any_of) if rule else []


class TopicRule(models.Model):
    """One way into a subject: words that must and must not occur in a record.

    A record fits when it holds one of ``any_of`` (where there are any), all of
    ``all_of`` and none of ``none_of``; it is filed under a subject when it fits
    at least one of its rules.
    """

    class Place(models.TextChoices):
        ANYWHERE = "anywhere", "标题或正文"
        TITLE = "title", "标题"
        TEXT = "text", "正文"

    class Records(models.TextChoices):
        ALL = "all", "大事记与文件"
        EVENTS = "events", "大事记"
        DIRECTIVES = "directives", "文件"

    topic = models.ForeignKey(Topic, verbose_name="主题", on_delete=models.CASCADE, related_name="rules")
    records = models.CharField("适用于", max_length=12, choices=Records, default=Records.ALL)
    place = models.CharField("查找位置", max_length=10, choices=Place, default=Place.ANYWHERE)
    any_of = models.JSONField("出现其一", default=list, blank=True)
    all_of = models.JSONField("须全部出现", default=list, blank=True)
    none_of = models.JSONField("不得出现", default=list, blank=True)

    class Meta:
        verbose_name = "归类规则"
        verbose_name_plural = "归类规则"
        ordering = ["topic", "pk"]

    def __str__(self) -> str:
        return f"{self.topic}：{'、'.join([*self.any_of, *self.all_of])}"
