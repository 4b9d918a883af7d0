"""Departments, streets and other bodies."""

from django.db import models
from django.urls import reverse

from organizations.models.sorting import PinyinField
from organizations.querysets import DepartmentQuerySet


class Department(models.Model):
    """A body that leads, supports, reports or is mentioned.

    ``name`` is the canonical name; every other printed form is an alias. One that
    was ``learnt`` from a text is shown to visitors as far as the text is. One that
    was ``merged_into`` another keeps its history; its address leads to the other.
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government", "政府部门"
        PARTY = "party", "党委部门"
        STREET = "street", "街道"
        TOWNSHIP = "township", "乡镇"
        INSTITUTION = "institution", "事业单位"
        ENTERPRISE = "enterprise", "企业"
        FORCE = "force", "武装力量"
        GROUP = "group", "议事协调机构"
        COLLECTIVE = "collective", "一类单位的统称"
        UNSORTED = "unsorted", "待归类"

    slug = models.SlugField("代号", max_length=80, unique=True, allow_unicode=True)
    name = models.CharField("规范名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=20, choices=Kind, default=Kind.UNSORTED)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name="已并入",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    office_phone = models.CharField("办公电话", max_length=40, blank=True)
    order = models.PositiveIntegerField("排序", default=1000)
    is_active = models.BooleanField("在用", default=True)
    learnt = models.BooleanField("得自原文", default=False, editable=False)
    sort_key = PinyinField("音序", source="name", db_index=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "部门"
        verbose_name_plural = "部门"
        ordering = ["order", "sort_key", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The department's page."""
        return reverse("organizations:department", args=[self.slug])


class DepartmentAlias(models.Model):
    """Another printed form of a department's name."""

    name = models.CharField("别名", max_length=80, unique=True)
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.CASCADE, related_name="aliases"
    )

    class Meta:
        verbose_name = "部门别名"
        verbose_name_plural = "部门别名"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} = {self.department}"
