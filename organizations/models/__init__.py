"""Departments and streets, people and their posts, users and their roles."""

from organizations.models.departments import Department, DepartmentAlias
from organizations.models.people import Person, PersonVariant, Post
from organizations.models.signins import ApiToken, BrowserSession, FormerPassword
from organizations.models.users import Role, RoleAssignment, User

__all__ = [
    "ApiToken",
    "BrowserSession",
    "Department",
    "DepartmentAlias",
    "FormerPassword",
    "Person",
    "PersonVariant",
    "Post",
    "Role",
    "RoleAssignment",
    "User",
]
