"""Gazettes that were read, and issues composed here; names carried over."""

from gazette.models.imports import ImportedRecord, ImportRun
from gazette.models.issues import Issue, IssueDocument
from gazette.models.names import DepartmentMerge, NamesRun

__all__ = ["DepartmentMerge", "ImportRun", "ImportedRecord", "Issue", "IssueDocument", "NamesRun"]
