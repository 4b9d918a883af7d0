"""The security administrator's pages of everybody's sign-ins and tokens."""

from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from floodresponse.models import NetworkAccount
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import ApiToken, User
from tests.accounts import browser_of, person, reads_of_the_page, token_for
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/accounts/people/"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def admin() -> Client:
    return browser_of("security_admin")


@pytest.fixture
def li() -> User:
    user: User = UserFactory(username="li", role="editor", display_name="李明")
    return user


@pytest.fixture
def network() -> User:
    user: User = UserFactory(username="gauges", display_name="雨量站网")
    NetworkAccount.objects.create(user=user, network="气象局", tied_at=timezone.now())
    return user


class TestList:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=李", ["li"]),
            ("?role=editor", ["li"]),
            ("?state=disabled", ["off"]),
            ("?factor=yes", ["li"]),
            ("?q=nobody", []),
        ],
    )
    def test_it_is_filtered(self, admin: Client, li: User, query: str, found: list[str]) -> None:
        UserFactory(username="off", is_active=False)
        TOTP.activate(li, SECRET)
        rows = admin.get(f"{PAGE}{query}").context["page"]
        assert [user.username for user in rows] == found

    def test_it_leaves_as_a_table(self, admin: Client, li: User) -> None:
        text = admin.get(f"{PAGE}accounts.csv?q=li").getvalue().decode("utf-8-sig")
        assert "li,李明,公报编辑,在用,未启用" in text
        book = load_workbook(BytesIO(admin.get(f"{PAGE}accounts.xlsx").content))
        assert book.active is not None and book.active.max_row >= 3

    def test_many_rows_cost_as_many_queries_as_few(self, admin: Client) -> None:
        counts = []
        for address in (PAGE, f"{PAGE}tokens/"):
            admin.get(address)
            for n in range(2):
                with CaptureQueriesContext(connection) as asked:
                    admin.get(address)
                counts.append(reads_of_the_page(asked))
                for m in range(5):
                    token_for(UserFactory(username=f"u-{address[-3]}-{n}-{m}", role="viewer"))
        assert counts[0] == counts[1] <= 15 and counts[2] == counts[3] <= 15


class TestPerson:
    def test_sessions_are_ended_with_a_reason(self, admin: Client, li: User) -> None:
        there = Client()
        there.post("/accounts/login/", {"login": "li", "password": "Str0ng-enough-9"})
        address = f"{PAGE}{li.pk}/sessions/end/"
        assert "请写明" in admin.post(address, {"reason": ""}, follow=True).content.decode()
        assert there.get("/accounts/security/").status_code == 200
        assert "已结束 1 个会话" in admin.post(address, {"reason": "异常"}, follow=True).content.decode()
        assert there.get("/accounts/security/").status_code == 302
        assert AuditEntry.objects.get(action="user.end_session").reason == "异常"

    def test_a_token_is_taken_back_and_only_of_this_person(self, admin: Client, li: User) -> None:
        token_for(li)
        token = ApiToken.objects.get()
        other = person("viewer")
        assert admin.post(f"{PAGE}{other.pk}/tokens/{token.pk}/revoke/", {"reason": "试"}).status_code == 404
        admin.post(f"{PAGE}{li.pk}/tokens/{token.pk}/revoke/", {"reason": "泄露"})
        token.refresh_from_db()
        assert token.revoked_at is not None

    def test_a_lost_telephone_is_told_to_its_person(self, admin: Client, li: User) -> None:
        TOTP.activate(li, SECRET)
        admin.post(f"{PAGE}{li.pk}/factor/reset/", {"reason": "手机遗失"})
        assert not Authenticator.objects.exists()
        message = Message.objects.get(recipient=li, channel="inbox")
        assert "手机遗失" in message.body and "如非您本人要求" in message.body

    def test_no_text_of_a_token_is_shown(self, admin: Client, li: User) -> None:
        text = token_for(li)
        assert text not in admin.get(f"{PAGE}{li.pk}/").content.decode()


class TestNetworks:
    def make(self, admin: Client, user: User, **values: Any) -> Any:
        return admin.post(
            f"{PAGE}{user.pk}/tokens/", {"name": "雨量", "scope": "report", "days": 30, **values}
        )

    def test_a_token_is_made_and_listed_by_network(self, admin: Client, network: User) -> None:
        text = self.make(admin, network).context["new_token"]
        assert (
            Client().get("/api/v1/messages/", headers={"Authorization": f"Token {text}"}).status_code == 200
        )
        rows = admin.get(f"{PAGE}tokens/?q=气象局&holder=network").context["page"]
        assert [token.user for token in rows] == [network]
        assert not admin.get(f"{PAGE}tokens/?holder=person").context["page"].object_list
        told = admin.get(f"{PAGE}tokens.csv").getvalue().decode("utf-8-sig")
        assert "气象局" in told and text not in told

    def test_it_does_no_more_than_report(self, admin: Client, network: User) -> None:
        answer = self.make(admin, network, scope="all")
        assert answer.status_code == 400 and "只读或报送" in answer.content.decode()
        assert not ApiToken.objects.exists()

    def test_for_a_person_none_is_made(self, admin: Client, li: User) -> None:
        assert self.make(admin, li).status_code == 400
        assert not ApiToken.objects.exists()

    def test_whose_token_another_made_is_given_no_role_before_it_is_taken_back(
        self, admin: Client, network: User
    ) -> None:
        self.make(admin, network)
        role = {"user": network.pk, "role": "duty_officer", "department": ""}
        refused = admin.post("/admin/organizations/roleassignment/add/", role)
        assert refused.status_code == 409 and "他人生成的接口令牌" in refused.content.decode()
        assert not network.assignments.exists()
        token = ApiToken.objects.get()
        admin.post(f"{PAGE}{network.pk}/tokens/{token.pk}/revoke/", {"reason": "改作他用"})
        assert admin.post("/admin/organizations/roleassignment/add/", role).status_code == 302
        assert network.assignments.exists()

    def test_nor_for_a_network_account_that_was_given_a_role(self, admin: Client, network: User) -> None:
        network.assignments.create(role="audit_admin")
        assert self.make(admin, network).status_code == 400
        assert not ApiToken.objects.exists()
