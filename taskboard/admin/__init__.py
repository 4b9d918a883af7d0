"""The records of the task board in the admin."""

from taskboard.admin import ledgers, stages, tasks

__all__ = ["ledgers", "stages", "tasks"]
