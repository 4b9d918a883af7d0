"""Departments, people, users and who may do what."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Departments, people, users and roles."""

    name = "organizations"
    verbose_name = "机构与人员"
