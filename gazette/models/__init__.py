"""Gazettes that were read, and issues composed here."""

from gazette.models.imports import ImportedRecord, ImportRun
from gazette.models.issues import Issue, IssueDocument

__all__ = ["ImportRun", "ImportedRecord", "Issue", "IssueDocument"]
