"""The records of the task board in the admin."""

from taskboard.admin import ledgerrows, ledgers, rhythm, stages, supervision, tasks, work

__all__ = ["ledgerrows", "ledgers", "rhythm", "stages", "supervision", "tasks", "work"]
