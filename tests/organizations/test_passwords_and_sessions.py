"""Passwords that are taken and changed, sign-ins that end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from foundation.models import AuditEntry
from organizations.models import ApiToken, User
from organizations.services import create_account, reset_password, update_account
from tests.accounts import person, token_for
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Str0ng-enough-9"
NEW = "Baihua-2022-zz"


def signed_in(name: str = "li", password: str = PASSWORD) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": name, "password": password}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/accounts/password/change/").status_code == 200)


@pytest.mark.parametrize(
    ("password", "taken"),
    [("Qzwx-12", False), ("Qzwx-123", True), ("qzwx1234", False), ("Qzwx1234", True), ("Password1", False)],
)
def test_length_classes_and_the_list_of_common_ones(password: str, taken: bool) -> None:
    if taken:
        validate_password(password)
        return
    with pytest.raises(ValidationError):
        validate_password(password)


def test_the_rules_are_told_in_the_words_of_the_portal() -> None:
    create_account(actor=None, at=AT, username="li", password=PASSWORD)
    page = signed_in().get("/accounts/password/change/").content.decode()
    for rule in ("密码至少 8 个字符。", "密码不能是常见的密码。", "密码不能全是数字。", "姓名或邮箱太相似。"):
        assert rule in page
    assert "你" not in page


def test_a_former_password_is_not_taken_again() -> None:
    user = create_account(actor=None, at=AT, username="li", password=PASSWORD)
    reset_password(actor=None, at=AT, user=user, password=NEW, reason="试")
    user.refresh_from_db()
    for former in (PASSWORD, NEW):
        with pytest.raises(ValidationError):
            validate_password(former, user)


def test_a_password_that_another_gave_is_changed_first() -> None:
    create_account(actor=person("system_admin"), at=AT, username="li", password=PASSWORD)
    client = signed_in()
    assert client.get("/inbox/")["Location"] == "/accounts/password/change/"
    assert client.get("/api/v1/events/").status_code == 403
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", change).status_code == 302
    assert client.get("/accounts/password/change/").status_code == 200
    assert client.get("/inbox/")["Location"] == "/accounts/waiting/"


@pytest.mark.parametrize(("age", "led"), [(89.9, False), (90, True), (90.1, True)])
def test_an_old_password_is_changed_first(settings: Any, age: float, led: bool) -> None:
    settings.PASSWORD_MAX_AGE_DAYS = 90
    UserFactory(username="li", password_set_at=AT)
    with time_machine.travel(AT + timedelta(days=age), tick=False):
        assert (signed_in().get("/inbox/").status_code == 302) is led


def test_signing_in_gives_a_new_session_key() -> None:
    UserFactory(username="li")
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    old = str(session.session_key)
    client.cookies["sessionid"] = old
    client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert client.session.session_key != old


@pytest.mark.parametrize(("hours", "in_"), [(11.99, True), (12, False), (12.01, False)])
def test_a_busy_session_ends_after_twelve_hours(settings: Any, hours: float, in_: bool) -> None:
    settings.SESSION_IDLE_SECONDS = settings.SESSION_COOKIE_AGE = 48 * 3600
    UserFactory(username="li")
    with time_machine.travel(AT, tick=False):
        client = signed_in()
    with time_machine.travel(AT + timedelta(hours=hours), tick=False):
        assert is_in(client) is in_


def test_a_new_password_ends_the_other_sessions_and_keeps_this() -> None:
    UserFactory(username="li")
    here, elsewhere = signed_in(), signed_in()
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post("/accounts/password/change/", change)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_the_old_password_is_guessed_no_more_often_than_at_the_door() -> None:
    user: User = UserFactory(username="li")
    client = signed_in()
    change = {"oldpassword": "Wrong-one-9", "password1": NEW, "password2": NEW}
    for _ in range(5):
        assert client.post("/accounts/password/change/", change).status_code == 200
    assert AuditEntry.objects.about(user).filter(action="user.fail_sign_in").count() == 5
    # The right one comes too late, here as at the door.
    client.post("/accounts/password/change/", {**change, "oldpassword": PASSWORD})
    door = Client().post("/accounts/login/", {"login": "li", "password": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD) and door.status_code == 200


def test_a_session_with_a_new_password_is_still_listed_and_ended_with_the_account() -> None:
    user: User = UserFactory(username="li")
    client = signed_in()
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", change).status_code == 302
    assert [row.session_key for row in user.browser_sessions.all()] == [client.session.session_key]
    assert "本次" in client.get("/accounts/security/").content.decode()
    for active in (False, True):
        update_account(
            actor=None, at=AT, user=user, display_name="", email="", is_active=active, reason="离岗"
        )
    assert not is_in(client)


def test_it_is_ended_by_its_person_from_elsewhere() -> None:
    UserFactory(username="li")
    first = signed_in()
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    first.post("/accounts/password/change/", change)
    second = signed_in(password=NEW)
    second.post("/accounts/security/sessions/end/")
    assert (is_in(first), is_in(second)) == (False, True)


def test_a_disabled_persons_sessions_and_tokens_end_at_once_and_stay_ended() -> None:
    user: User = UserFactory(username="li")
    client, token = signed_in(), {"Authorization": f"Token {token_for(user)}"}
    for active in (False, True):
        update_account(
            actor=None, at=AT, user=user, display_name="", email="", is_active=active, reason="离岗"
        )
        assert not is_in(client)
        assert Client().get("/api/v1/tasks/", headers=token).status_code == 401
    assert not user.browser_sessions.exists()
    assert not ApiToken.objects.in_force(AT).exists()


@pytest.mark.parametrize(
    ("scope", "report", "decide"), [("read", 403, 403), ("report", 400, 403), ("all", 400, 400)]
)
def test_a_token_does_what_its_scope_says(scope: str, report: int, decide: int) -> None:
    token = {"Authorization": f"Token {token_for(person('commander'), scope)}"}
    post: Any = {"headers": token, "content_type": "application/json"}
    assert Client().get("/api/v1/tasks/", headers=token).status_code == 200
    assert Client().post("/api/v1/flood/incidents/", {}, **post).status_code == report
    assert Client().post("/api/v1/flood/responses/", {}, **post).status_code == decide


def test_a_token_that_has_run_out_opens_nothing() -> None:
    text = token_for(person("viewer"))
    ApiToken.objects.update(expires_at=AT)
    with time_machine.travel(AT, tick=False):
        answer = Client().get("/api/v1/tasks/", headers={"Authorization": f"Token {text}"})
    assert answer.status_code == 401
