"""The lights of tasks, kept day by day."""

from django.db import models

from taskboard.models.tasks import Task


class LightSnapshot(models.Model):
    """The light of a task at the beginning of a day, never changed afterwards.

    A closed task is kept once; it stays closed until a later row says otherwise.
    """

    task = models.ForeignKey(
        Task, verbose_name="任务", on_delete=models.CASCADE, related_name="light_snapshots"
    )
    day = models.DateField("日期")
    colour = models.CharField("灯", max_length=8)
    word = models.CharField("文字", max_length=12)
    state = models.CharField("状态", max_length=12, choices=Task.State)
    due = models.DateField("时限", null=True, blank=True)

    class Meta:
        verbose_name = "灯的记录"
        verbose_name_plural = "灯的记录"
        ordering = ["task", "day"]
        constraints = [models.UniqueConstraint(fields=["task", "day"], name="one_light_a_day")]
        indexes = [models.Index(fields=["colour", "day"], name="light_colour_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.word}"
