"""Writes of departments and people."""

from organizations.services.accounts import (
    create_account,
    disable_account,
    grant_role,
    reset_password,
    revoke_role,
    update_account,
)
from organizations.services.departments import DepartmentContent, add_alias, remove_alias, save_department
from organizations.services.directory import NameDirectory
from organizations.services.factors import reset_second_factor, unbind_identity, verify_person
from organizations.services.people import (
    PersonContent,
    VariantContent,
    correct_person,
    remove_variant,
    save_person,
)
from organizations.services.sessions import end_session, end_sessions
from organizations.services.tokens import issue_token, revoke_one_token, revoke_token

__all__ = [
    "DepartmentContent",
    "NameDirectory",
    "PersonContent",
    "VariantContent",
    "add_alias",
    "correct_person",
    "create_account",
    "disable_account",
    "end_session",
    "end_sessions",
    "grant_role",
    "issue_token",
    "remove_alias",
    "remove_variant",
    "reset_password",
    "reset_second_factor",
    "revoke_one_token",
    "revoke_role",
    "revoke_token",
    "save_department",
    "save_person",
    "unbind_identity",
    "update_account",
    "verify_person",
]
