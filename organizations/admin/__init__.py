"""Departments, people, accounts, roles and sign-ins in the admin."""

from organizations.admin import accounts, names, signins

__all__ = ["accounts", "names", "signins"]
