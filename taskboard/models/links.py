"""Links between entries, documents and tasks that no printed citation makes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directives.models import Directive
from events.models import Event
from taskboard.models.tasks import Task
from taskboard.querysets import RecordLinkQuerySet

PAIRS = {
    "entry_and_document": Q(event__isnull=False, directive__isnull=False, task__isnull=True),
    "entry_and_task": Q(event__isnull=False, directive__isnull=True, task__isnull=False),
    "document_and_task": Q(event__isnull=True, directive__isnull=False, task__isnull=False),
}


class RecordLink(models.Model):
    """Two records that belong together: proposed by the portal or made by an editor.

    Exactly two of the three are set. A refused one stays, so that it is not
    proposed again. ``reasons`` are sentences, ``strength`` puts the surest first.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已关联"
        REFUSED = "refused", "不关联"

    event = models.ForeignKey(
        Event, verbose_name="大事记", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    directive = models.ForeignKey(
        Directive, verbose_name="文件", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    task = models.ForeignKey(
        Task, verbose_name="任务", null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED, db_index=True)
    reasons = models.JSONField("依据", default=list, blank=True)
    strength = models.PositiveSmallIntegerField("把握", default=0)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = RecordLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "记录关联"
        verbose_name_plural = "记录关联"
        ordering = ["-strength", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=PAIRS["entry_and_document"] | PAIRS["entry_and_task"] | PAIRS["document_and_task"],
                name="link_of_two",
            ),
            models.UniqueConstraint(
                fields=["event", "directive"],
                condition=PAIRS["entry_and_document"],
                name="link_event_directive",
            ),
            models.UniqueConstraint(
                fields=["event", "task"], condition=PAIRS["entry_and_task"], name="link_event_task"
            ),
            models.UniqueConstraint(
                fields=["directive", "task"], condition=PAIRS["document_and_task"], name="link_directive_task"
            ),
        ]

    def __str__(self) -> str:
        return " — ".join(str(end) for end in (self.event, self.directive, self.task) if end is not None)
