"""Before decisions of weight whoever signed in long ago proves it again, and nothing typed is lost."""

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import get_resolver

from foundation.models import AuditEntry
from organizations.models import ApiToken, RoleAssignment, User
from organizations.weighty import WEIGHTY
from tests.accounts import person, token_for
from tests.factories import UserFactory
from tests.organizations.test_second_factor import SECRET, code_now
from tests.zalantun.everypage import routes

pytestmark = pytest.mark.django_db
PASSWORD = "Str0ng-enough-9"
TOKENS = "/accounts/security/tokens/"
TOKEN = {"name": "报表程序", "scope": "read", "days": "30"}
GRANT = "/admin/organizations/roleassignment/add/"
HOUR = 3600.0


def signed_in(role: str, *, seconds_ago: float, factor: bool = False) -> Client:
    """Somebody who signed in so long ago and is still at work."""
    user: User = UserFactory(username="li", role=role)
    client = Client()
    client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
    if factor:
        TOTP.activate(user, SECRET)
    session = client.session
    session["signed_in_at"] = time.time() - seconds_ago
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - seconds_ago
    session.save()
    return client


def is_asked(answer: Any) -> bool:
    where = answer.headers.get("Location", "")
    return answer.status_code == 302 and "reauthenticate" in where


def test_every_view_named_is_there() -> None:
    names = {name for name, _ in routes()} | {
        f"api:{name}" for name in get_resolver("zalantun.api_urls").reverse_dict if isinstance(name, str)
    }
    assert sorted(set(WEIGHTY) - names) == []


@pytest.mark.parametrize(("seconds", "asked"), [(4 * HOUR - 60, False), (4 * HOUR, True), (8 * HOUR, True)])
def test_a_fresh_sign_in_suffices(seconds: float, asked: bool) -> None:
    client = signed_in("viewer", seconds_ago=seconds)
    assert is_asked(client.post(TOKENS, TOKEN)) is asked
    assert ApiToken.objects.exists() is not asked


def test_a_program_in_the_browser_is_no_way_around_it() -> None:
    client = signed_in("publisher", seconds_ago=5 * HOUR)
    answer = client.post(
        "/api/v1/directives/1/statuses/settle/", {"id": 1, "step": "confirm"}, content_type="application/json"
    )
    assert answer.status_code == 403 and "验证身份" in answer.json()["detail"]


def test_a_password_for_somebody_else_is_not_kept_while_the_proof_is_asked_for() -> None:
    client = signed_in("system_admin", seconds_ago=5 * HOUR)
    user: User = UserFactory(username="zhao")
    page = f"/admin/organizations/user/{user.pk}/change/"
    typed = {"display_name": "赵", "is_active": "on", "new_password": "Baihua-2022-zz", "reason": "忘记"}
    asked = client.post(page, typed)
    assert is_asked(asked) and "Baihua" not in str(dict(client.session))
    shown = client.get(asked["Location"]).content.decode()
    assert "密码不会暂存" in shown
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("setting", [0, 60])
def test_the_city_decides_how_old_it_may_be(settings: Any, setting: int) -> None:
    settings.CONFIRM_AGAIN_SECONDS = setting
    client = signed_in("viewer", seconds_ago=60)
    assert is_asked(client.post(TOKENS, TOKEN))


def test_with_the_password_what_was_typed_is_carried_out() -> None:
    client = signed_in("viewer", seconds_ago=5 * HOUR)
    asked = client.post(TOKENS, TOKEN)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")
    page = client.get(asked["Location"]).content.decode()
    assert "刚才填写的内容保留着" in page and "改用" not in page
    wrong = client.post("/accounts/reauthenticate/", {"password": "Wrong-one-9", "next": TOKENS})
    assert wrong.status_code == 200 and not ApiToken.objects.exists()
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": TOKENS})
    assert done.status_code == 200 and done.context["new_token"]
    assert ApiToken.objects.get().name == "报表程序"
    # Once proved, the next one is not asked for.
    assert client.post(TOKENS, {**TOKEN, "name": "另一个"}).status_code == 200


def test_whoever_has_a_factor_is_asked_for_that_and_not_for_the_password() -> None:
    client = signed_in("viewer", seconds_ago=5 * HOUR, factor=True)
    asked = client.post(TOKENS, TOKEN)
    assert asked["Location"].startswith("/accounts/2fa/reauthenticate/")
    by_password = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": TOKENS})
    assert by_password["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not ApiToken.objects.exists()
    client.post("/accounts/2fa/reauthenticate/", {"code": code_now(), "next": TOKENS})
    assert ApiToken.objects.count() == 1


def test_a_role_is_given_in_the_admin_after_the_proof() -> None:
    client = signed_in("security_admin", seconds_ago=5 * HOUR)
    zhao = person(None, "zhao")
    assert is_asked(client.post(GRANT, {"user": zhao.pk, "role": "editor"}))
    assert not zhao.assignments.exists()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": GRANT})
    assert list(RoleAssignment.objects.filter(user=zhao).values_list("role", flat=True)) == ["editor"]
    assert AuditEntry.objects.filter(action="user.grant_role").count() == 1


def test_looking_is_never_asked_for() -> None:
    client = signed_in("security_admin", seconds_ago=8 * HOUR)
    for address in (GRANT, "/accounts/security/", "/admin/organizations/user/"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(("level", "asked"), [("2", False), ("keep", False), ("end", True)])
def test_the_commander_declares_at_once_and_ends_after_the_proof(level: str, asked: bool) -> None:
    client = signed_in("commander", seconds_ago=8 * HOUR)
    assert is_asked(client.post("/flood/decide/", {"level": level})) is asked
    assert not is_asked(client.post("/flood/decide/?exercise=1", {"level": level}))


def test_the_api_by_a_session_is_told_so_and_by_a_token_goes_on() -> None:
    client = signed_in("commander", seconds_ago=8 * HOUR)
    ended = client.post("/api/v1/flood/responses/1/terminate/", {}, content_type="application/json")
    assert ended.status_code == 403 and "重新登录" in ended.json()["detail"]
    headers = {"Authorization": f"Token {token_for(User.objects.get())}"}
    ended = Client().post("/api/v1/flood/responses/1/terminate/", {}, "application/json", headers=headers)
    assert ended.status_code == 404


def test_whoever_came_by_the_city_alone_signs_in_anew() -> None:
    client = signed_in("viewer", seconds_ago=5 * HOUR)
    user = User.objects.get()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    session = client.session
    session["signed_in_at"] = time.time() - 5 * HOUR
    session["account_authentication_methods"] = []
    session.save()
    answer = client.post(TOKENS, TOKEN)
    assert answer.status_code == 403 and "退出后重新登录" in answer.content.decode()
