"""The records of the task board in the admin."""

from taskboard.admin import desk, ledgerrows, ledgers, links, rhythm, stages, supervision, tasks, work

__all__ = ["desk", "ledgerrows", "ledgers", "links", "rhythm", "stages", "supervision", "tasks", "work"]
