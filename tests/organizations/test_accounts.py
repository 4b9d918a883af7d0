"""Creating accounts and granting roles."""

from datetime import UTC, datetime

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import Role, User
from organizations.services import create_account, grant_role, issue_token

AT = datetime(2022, 8, 1, tzinfo=UTC)
GOOD = "Chaoyang-2022-xy"
pytestmark = pytest.mark.django_db


def person(username: str, *roles: Role) -> User:
    user = create_account(actor=None, at=AT, username=username, password=GOOD)
    for role in roles:
        grant_role(actor=None, at=AT, user=user, role=role)
    return User.objects.get(pk=user.pk)


def test_a_new_account_has_no_role() -> None:
    assert not person("li").assignments.exists()


def test_a_name_is_taken_once() -> None:
    person("li")
    with pytest.raises(StateConflict):
        person("li")


@pytest.mark.parametrize("password", ["short", "password", "1234567890"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        create_account(actor=None, at=AT, username="li", password=password)
    assert not User.objects.exists()


def test_accounts_are_the_system_administrators_and_roles_the_security_administrators() -> None:
    system, security = person("sys", Role.SYSTEM_ADMIN), person("sec", Role.SECURITY_ADMIN)
    made = create_account(actor=system, at=AT, username="li", password=GOOD)
    grant_role(actor=security, at=AT, user=made, role=Role.EDITOR)
    with pytest.raises(PermissionRefused):
        grant_role(actor=system, at=AT, user=made, role=Role.PUBLISHER)
    with pytest.raises(PermissionRefused):
        create_account(actor=security, at=AT, username="zhao", password=GOOD)
    assert list(made.assignments.values_list("role", flat=True)) == [Role.EDITOR]


def test_the_three_administrators_are_different_people() -> None:
    system = person("sys", Role.SYSTEM_ADMIN)
    with pytest.raises(InvalidInput):
        grant_role(actor=None, at=AT, user=system, role=Role.AUDIT_ADMIN)


def test_granting_twice_changes_nothing() -> None:
    user = person("li", Role.EDITOR)
    grant_role(actor=None, at=AT, user=user, role=Role.EDITOR)
    assert user.assignments.count() == 1
    assert AuditEntry.objects.filter(action="user.grant_role").count() == 1


def test_keepers_of_records_reach_the_admin_pages_and_officers_do_not() -> None:
    assert person("li", Role.EDITOR).is_staff
    assert not person("zhao", Role.DEPARTMENT_OFFICER).is_staff


def test_a_token_for_somebody_else_needs_the_right() -> None:
    editor = person("li", Role.EDITOR)
    with pytest.raises(PermissionRefused):
        issue_token(actor=editor, at=AT, username="li")
