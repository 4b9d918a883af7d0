"""The records of the task board in the admin."""

from taskboard.admin import ledgers, tasks

__all__ = ["ledgers", "tasks"]
