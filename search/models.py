"""The index, what waits to enter it, and searches that people keep."""

from django.conf import settings
from django.db import models

from search.querysets import SearchEntryQuerySet


class SearchEntry(models.Model):
    """A record for one audience, as it is found; rows are replaced and never changed.

    Beside the columns named here the database keeps the index over ``grams``:
    a table of FTS5 on SQLite, a column of lexemes on PostgreSQL.
    """

    kind = models.CharField("种类", max_length=20)
    object_id = models.BigIntegerField("编号")
    visibility = models.CharField("可见范围", max_length=80, blank=True)
    day = models.DateField("日期", null=True)
    last_day = models.DateField("最后日期", null=True)
    sort_day = models.DateField("排序日期")
    changed_at = models.DateTimeField("编入时间")
    title_length = models.PositiveIntegerField("标题长度")
    own_length = models.PositiveIntegerField("本文长度", default=0)
    title = models.CharField("标题", max_length=400)
    note = models.CharField("附注", max_length=500, blank=True)
    url = models.CharField("地址", max_length=300)
    keys = models.TextField("键")
    folded = models.TextField("比对文字")
    text = models.TextField("文字")
    anchors = models.JSONField("锚点", default=list)
    grams = models.TextField("字组")

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        db_table = "search_entry"
        verbose_name = "搜索条目"
        verbose_name_plural = "搜索条目"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "visibility"], name="search_entry_once")
        ]
        indexes = [
            models.Index(fields=["-sort_day", "-id"], name="search_newest"),
            models.Index(fields=["kind", "-sort_day", "-id"], name="search_newest_of_kind"),
        ]

    def __str__(self) -> str:
        return self.title


class Pending(models.Model):
    """A record that has changed since it was indexed; the database's triggers write these rows."""

    kind = models.CharField("种类", max_length=20)
    object_id = models.BigIntegerField("编号")

    class Meta:
        verbose_name = "待编入搜索的记录"
        verbose_name_plural = "待编入搜索的记录"

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SavedSearch(models.Model):
    """A search that a person keeps; ``query`` is the part of its address behind the question mark.

    ``told_at`` is when it was last looked at for a digest.
    """

    class Rhythm(models.TextChoices):
        NEVER = "never", "不推送"
        DAILY = "daily", "每天"
        WEEKLY = "weekly", "每周一"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="所有人",
        on_delete=models.CASCADE,
        related_name="saved_searches",
    )
    name = models.CharField("名称", max_length=60)
    query = models.CharField("条件", max_length=800)
    rhythm = models.CharField("推送", max_length=10, choices=Rhythm, default=Rhythm.NEVER)
    created_at = models.DateTimeField("保存时间")
    told_at = models.DateTimeField("上次查看", null=True, blank=True)

    class Meta:
        verbose_name = "保存的搜索"
        verbose_name_plural = "保存的搜索"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once"),
            models.UniqueConstraint(fields=["owner", "query"], name="saved_search_query_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ToldRecord(models.Model):
    """A record that a saved search has shown its owner: no digest names it again."""

    search = models.ForeignKey(
        SavedSearch, verbose_name="搜索", on_delete=models.CASCADE, related_name="told"
    )
    kind = models.CharField("种类", max_length=20)
    object_id = models.BigIntegerField("编号")

    class Meta:
        verbose_name = "已告知的记录"
        verbose_name_plural = "已告知的记录"
        constraints = [
            models.UniqueConstraint(fields=["search", "kind", "object_id"], name="told_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.search} {self.kind} {self.object_id}"
