"""Whom and what an entry mentions."""

from django.db import models

from directives.models import Directive
from events.models.events import Event
from organizations.models import Department, Person


class EventOfficial(models.Model):
    """A person in an entry, with name and post as printed."""

    event = models.ForeignKey(Event, verbose_name="条目", on_delete=models.CASCADE, related_name="officials")
    person = models.ForeignKey(
        Person, verbose_name="人员", on_delete=models.PROTECT, related_name="appearances"
    )
    order = models.PositiveIntegerField("次序")
    printed_name = models.CharField("印作", max_length=40)
    post = models.CharField("职务", max_length=120, blank=True)

    class Meta:
        verbose_name = "条目中的人员"
        verbose_name_plural = "条目中的人员"
        ordering = ["event", "order"]
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="official_once_per_event")]

    def __str__(self) -> str:
        return f"{self.post} {self.printed_name}".strip()


class EventDepartment(models.Model):
    """A department that an entry mentions."""

    event = models.ForeignKey(Event, verbose_name="条目", on_delete=models.CASCADE, related_name="mentions")
    department = models.ForeignKey(
        Department, verbose_name="部门", on_delete=models.PROTECT, related_name="event_mentions"
    )

    class Meta:
        verbose_name = "条目中的部门"
        verbose_name_plural = "条目中的部门"
        constraints = [
            models.UniqueConstraint(fields=["event", "department"], name="department_once_per_event")
        ]

    def __str__(self) -> str:
        return str(self.department)


class EventDirective(models.Model):
    """A 《document》 that an entry names; without ``directive`` it is 未收录."""

    event = models.ForeignKey(Event, verbose_name="条目", on_delete=models.CASCADE, related_name="citations")
    title = models.CharField("题名", max_length=300)
    directive = models.ForeignKey(
        Directive,
        verbose_name="文件",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
    )

    class Meta:
        verbose_name = "条目中的文件"
        verbose_name_plural = "条目中的文件"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["event", "title"], name="citation_once_per_event")]

    def __str__(self) -> str:
        return f"《{self.title}》"
