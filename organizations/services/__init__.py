"""Writes of departments and people."""

from organizations.services.accounts import create_account, grant_role, issue_token
from organizations.services.departments import DepartmentContent, save_department
from organizations.services.directory import NameDirectory
from organizations.services.people import PersonContent, VariantContent, save_person

__all__ = [
    "DepartmentContent",
    "NameDirectory",
    "PersonContent",
    "VariantContent",
    "create_account",
    "grant_role",
    "issue_token",
    "save_department",
    "save_person",
]
