"""Keys of the browser, in a real one with a virtual key: registered, as the second step and alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Page, expect

from foundation.models import AuditEntry
from organizations.models import User
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PASSWORD = "Str0ng-enough-9"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def key(page: Page) -> Iterator[Callable[[str, dict[str, Any]], Any]]:
    """A virtual key in the browser's machine; a call changes it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def call(method: str, values: dict[str, Any]) -> Any:
        return session.send(f"WebAuthn.{method}", {"authenticatorId": made["authenticatorId"], **values})

    yield call
    session.detach()


@pytest.fixture
def site(live_server: Any) -> str:
    """A name: browsers give no keys to bare addresses."""
    return str(live_server.url.replace("127.0.0.1", "localhost"))


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/inbox/")
    page.get_by_label("用户名").fill("li")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def add_key(page: Page, site: str, *, alone: bool) -> None:
    page.goto(f"{site}/accounts/2fa/webauthn/add/")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    page.get_by_label("名称").fill("办公室的钥匙")
    if alone:
        page.get_by_label("作为通行密钥").check()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/logout/")
    page.locator("main").get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="登录", exact=True)).to_be_visible()


def test_a_passkey_signs_in_without_a_password(page: Page, site: str, key: Any) -> None:
    UserFactory(username="li", role="commander")
    sign_in(page, site)
    add_key(page, site, alone=True)
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless is True
    sign_out(page, site)
    page.goto(f"{site}/accounts/login/?next=/inbox/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(f"{site}/inbox/")
    assert AuditEntry.objects.filter(action="user.sign_in").count() == 2
    steps = AuditEntry.objects.filter(action="user.change_second_factor").values_list("after", flat=True)
    assert {"step": "webauthn_added"} in list(steps)


def test_a_key_is_the_second_step_after_the_password(page: Page, site: str, key: Any) -> None:
    UserFactory(username="li")
    sign_in(page, site)
    add_key(page, site, alone=False)
    sign_out(page, site)
    sign_in(page, site)
    expect(page.get_by_role("heading", name="两步验证")).to_be_visible()
    page.get_by_role("button", name="使用安全密钥或通行密钥").click()
    expect(page).to_have_url(f"{site}/inbox/")


def test_a_key_that_is_not_there_is_told_and_the_code_still_works(page: Page, site: str, key: Any) -> None:
    UserFactory(username="li")
    sign_in(page, site)
    add_key(page, site, alone=False)
    code = page.locator(".sec-codes li").first.inner_text()
    sign_out(page, site)
    key("clearCredentials", {})
    sign_in(page, site)
    page.get_by_role("button", name="使用安全密钥或通行密钥").click()
    expect(page.get_by_text(re.compile("没有完成验证"))).to_be_visible()
    page.get_by_label("动态码或恢复码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(f"{site}/inbox/")


def test_somebody_elses_passkey_opens_no_other_account(page: Page, site: str, key: Any) -> None:
    UserFactory(username="li")
    other: User = UserFactory(username="zhao")
    TOTP.activate(other, SECRET)
    sign_in(page, site)
    add_key(page, site, alone=True)
    sign_out(page, site)
    Authenticator.objects.filter(type="webauthn").delete()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text(re.compile("没有通过验证"))).to_be_visible()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_a_disabled_persons_passkey_opens_nothing(page: Page, site: str, key: Any) -> None:
    UserFactory(username="li")
    sign_in(page, site)
    add_key(page, site, alone=True)
    sign_out(page, site)
    User.objects.filter(username="li").update(is_active=False)
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="账号已停用")).to_be_visible()
    page.goto(f"{site}/inbox/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_code_for_the_app_is_drawn_on_the_page_without_calls_elsewhere(
    page: Page, site: str, width: int
) -> None:
    UserFactory(username="li")
    called: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: called.append(request.url))
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, site)
    page.goto(f"{site}/accounts/2fa/totp/activate/")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="确认").click()
    picture = page.get_by_role("img", name="动态码密钥的二维码")
    assert picture.evaluate("drawing => drawing.naturalWidth") > 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert [url for url in called if not url.startswith((site, "data:"))] == [] and refused == []
