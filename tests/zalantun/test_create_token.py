"""``manage.py create_token``: the token alone on standard output."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from foundation.models import AuditEntry
from organizations.models import ApiToken, User
from organizations.services.tokens import digest_of

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


def in_force() -> list[str]:
    return list(ApiToken.objects.in_force(timezone.now()).order_by("pk").values_list("digest", flat=True))


def test_it_prints_the_token_and_nothing_else(capsys: Captured) -> None:
    User.objects.create_user("wang")
    call_command("create_token", "wang")
    out, err = capsys.readouterr()
    assert in_force() == [digest_of(out.removesuffix("\n"))]
    assert (out.count("\n"), err) == (1, "")


def test_only_a_hash_is_kept_and_each_call_makes_another_on_record(capsys: Captured) -> None:
    user = User.objects.create_user("wang")
    call_command("create_token", "wang")
    call_command("create_token", "wang", scope="read", days=3)
    first, second = capsys.readouterr().out.split()
    kept = list(ApiToken.objects.order_by("pk").values())
    assert first != second and first not in str(kept)
    assert [token["scope"] for token in kept] == ["all", "read"]
    assert kept[1]["expires_at"] - kept[1]["issued_at"] == timedelta(days=3)
    recorded = AuditEntry.objects.about(user).order_by("sequence")
    assert list(recorded.values_list("action", flat=True)) == ["user.issue_token"] * 2
    assert first not in str(list(recorded.values()))


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
    assert in_force() == []


def test_a_revoked_token_is_gone_and_the_next_is_another(capsys: Captured) -> None:
    User.objects.create_user("wang")
    call_command("create_token", "wang")
    call_command("revoke_token", "wang", reason="离岗")
    assert in_force() == []
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
