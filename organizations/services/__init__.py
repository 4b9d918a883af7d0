"""Writes of departments and people."""

from organizations.services.accounts import create_account, grant_role
from organizations.services.departments import DepartmentContent, save_department
from organizations.services.directory import NameDirectory

__all__ = ["DepartmentContent", "NameDirectory", "create_account", "grant_role", "save_department"]
