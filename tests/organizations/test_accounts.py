"""Creating accounts and granting roles."""

from datetime import UTC, datetime

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import ApiToken, Role, RoleAssignment, User
from organizations.services import (
    create_account,
    grant_role,
    issue_token,
    reset_password,
    revoke_role,
    revoke_token,
    update_account,
)

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
        issue_token(actor=editor, at=AT, username=person("zhao").username)
    assert issue_token(actor=editor, at=AT, username="li")


# -- roles: never for oneself, never the last one -------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_himself_a_role(role: Role) -> None:
    security = person("sec", Role.SECURITY_ADMIN)
    with pytest.raises(PermissionRefused, match="不能给自己"):
        grant_role(actor=security, at=AT, user=security, role=role)
    assert list(security.assignments.values_list("role", flat=True)) == [Role.SECURITY_ADMIN]


def test_nobody_takes_a_role_from_himself() -> None:
    security = person("sec", Role.SECURITY_ADMIN, Role.VIEWER)
    held = security.assignments.get(role=Role.VIEWER)
    with pytest.raises(PermissionRefused, match="不能给自己"):
        revoke_role(actor=security, at=AT, assignment=held, reason="试")
    assert security.assignments.count() == 2


ADMINISTRATORS = [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


def revoke(user: User, role: Role) -> None:
    revoke_role(actor=None, at=AT, assignment=user.assignments.get(role=role), reason="轮岗")


def disable(user: User) -> None:
    update_account(actor=None, at=AT, user=user, display_name="", email="", is_active=False, reason="离岗")


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_last_administrator_keeps_the_role_and_the_account(role: Role) -> None:
    last = person("last", role)
    person("gone", role)
    User.objects.filter(username="gone").update(is_active=False)
    with pytest.raises(StateConflict, match=role.label):
        revoke(last, role)
    with pytest.raises(StateConflict, match=role.label):
        disable(last)
    last.refresh_from_db()
    assert last.is_active and last.assignments.filter(role=role).exists()


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_one_of_two_administrators_may_go(role: Role) -> None:
    person("one", role)
    disable(person("other", role))
    person("third", role)
    revoke(person("fourth", role), role)
    assert RoleAssignment.objects.filter(role=role, user__is_active=True).count() == 2


def test_the_last_of_another_role_may_go() -> None:
    editor = person("li", Role.EDITOR)
    revoke(editor, Role.EDITOR)
    disable(editor)
    assert not editor.assignments.exists()


# -- tokens ---------------------------------------------------------------------------------------


def test_another_password_ends_the_token() -> None:
    user = person("li")
    issue_token(actor=None, at=AT, username="li")
    reset_password(actor=None, at=AT, user=user, password="Baihua-2022-zz", reason="忘记")
    assert not ApiToken.objects.in_force(AT).exists()
    assert AuditEntry.objects.filter(action="user.revoke_token", reason="忘记").count() == 1


def test_a_disabled_account_loses_its_token() -> None:
    user = person("li")
    issue_token(actor=None, at=AT, username="li")
    disable(user)
    assert not ApiToken.objects.in_force(AT).exists()
    assert AuditEntry.objects.filter(action="user.revoke_token", reason="离岗").count() == 1


def test_revoking_a_token_needs_the_right() -> None:
    editor = person("li", Role.EDITOR)
    issue_token(actor=None, at=AT, username="li")
    with pytest.raises(PermissionRefused):
        revoke_token(actor=editor, at=AT, username="li", reason="试")
    assert ApiToken.objects.in_force(AT).count() == 1
