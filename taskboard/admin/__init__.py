"""The records of the task board in the admin."""

from taskboard.admin import desk, ledgerrows, ledgers, rhythm, stages, supervision, tasks, work

__all__ = ["desk", "ledgerrows", "ledgers", "rhythm", "stages", "supervision", "tasks", "work"]
