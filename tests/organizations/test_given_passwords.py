"""A password that somebody else gave: the account waits until the security administrator has asked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import User
from organizations.services import create_account, reset_password, verify_person
from tests.accounts import person
from tests.organizations.test_second_factor import SECRET
from zalantun.accounts.services import let_in_again

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD, GIVEN, OWN = "Str0ng-enough-9", "Baihua-2022-zz", "Own-Yalu-River-7"
WAITING = "/accounts/waiting/"


def given(user: User) -> User:
    reset_password(actor=person("system_admin"), at=AT, user=user, password=GIVEN, reason="忘记")
    return User.objects.get(pk=user.pk)


def signed_in(user: User, password: str = GIVEN) -> Client:
    client = Client()
    assert client.post("/accounts/login/", {"login": user.username, "password": password}).status_code == 302
    return client


def changed(client: Client) -> Client:
    change = {"oldpassword": GIVEN, "password1": OWN, "password2": OWN}
    assert client.post("/accounts/password/change/", change).status_code == 302
    return client


def verified(user: User) -> None:
    let_in_again(actor=person("security_admin"), at=AT, user=user, reason="电话核实")


@pytest.mark.parametrize("role", ["publisher", "commander", "supervisor", "department_head", "viewer"])
@pytest.mark.parametrize("required", [True, False])
class TestSomebodyWithARole:
    def test_is_held_before_every_page_until_asked(self, settings: Any, role: str, required: bool) -> None:
        settings.MFA_REQUIRED = required
        user = given(person(role, "li"))
        client = changed(signed_in(user))
        for path in ("/", "/inbox/", "/accounts/security/", "/accounts/2fa/", "/flood/", "/admin/"):
            assert client.get(path)["Location"] == WAITING, path
        refused = client.get("/api/v1/messages/")
        assert refused.status_code == 403 and "核实本人" in refused.json()["detail"]
        assert client.post("/inbox/read/")["Location"] == WAITING
        verified(user)
        factor_next = required and role in ("commander", "supervisor")
        assert client.get(WAITING)["Location"] == ("/accounts/2fa/" if factor_next else "/")
        assert client.get("/inbox/").status_code == (302 if factor_next else 200)


class TestWaiting:
    def test_the_page_names_whom_to_call(self) -> None:
        guard, user = person("security_admin"), given(person("publisher", "li"))
        page = changed(signed_in(user)).get(WAITING).content.decode()
        assert str(guard) in page and "2026年3月2日 09:00" in page

    def test_the_password_comes_first(self) -> None:
        user = given(person("publisher", "li"))
        assert signed_in(user).get(WAITING)["Location"] == "/accounts/password/change/"

    def test_the_bell_of_the_page_asks_no_more_and_a_part_leads_the_whole_page(self) -> None:
        client = changed(signed_in(given(person("publisher", "li"))))
        bell = client.get("/inbox/count/", headers={"HX-Request": "true", "X-Poll": "true"})
        assert (bell.status_code, bell.content) == (286, b"")
        part = client.get("/events/2022/07/", headers={"HX-Request": "true"})
        assert (part.status_code, part["HX-Redirect"]) == (204, WAITING)

    def test_a_new_account_waits_as_well(self) -> None:
        user = create_account(actor=person("system_admin"), at=AT, username="li", password=GIVEN)
        assert changed(signed_in(user)).get("/inbox/")["Location"] == WAITING

    def test_who_has_a_second_factor_need_not_be_asked(self) -> None:
        user = person("publisher", "li")
        TOTP.activate(user, SECRET)
        assert given(user).to_verify_since is None

    def test_what_the_portal_or_the_person_sets_makes_nobody_wait(self) -> None:
        user, admin = person("publisher", "li"), person("system_admin")
        reset_password(actor=None, at=AT, user=user, password=GIVEN, reason="试")
        reset_password(actor=admin, at=AT, user=admin, password=GIVEN, reason="试")
        assert not User.objects.exclude(to_verify_since=None).exists()

    def test_the_security_administrators_hear_when_it_is_time_to_ask(self) -> None:
        guard, user = person("security_admin"), given(person("publisher", "li"))
        changed(signed_in(user))
        told = Message.objects.get(channel="inbox", recipient=guard, subject="“li”等待核实")
        assert told.urgent and told.url == f"/accounts/people/{user.pk}/"

    def test_whoever_changes_an_own_password_later_is_not_asked_about(self) -> None:
        person("security_admin")
        user = person("publisher", "li")
        user.set_password(GIVEN)
        user.save()
        changed(signed_in(user))
        assert not Message.objects.filter(subject__contains="等待核实").exists()


class TestVerifying:
    @pytest.mark.parametrize("role", ["system_admin", "audit_admin", "publisher", "commander"])
    def test_nobody_else_does_it(self, role: str) -> None:
        user = given(person("publisher", "li"))
        User.objects.filter(pk=user.pk).update(password_must_change=False)
        with pytest.raises(PermissionRefused):
            verify_person(actor=person(role), at=AT, user=user, reason="电话核实")
        assert User.objects.get(pk=user.pk).to_verify_since == AT

    def test_not_before_the_person_has_an_own_password(self) -> None:
        user = given(person("publisher", "li"))
        with pytest.raises(StateConflict, match="尚未改掉"):
            verified(user)
        changed(signed_in(user))
        verified(user)
        assert User.objects.get(pk=user.pk).to_verify_since is None

    def test_a_reason_is_asked_and_kept_and_the_person_told_once(self) -> None:
        user = given(person("publisher", "li"))
        changed(signed_in(user))
        with pytest.raises(InvalidInput):
            verify_person(actor=person("security_admin"), at=AT, user=user, reason=" ")
        verified(user)
        assert AuditEntry.objects.get(action="user.verify_person").reason == "电话核实"
        assert (
            Message.objects.filter(channel="inbox", recipient=user, subject="您的账号已恢复使用").count() == 1
        )
        with pytest.raises(StateConflict, match="没有待核实"):
            verified(user)

    def test_another_reset_begins_anew(self) -> None:
        user = given(person("publisher", "li"))
        changed(signed_in(user))
        reset_password(
            actor=person("system_admin"), at=AT, user=user, password="Third-enough-99", reason="又忘"
        )
        with pytest.raises(StateConflict, match="尚未改掉"):
            verified(user)

    def test_on_the_page_of_the_person(self) -> None:
        user, browser = given(person("publisher", "li")), Client()
        browser.force_login(person("security_admin"))
        address = f"/accounts/people/{user.pk}/"
        assert "本人尚未登录改密" in browser.get(address).content.decode()
        assert "恢复使用</button>" not in browser.get(address).content.decode()
        changed(signed_in(user))
        assert "恢复使用</button>" in browser.get(address).content.decode()
        listed = browser.get("/accounts/people/", {"state": "waiting"}).content.decode()
        assert f'href="{address}"' in listed and listed.count(">待核实</span>") == 1
        table = browser.get("/accounts/people/accounts.csv")
        assert "待核实" in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]
