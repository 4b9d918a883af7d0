"""Who has to have a second factor, how its secret is kept, and what goes on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from foundation.models import AuditEntry
from organizations.models import Role, User
from organizations.rules import SECOND_FACTOR_ROLES
from tests.accounts import browser_of, person
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "Str0ng-enough-9"


def code_now() -> str:
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


@pytest.fixture
def required(settings: Any) -> None:
    settings.MFA_REQUIRED = True


@pytest.mark.parametrize("role", Role.values)
def test_where_it_is_required_the_roles_named_are_led_to_set_it_up(required: None, role: str) -> None:
    browser = browser_of(role)
    page, api = browser.get("/inbox/"), browser.get("/api/v1/tasks/")
    if role in SECOND_FACTOR_ROLES:
        assert page["Location"] == "/accounts/2fa/"
        assert api.status_code == 403 and "两步验证" in api.json()["detail"]
    else:
        assert page.status_code == 200 and api.status_code == 200


def test_whoever_has_it_set_up_goes_on(required: None) -> None:
    TOTP.activate(person("commander"), SECRET)
    assert browser_of("commander").get("/inbox/").status_code == 200


def test_in_the_demo_a_password_suffices() -> None:
    UserFactory(username="li", role="commander")
    client = Client()
    answer = client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert client.get("/inbox/").status_code == 200


def test_signing_in_with_it_asks_for_the_code() -> None:
    user: User = UserFactory(username="li", role="commander")
    TOTP.activate(user, SECRET)
    client = Client()
    answer = client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    assert client.get("/inbox/")["Location"].startswith("/accounts/login/")
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000x"}).status_code == 200
    assert client.post("/accounts/2fa/authenticate/", {"code": code_now()})["Location"] == "/"
    assert client.get("/inbox/").status_code == 200


def at_the_second_step() -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    return client


@pytest.mark.parametrize("seconds", [0, 29, 31, 59, 61])
def test_a_code_counts_once_for_as_long_as_it_is_good(seconds: float) -> None:
    TOTP.activate(UserFactory(username="li", role="commander"), SECRET)
    # At the beginning of a step: one that a fast clock shows is good for three steps.
    begin = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with time_machine.travel(begin, tick=False):
        code = str(format_hotp_value(hotp_value(SECRET, int(begin.timestamp()) // 30 + 1)))
        assert at_the_second_step().post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    with time_machine.travel(begin + timedelta(seconds=seconds), tick=False):
        again = at_the_second_step().post("/accounts/2fa/authenticate/", {"code": code[:3] + " " + code[3:]})
    assert again.status_code == 200 and "没有通过验证" in again.content.decode()


def test_wrong_codes_go_on_record_until_the_door_is_closed() -> None:
    user: User = UserFactory(username="li", role="commander")
    TOTP.activate(user, SECRET)
    client = at_the_second_step()
    for _ in range(7):
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000x"}).status_code == 200
    failed = AuditEntry.objects.about(user).filter(action="user.fail_second_factor")
    assert failed.count() == 5
    # The right one comes too late.
    assert client.post("/accounts/2fa/authenticate/", {"code": code_now()}).status_code == 200
    assert client.get("/inbox/")["Location"].startswith("/accounts/login/")


def test_its_secret_is_not_kept_in_the_clear() -> None:
    TOTP.activate(person("commander"), SECRET)
    kept = Authenticator.objects.get().data["secret"]
    assert SECRET not in kept
    assert get_adapter().decrypt(kept) == SECRET


@pytest.mark.parametrize(("role", "may"), [("commander", False), ("editor", True)])
def test_the_last_one_stays_where_it_is_required(required: None, role: str, may: bool) -> None:
    totp = TOTP.activate(person(role), SECRET)
    assert get_adapter().can_delete_authenticator(totp.instance) is may


def test_setting_one_up_from_the_first_page_to_the_last(
    required: None, django_capture_on_commit_callbacks: Any
) -> None:
    user: User = UserFactory(username="li", role="commander")
    client = Client()
    client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    assert client.get("/accounts/2fa/").status_code == 200
    # The password is asked for again before anything is set up.
    assert "/accounts/reauthenticate/" in client.get("/accounts/2fa/totp/activate/")["Location"]
    again = {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"}
    assert client.post("/accounts/reauthenticate/", again)["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/accounts/2fa/totp/activate/", {"code": code_now()}).status_code == 302
    assert client.get("/inbox/").status_code == 200
    for page in ("", "recovery-codes/", "webauthn/", "webauthn/add/"):
        assert client.get(f"/accounts/2fa/{page}").status_code == 200, page
    steps = AuditEntry.objects.about(user).filter(action="user.change_second_factor").order_by("sequence")
    assert [entry.after["step"] for entry in steps][:1] == ["totp_activated"]
