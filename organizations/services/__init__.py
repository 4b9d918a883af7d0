"""Writes of departments and people."""

from organizations.services.accounts import create_account, grant_role, issue_token
from organizations.services.departments import DepartmentContent, save_department
from organizations.services.directory import NameDirectory

__all__ = [
    "DepartmentContent",
    "NameDirectory",
    "create_account",
    "grant_role",
    "issue_token",
    "save_department",
]
