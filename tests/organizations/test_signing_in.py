"""Signing in and out: the pages there are, what goes on record, how often one may err."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from foundation.models import AuditEntry
from organizations.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Str0ng-enough-9"


def sign_in(client: Client, password: str = PASSWORD, name: str = "li", **extra: Any) -> Any:
    return client.post("/accounts/login/", {"login": name, "password": password}, **extra)


def recorded() -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("sequence")
    return [(row.action, row.actor_label, row.object_label) for row in rows]


@pytest.fixture
def li() -> User:
    user: User = UserFactory(username="li")
    return user


@pytest.mark.parametrize(
    "path",
    ["email/", "signup/", "password/reset/", "password/set/", "confirm-email/", "social/", ""],
)
def test_other_pages_of_the_library_are_not_there(li: User, path: str) -> None:
    client = Client()
    assert client.post(f"/accounts/{path}", {"email": "x@example.org", "action_add": ""}).status_code == 404
    client.force_login(li)
    assert client.post(f"/accounts/{path}", {"email": "x@example.org", "action_add": ""}).status_code == 404
    assert mail.outbox == []


def test_signing_in_and_out_and_a_new_password_are_on_record(li: User) -> None:
    client = Client()
    assert sign_in(client)["Location"] == "/"
    new = {"oldpassword": PASSWORD, "password1": "Baihua-2022-zz", "password2": "Baihua-2022-zz"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    client.post("/accounts/logout/")
    assert recorded() == [
        ("user.sign_in", "li", "li"),
        ("user.change_password", "li", "li"),
        ("user.sign_out", "li", "li"),
    ]
    li.refresh_from_db()
    assert li.check_password("Baihua-2022-zz")


@pytest.mark.parametrize("name", ["li", "nobody"])
def test_a_failure_is_on_record_with_the_name_alone(li: User, name: str) -> None:
    assert sign_in(Client(), "Secret-word-1", name).status_code == 200
    assert recorded() == [("user.fail_sign_in", "系统", name)]
    entry = AuditEntry.objects.get()
    assert entry.after == {"username": name}
    assert entry.object_id == (str(li.pk) if name == "li" else "")
    assert "Secret-word-1" not in str(vars(entry))


def test_a_wrong_old_password_changes_nothing_and_goes_on_record(li: User) -> None:
    client = Client()
    client.force_login(li)
    wrong = {"oldpassword": "x", "password1": "Baihua-2022-zz", "password2": "Baihua-2022-zz"}
    client.post("/accounts/password/change/", wrong)
    assert recorded() == [("user.fail_sign_in", "系统", "li")]
    assert User.objects.get(pk=li.pk).check_password(PASSWORD)


# -- how often one may err ------------------------------------------------------------------------


def wrong_tries(count: int) -> None:
    for _ in range(count):
        sign_in(Client(), "wrong")


def may_sign_in(minutes: float = 0, **extra: Any) -> bool:
    with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
        return bool(sign_in(Client(), **extra).status_code == 302)


@pytest.mark.parametrize(("tries", "open_"), [(4, True), (5, False), (6, False)])
def test_five_wrong_passwords_close_the_name(li: User, tries: int, open_: bool) -> None:
    with time_machine.travel(START, tick=False):
        wrong_tries(tries)
    assert may_sign_in() is open_


@pytest.mark.parametrize(("minutes", "open_"), [(29.9, False), (30, True), (30.1, True)])
def test_it_stays_closed_for_half_an_hour(li: User, minutes: float, open_: bool) -> None:
    with time_machine.travel(START, tick=False):
        wrong_tries(5)
    assert may_sign_in(minutes) is open_


def test_it_is_closed_from_everywhere_and_no_other_name_is(li: User) -> None:
    UserFactory(username="zhao")
    with time_machine.travel(START, tick=False):
        wrong_tries(5)
    assert not may_sign_in(REMOTE_ADDR="10.9.9.9")
    assert may_sign_in(name="zhao")


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:65535", "[::1]:8000"])
def test_it_is_closed_by_whatever_host_the_portal_is_called(li: User, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1", "[::1]"]
    with time_machine.travel(START, tick=False):
        wrong_tries(5)
    assert not may_sign_in(HTTP_HOST=host)


def test_the_closed_name_is_told_so(li: User) -> None:
    wrong_tries(5)
    page = sign_in(Client()).content.decode()
    assert "已暂停登录，最长 30 分钟" in page and "请联系系统管理员重设" in page
    assert not AuditEntry.objects.filter(action="user.sign_in").exists()
