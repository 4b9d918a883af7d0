"""People as the records know them: a person is name + post."""

from django.db import models
from django.urls import reverse

from organizations.models.departments import Department
from organizations.models.sorting import PinyinField
from organizations.querysets import PersonQuerySet, PostQuerySet


class Person(models.Model):
    """One person; namesakes are rows of their own, told apart by ``qualifier``."""

    name = models.CharField("姓名", max_length=40, db_index=True)
    qualifier = models.CharField(
        "区分", max_length=80, blank=True, help_text="同名者以此区分，通常是职务；没有同名者时留空。"
    )
    note = models.TextField("备注", blank=True)
    sort_key = PinyinField("音序", source="name", person=True, db_index=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["sort_key", "name", "qualifier"]
        constraints = [models.UniqueConstraint(fields=["name", "qualifier"], name="person_identity")]

    def __str__(self) -> str:
        return f"{self.name}（{self.qualifier}）" if self.qualifier else self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return reverse("organizations:person", args=[self.pk])


class Post(models.Model):
    """A post as printed; a person may hold several.

    One that was ``learnt`` from a text is shown to visitors as far as the text is.
    """

    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.CASCADE, related_name="posts")
    title = models.CharField("职务", max_length=120)
    department = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    order = models.PositiveIntegerField("排序", default=0)
    learnt = models.BooleanField("得自原文", default=False, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "职务"
        verbose_name_plural = "职务"
        ordering = ["person", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["person", "title"], name="post_once_per_person")]

    def __str__(self) -> str:
        return f"{self.title} {self.person.name}"


class PersonVariant(models.Model):
    """A misprinted form of a name; the printed form stays in the text."""

    printed_name = models.CharField("印作", max_length=40, unique=True)
    person = models.ForeignKey(Person, verbose_name="认作", on_delete=models.CASCADE, related_name="variants")
    note = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "姓名异体"
        verbose_name_plural = "姓名异体"
        ordering = ["printed_name"]

    def __str__(self) -> str:
        return f"{self.printed_name} → {self.person}"
