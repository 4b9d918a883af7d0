"""The first administrators of a portal without demo accounts."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from foundation.models import AuditEntry
from organizations.models import Role, RoleAssignment, User

pytestmark = pytest.mark.django_db
NAMES = ("wang-xitong", "li-anquan", "zhao-shenji")


def create(*names: str) -> str:
    output = StringIO()
    call_command("create_administrators", *names, stdout=output)
    return output.getvalue()


def test_three_people_get_one_role_each_and_change_their_passwords_first() -> None:
    lines = [line.split("\t") for line in create(*NAMES).splitlines()[:3]]
    assert [line[0] for line in lines] == list(NAMES)
    assert dict(RoleAssignment.objects.values_list("user__username", "role")) == {
        NAMES[0]: Role.SYSTEM_ADMIN,
        NAMES[1]: Role.SECURITY_ADMIN,
        NAMES[2]: Role.AUDIT_ADMIN,
    }
    for name, password, _ in lines:
        client = Client()
        answer = client.post("/accounts/login/", {"login": name, "password": password})
        assert answer.status_code == 302
        assert "/accounts/password/change/" in client.get("/tasks/", follow=True).redirect_chain[0][0]
    assert AuditEntry.objects.filter(action="user.grant_role").count() == 3


@pytest.mark.parametrize("names", [("a-one", "a-one", "b-two"), ("a-one", "b-two", "A-ONE")])
def test_one_person_cannot_hold_two_of_the_roles(names: tuple[str, str, str]) -> None:
    with pytest.raises(CommandError, match="三人"):
        create(*names)
    assert not User.objects.exists()


def test_where_there_is_an_administrator_others_are_made_by_them() -> None:
    create(*NAMES)
    with pytest.raises(CommandError, match="已经有管理员"):
        create("d-four", "e-five", "f-six")
    assert User.objects.count() == 3


def test_a_name_that_is_taken_leaves_nobody_half_made() -> None:
    User.objects.create(username=NAMES[2])
    with pytest.raises(CommandError, match="已经存在"):
        create(*NAMES)
    assert User.objects.count() == 1
