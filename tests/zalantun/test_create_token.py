"""``manage.py create_token``: the token alone on standard output."""

import pytest
from django.core.management import call_command
from rest_framework.authtoken.models import Token

from foundation.models import AuditEntry
from organizations.models import User

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


def test_it_prints_the_token_and_nothing_else(capsys: Captured) -> None:
    user = User.objects.create_user("wang")
    call_command("create_token", "wang")
    out, err = capsys.readouterr()
    assert out == Token.objects.get(user=user).key + "\n"
    assert err == ""


def test_the_same_token_each_time_and_each_time_on_record(capsys: Captured) -> None:
    User.objects.create_user("wang")
    call_command("create_token", "wang")
    call_command("create_token", "wang")
    first, second = capsys.readouterr().out.split()
    assert first == second
    assert list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "user.issue_token",
        "user.show_token",
    ]


@pytest.mark.parametrize("active", [None, False])
def test_nobody_and_the_disabled_get_none(capsys: Captured, active: bool | None) -> None:
    if active is not None:
        User.objects.create_user("wang", is_active=active)
    with pytest.raises(SystemExit) as stopped:
        call_command("create_token", "wang")
    out, err = capsys.readouterr()
    assert stopped.value.code == 1
    assert out == ""
    assert "“wang”" in err and err.count("\n") == 1
    assert not Token.objects.exists()


def test_a_revoked_token_is_gone_and_the_next_is_another(capsys: Captured) -> None:
    User.objects.create_user("wang")
    call_command("create_token", "wang")
    call_command("revoke_token", "wang", reason="离岗")
    assert not Token.objects.exists()
    call_command("create_token", "wang")
    first, second = capsys.readouterr().out.split()
    assert first != second
    assert AuditEntry.objects.get(action="user.revoke_token").reason == "离岗"


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_where_there_is_none_to_revoke_a_sentence_says_so(capsys: Captured, name: str) -> None:
    User.objects.create_user("wang")
    with pytest.raises(SystemExit):
        call_command("revoke_token", name)
    assert f"“{name}”" in capsys.readouterr().err
