"""Writes of departments and people."""

from organizations.services.departments import DepartmentContent, save_department
from organizations.services.directory import NameDirectory

__all__ = ["DepartmentContent", "NameDirectory", "save_department"]
