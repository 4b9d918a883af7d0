"""Permissions come from the one table alone."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Role, User
from organizations.rules import PERMISSIONS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_djangos_superuser_may_nothing_that_the_table_does_not_say() -> None:
    user: User = UserFactory(is_superuser=True, is_staff=True)
    assert not [name for name in PERMISSIONS if user.has_perm(name)]
    assert not user.has_module_perms("organizations")


def test_djangos_own_permissions_count_for_nothing() -> None:
    user: User = UserFactory()
    permission = Permission.objects.get(codename="change_user")
    user.user_permissions.add(permission)
    assert not user.has_perm("organizations.change_user")
    assert user.get_all_permissions() == set()


def test_what_a_role_holds_the_disabled_does_not() -> None:
    assert UserFactory(role=Role.EDITOR).has_perm("events.change_event")
    assert not UserFactory(role=Role.EDITOR, is_active=False).has_perm("events.change_event")


@pytest.mark.parametrize("role", Role.values)
def test_asking_many_times_costs_one_query(role: str) -> None:
    user = UserFactory(role=role)
    with CaptureQueriesContext(connection) as captured:
        for name in PERMISSIONS:
            user.has_perm(name)
    assert len(captured) == 1
