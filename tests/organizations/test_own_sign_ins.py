"""The page “登录与安全”: one's own sessions, tokens, second factor and password."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import AuditEntry
from organizations.models import ApiToken, BrowserSession, User
from organizations.security.agents import browser_words
from organizations.services import end_session, end_sessions, issue_token, revoke_one_token
from tests.accounts import person, reads_of_the_page, token_for
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "Str0ng-enough-9"
PAGE = "/accounts/security/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/128.0 Safari/537.36"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36 MicroMessenger/8"
)


def signed_in(agent: str = WINDOWS, name: str = "li") -> Client:
    client = Client(headers={"User-Agent": agent})
    if not User.objects.filter(username=name).exists():
        UserFactory(username=name)
    assert client.post("/accounts/login/", {"login": name, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(PAGE).status_code == 200)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome · Windows"),
        (WINDOWS + " Edg/128.0", "Edge · Windows"),
        (PHONE, "微信 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iOS"),
        ("curl/8.0", "其他程序"),
        ("", "其他程序"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, words: str) -> None:
    assert browser_words(agent) == words


class TestSessions:
    def test_each_is_listed_and_this_one_marked(self) -> None:
        here, _ = signed_in(), signed_in(PHONE)
        sessions = here.get(PAGE).context["standing"].sessions
        assert [(one.browser, one.here) for one in sessions] == [
            ("微信 · Android", False),
            ("Chrome · Windows", True),
        ]
        assert here.get(PAGE).content.decode().count("本次登录") == 1
        assert sessions[0].row.address == "127.0.0.1"

    def test_one_that_ended_by_itself_is_not_listed(self, settings: Any) -> None:
        here, there = signed_in(), signed_in(PHONE)
        there.session.delete()
        assert [one.browser for one in here.get(PAGE).context["standing"].sessions] == ["Chrome · Windows"]

    def test_another_is_ended_and_this_one_goes_on(self) -> None:
        here, there = signed_in(), signed_in(PHONE)
        other = BrowserSession.objects.get(agent=PHONE)
        assert here.post(f"{PAGE}sessions/{other.pk}/end/")["Location"] == PAGE
        assert (is_in(here), is_in(there)) == (True, False)
        entry = AuditEntry.objects.get(action="user.end_session")
        assert entry.before["agent"] == PHONE and entry.actor_label == "li"

    def test_this_one_is_ended_by_signing_out_only(self) -> None:
        here = signed_in()
        here.post(f"{PAGE}sessions/{BrowserSession.objects.get().pk}/end/")
        assert is_in(here) and BrowserSession.objects.count() == 1

    def test_all_others_at_once(self) -> None:
        here, others = signed_in(), [signed_in(PHONE), signed_in(PHONE)]
        assert "已结束其他 2 个会话" in here.post(f"{PAGE}sessions/end/", follow=True).content.decode()
        assert is_in(here) and not any(map(is_in, others))
        assert "没有其他会话" in here.post(f"{PAGE}sessions/end/", follow=True).content.decode()

    def test_somebody_elses_is_not_there(self) -> None:
        signed_in(PHONE, "zhao")
        here, theirs = signed_in(), BrowserSession.objects.get(user__username="zhao")
        assert here.post(f"{PAGE}sessions/{theirs.pk}/end/").status_code == 404
        assert BrowserSession.objects.filter(pk=theirs.pk).exists()

    def test_somebody_elses_is_ended_by_the_security_administrator_who_says_why(self) -> None:
        signed_in()
        session, now = BrowserSession.objects.get(), timezone.now()
        for role in ("system_admin", "audit_admin", "commander"):
            with pytest.raises(PermissionRefused):
                end_session(actor=person(role), at=now, session=session, reason="试")
        with pytest.raises(InvalidInput):
            end_sessions(actor=person("security_admin"), at=now, user=session.user, reason=" ")
        assert end_sessions(actor=person("security_admin"), at=now, user=session.user, reason="离开") == 1


class TestTokens:
    def make(self, client: Client, **values: Any) -> Any:
        return client.post(f"{PAGE}tokens/", {"name": "报表程序", "scope": "read", "days": 30, **values})

    def test_its_text_is_shown_once_and_works(self) -> None:
        client = signed_in()
        answer = self.make(client)
        text = answer.context["new_token"]
        assert text in answer.content.decode() and "no-store" in answer["Cache-Control"]
        assert text not in client.get(PAGE).content.decode()
        headers = {"Authorization": f"Token {text}"}
        assert Client().get("/api/v1/messages/", headers=headers).status_code == 200
        row = client.get(PAGE).context["standing"].tokens[0]
        assert (row.name, row.scope, row.last_used_at is not None) == ("报表程序", "read", True)

    @pytest.mark.parametrize(("days", "status"), [(0, 400), (1, 200), (365, 200), (366, 400)])
    def test_it_is_good_for_the_days_allowed(self, days: int, status: int) -> None:
        answer = self.make(signed_in(), days=days)
        assert answer.status_code == status
        assert ApiToken.objects.count() == (status == 200)

    @pytest.mark.parametrize("wrong", [{"name": " "}, {"scope": "everything"}, {"name": "长" * 81}])
    def test_what_is_missing_is_said_and_the_rest_kept(self, wrong: dict[str, str]) -> None:
        answer = self.make(signed_in(), **wrong)
        assert answer.status_code == 400 and not ApiToken.objects.exists()
        assert 'value="30"' in answer.content.decode()

    def test_taken_back_it_opens_nothing(self) -> None:
        client = signed_in()
        text = self.make(client).context["new_token"]
        client.post(f"{PAGE}tokens/{ApiToken.objects.get().pk}/revoke/")
        headers = {"Authorization": f"Token {text}"}
        assert Client().get("/api/v1/messages/", headers=headers).status_code == 401
        assert "已收回" in client.get(PAGE).content.decode()

    def test_somebody_elses_is_not_there(self) -> None:
        client = signed_in()
        token_for(person("editor"))
        theirs = ApiToken.objects.get()
        assert client.post(f"{PAGE}tokens/{theirs.pk}/revoke/").status_code == 404
        with pytest.raises(PermissionRefused):
            revoke_one_token(actor=person("system_admin"), at=timezone.now(), token=theirs, reason="试")
        with pytest.raises(InvalidInput):
            revoke_one_token(actor=person("security_admin"), at=timezone.now(), token=theirs)

    @pytest.mark.parametrize("role", ["system_admin", "security_admin"])
    def test_nobody_makes_one_to_act_as_somebody_else(self, role: str) -> None:
        with pytest.raises(PermissionRefused):
            issue_token(actor=person(role), at=timezone.now(), username=person("audit_admin").username)
        assert not ApiToken.objects.exists()


class TestFactorsAndPassword:
    def test_what_is_set_up_is_told(self) -> None:
        client = signed_in()
        user = User.objects.get(username="li")
        assert not client.get(PAGE).context["standing"].factors.is_set_up
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(user)
        factors = client.get(PAGE).context["standing"].factors
        assert (factors.totp, factors.keys, factors.recovery_codes) == (True, 0, 10)

    @pytest.mark.parametrize(("age", "left"), [(0, 180), (179, 1), (60, 120)])
    def test_the_age_of_the_password(self, settings: Any, age: int, left: int) -> None:
        settings.PASSWORD_MAX_AGE_DAYS = 180
        UserFactory(username="li", password_set_at=timezone.now() - timedelta(days=age))
        password = signed_in().get(PAGE).context["standing"].password
        assert (password.days, password.days_left) == (age, left)

    def test_without_a_limit_it_stays(self, settings: Any) -> None:
        settings.PASSWORD_MAX_AGE_DAYS = 0
        assert signed_in().get(PAGE).context["standing"].password.days_left is None


def test_a_visitor_is_sent_to_sign_in() -> None:
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_the_page_asks_as_often_for_many_rows_as_for_few() -> None:
    client = signed_in()
    client.get(PAGE)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(PAGE)
        counts.append(reads_of_the_page(asked))
        signed_in(PHONE)
        for scope in ("read", "report", "all"):
            token_for(User.objects.get(username="li"), scope)
    assert counts[0] == counts[1] <= 15
