"""The city's single sign-on, from the button to the page and back, against a provider of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from foundation.models import AuditEntry
from organizations.models import User
from tests.factories import UserFactory
from tests.organizations.cityprovider import CLIENT, SECRET, Provider, city_provider

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/oidc/city/login/"


@pytest.fixture
def city(settings: Any) -> Iterator[Provider]:
    with city_provider() as provider:
        settings.OIDC_ISSUER = provider.issuer
        app = {
            "provider_id": "city",
            "name": settings.OIDC_NAME,
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.issuer},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {**settings.SOCIALACCOUNT_PROVIDERS["openid_connect"], "APPS": [app]}
        }
        yield provider


def begin(client: Client, **values: str) -> str:
    """Press the button; the address at the city's server."""
    answer = client.post(LOGIN, values)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def go_through(client: Client, **values: str) -> Any:
    """To the city's server and back; the portal's answer."""
    back = requests.get(begin(client, **values), allow_redirects=False, timeout=5)
    return client.get(back.headers["Location"])


def is_in(client: Client) -> bool:
    return bool(client.get("/inbox/").status_code == 200)


def test_a_known_person_is_in_and_where_the_way_led(city: Provider) -> None:
    user: User = UserFactory(username="li")
    client = Client()
    assert "用统一身份认证登录" in client.get("/accounts/login/").content.decode()
    answer = go_through(client, next="/tasks/")
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert is_in(client)
    steps = ["/.well-known/openid-configuration", "/authorize", "/token", "/userinfo"]
    assert [step for step in dict.fromkeys(city.asked) if step in steps] == steps
    assert SocialAccount.objects.get().user == user
    actions = AuditEntry.objects.about(user).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["user.bind_identity", "user.sign_in"]
    assert user.browser_sessions.count() == 1


def test_whoever_came_once_is_known_by_the_number_and_not_by_the_name(city: Provider) -> None:
    UserFactory(username="li")
    go_through(Client())
    city.claims["preferred_username"] = "li-ming"
    client = Client()
    go_through(client)
    assert is_in(client) and User.objects.count() == 1


def test_a_name_that_was_given_to_somebody_else_opens_nothing(city: Provider) -> None:
    UserFactory(username="li")
    go_through(Client())
    city.claims["sub"] = "s-2"
    client = Client()
    answer = go_through(client)
    assert answer.status_code == 403 and "已与另一个统一身份绑定" in answer.content.decode()
    assert not is_in(client) and SocialAccount.objects.count() == 1


def test_a_stranger_is_told_whom_to_ask_and_no_account_is_made(city: Provider) -> None:
    city.claims["preferred_username"] = "nobody"
    client = Client()
    answer = go_through(client)
    assert answer.status_code == 403
    assert "“nobody”在本门户没有可用的账号。请联系系统管理员" in answer.content.decode()
    assert not is_in(client) and not User.objects.exists() and not SocialAccount.objects.exists()
    assert AuditEntry.objects.filter(action="user.fail_sign_in").count() == 1


@pytest.mark.parametrize("came_before", [False, True])
def test_a_disabled_person_is_refused(city: Provider, came_before: bool) -> None:
    user: User = UserFactory(username="li")
    if came_before:
        go_through(Client())
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    answer = go_through(client)
    assert not is_in(client)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert any(sentence in answer.content.decode() for sentence in ("账号已停用", "没有可用的账号"))


@pytest.mark.parametrize(
    ("claim", "opens"), [("preferred_username", "li"), ("employee_number", "gh-17"), ("email", None)]
)
def test_the_account_is_found_by_the_claim_of_the_settings_alone(
    city: Provider, settings: Any, claim: str, opens: str | None
) -> None:
    settings.OIDC_USERNAME_CLAIM = claim
    UserFactory(username="li", email="li@example.cn")
    UserFactory(username="gh-17")
    city.claims |= {"employee_number": "gh-17", "email": "li@example.cn", "email_verified": True}
    client = Client()
    go_through(client)
    assert is_in(client) is (opens is not None)
    assert [account.user.username for account in SocialAccount.objects.all()] == ([opens] if opens else [])


@pytest.mark.parametrize("name", [None, "", 17, ["li"], "LI", " li"])
def test_a_claim_that_is_no_name_opens_nothing(city: Provider, name: Any) -> None:
    UserFactory(username="li")
    city.claims["preferred_username"] = name
    client = Client()
    assert go_through(client).status_code == 403
    assert not is_in(client)


def test_a_profile_of_somebody_else_than_the_token_opens_nothing(city: Provider) -> None:
    UserFactory(username="li")
    UserFactory(username="zhao")
    city.userinfo = {"sub": "s-2", "preferred_username": "zhao"}
    client = Client()
    assert go_through(client).status_code == 403
    assert not is_in(client) and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("fault", "title"), [("cancelled", "已取消登录"), ("audience", "统一身份认证未完成")]
)
def test_what_goes_wrong_there_is_said_in_words(city: Provider, fault: str, title: str) -> None:
    UserFactory(username="li")
    city.fault = fault
    client = Client()
    answer = go_through(client)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert title in answer.content.decode() and not is_in(client)


def test_an_answer_that_this_browser_did_not_ask_for_opens_nothing(city: Provider) -> None:
    UserFactory(username="li")
    back = requests.get(begin(Client()), allow_redirects=False, timeout=5).headers["Location"]
    other = Client()
    assert "统一身份认证未完成" in other.get(back).content.decode()
    assert not is_in(other)


def test_a_code_counts_once(city: Provider) -> None:
    UserFactory(username="li")
    client = Client()
    back = requests.get(begin(client), allow_redirects=False, timeout=5).headers["Location"]
    client.get(back)
    assert is_in(client)
    again = Client()
    again.get(back)
    assert not is_in(again)


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_leads_nowhere_else(city: Provider, next_: str) -> None:
    UserFactory(username="li")
    client = Client()
    answer = go_through(client, next=next_)
    assert answer["Location"] == "/" and is_in(client)


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_nobody_ties_a_city_name_to_another_account(city: Provider, process: str) -> None:
    UserFactory(username="li")
    mine: User = UserFactory(username="zhao")
    client = Client()
    client.force_login(mine)
    answer = go_through(client, process=process)
    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_whoever_has_a_second_factor_is_asked_for_it(city: Provider) -> None:
    user: User = UserFactory(username="li", role="commander")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = Client()
    assert go_through(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)


def test_without_a_server_there_is_no_such_way(settings: Any) -> None:
    assert "统一身份认证" not in Client().get("/accounts/login/").content.decode()
    assert Client().post(LOGIN).status_code == 404
