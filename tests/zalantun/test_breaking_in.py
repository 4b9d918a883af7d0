"""Tries to get in or to get more: as an outsider, another department, an officer, a system administrator."""

import pytest
from django.db import transaction
from django.test import Client

from events.models import Event
from foundation.models import AuditEntry
from organizations.models import ApiToken, User
from tests.accounts import browser_of, person, token_for
from tests.factories import UserFactory
from tests.zalantun.everypage import Made, address_of, routes

pytestmark = pytest.mark.django_db
PASSWORD = "Str0ng-enough-9"
# No more than a size of text or a shade of the page can be changed from another site.
WITHOUT_PROOF = {"larger_text", "shade", "healthz"}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["publisher", "supervisor", "commander", "security_admin", "system_admin"])
def test_no_form_is_sent_from_another_site(role: str, made: Made) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(person(role))
    before = AuditEntry.objects.exclude(action__startswith="page.").count()
    taken = []
    for name, held in routes():
        if name in WITHOUT_PROOF:
            continue
        point = transaction.savepoint()
        answer = client.post(address_of(name, held, made), {"reason": "试"})
        if AuditEntry.objects.exclude(action__startswith="page.").count() != before:
            taken.append(f"{name} wrote")
        transaction.savepoint_rollback(point)
        if answer.status_code not in (403, 405):
            taken.append(f"{name} {answer.status_code}")
    assert taken == []


@pytest.mark.parametrize("path", ["events/", "flood/responses/", "flood/incidents/", "flood/readings/"])
def test_no_program_is_called_from_another_site_with_a_session(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("commander"))
    answer = client.post(f"/api/v1/{path}", "[]", content_type="application/json")
    assert answer.status_code == 403 and "CSRF" in answer.json()["detail"]


class TestSigningIn:
    def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(self) -> None:
        UserFactory(username="li")
        UserFactory(username="off", is_active=False)
        pages = []
        for name in ("li", "nobody", "off"):
            answer = Client().post("/accounts/login/", {"login": name, "password": "Wrong-one-9"})
            page = answer.content.decode().replace(f'value="{name}"', "")
            pages.append((answer.status_code, "用户名或密码" in page or "不正确" in page))
        assert len(set(pages)) == 1

    def test_the_first_step_alone_opens_nothing(self) -> None:
        from_nowhere = Client()
        for address in ("/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/", "/accounts/2fa/"):
            answer = from_nowhere.get(address)
            assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "login/code/", "3rdparty/"])
    def test_no_other_way_in_is_there(self, path: str) -> None:
        assert Client().get(f"/accounts/{path}").status_code == 404
        assert Client().post(f"/accounts/{path}", {"email": "x@example.cn"}).status_code == 404

    def test_a_key_of_a_session_that_somebody_made_up_is_not_taken(self) -> None:
        client = Client()
        client.cookies["sessionid"] = "a" * 32
        UserFactory(username="li")
        client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
        assert client.cookies["sessionid"].value != "a" * 32

    def test_the_list_of_sessions_shows_no_key(self) -> None:
        UserFactory(username="li")
        client = Client()
        client.post("/accounts/login/", {"login": "li", "password": PASSWORD})
        page = client.get("/accounts/security/").content.decode()
        assert str(client.session.session_key) not in page


class TestTokens:
    def test_they_open_no_page(self) -> None:
        headers = {"Authorization": f"Token {token_for(person('system_admin'))}"}
        for address in ("/inbox/", "/accounts/security/", "/admin/", "/tasks/"):
            answer = Client().get(address, headers=headers)
            assert answer.status_code == 302 and "login" in answer["Location"]

    @pytest.mark.parametrize("where", ["?token={}", "?auth_token={}", "?access_token={}"])
    def test_they_are_not_taken_from_an_address(self, where: str) -> None:
        text = token_for(person("commander"))
        assert Client().get(f"/api/v1/messages/{where.format(text)}").status_code == 401

    def test_their_stored_hash_is_none(self) -> None:
        token_for(person("commander"))
        digest = ApiToken.objects.get().digest
        assert (
            Client().get("/api/v1/messages/", headers={"Authorization": f"Token {digest}"}).status_code == 401
        )

    def test_one_that_only_reads_makes_no_other(self) -> None:
        headers = {"Authorization": f"Token {token_for(person('commander'), 'read')}"}
        answer = Client().post(
            "/accounts/security/tokens/", {"name": "x", "scope": "all", "days": 9}, headers=headers
        )
        assert answer.status_code == 302 and "login" in answer["Location"]
        assert ApiToken.objects.count() == 1

    def test_an_account_without_a_role_reads_nothing_of_the_staff(self) -> None:
        headers = {"Authorization": f"Token {token_for(UserFactory(username='gauges'))}"}
        for path in ("tasks/", "flood/incidents/", "flood/obligations/", "flood/responses/", "task-lists/"):
            assert Client().get(f"/api/v1/{path}", headers=headers).status_code == 403, path


class TestFieldsThatAreNotMeant:
    def test_an_entry_is_not_born_published(self) -> None:
        client = browser_of("editor")
        values = {
            "start_date": "2026-05-01",
            "title": "试",
            "text": "某日某事。",
            "publication": "published",
            "id": 4711,
            "published_at": "2020-01-01T00:00:00Z",
            "source": "x",
        }
        answer = client.post("/api/v1/events/", values, content_type="application/json")
        assert answer.status_code in (201, 400)
        assert not Event.objects.filter(publication="published").exists()
        assert not Event.objects.filter(pk=4711).exists()

    def test_a_declaration_names_no_other_decider(self) -> None:
        officer = person("department_officer")
        client = Client()
        client.force_login(officer)
        values = {
            "level": "II",
            "reason": "雨大",
            "authorised_by": "市长",
            "declared_by": person("commander").pk,
        }
        answer = client.post("/api/v1/flood/responses/", values, content_type="application/json")
        assert answer.status_code == 403

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    @pytest.mark.parametrize(
        "path", ["events/1/", "directives/1/", "tasks/1/", "people/1/", "flood/incidents/1/"]
    )
    def test_no_record_is_overwritten_whole(self, method: str, path: str) -> None:
        client = browser_of("publisher")
        answer = getattr(client, method)(f"/api/v1/{path}", "{}", content_type="application/json")
        assert answer.status_code in (403, 404, 405)


class TestActingAsTheAuditor:
    ADDRESSES = ("/audit/", "/audit/audit.csv", "/audit/files/", "/admin/foundation/auditentry/")

    @pytest.mark.parametrize("role", ["system_admin", "security_admin", "publisher", "commander"])
    def test_nobody_else_reads_the_log(self, role: str) -> None:
        client = browser_of(role)
        for address in self.ADDRESSES:
            answer = client.get(address)
            assert answer.status_code == 403 or answer.headers["Location"].startswith("/admin/login/")

    def test_the_system_administrator_does_not_become_one(self) -> None:
        auditor: User = person("audit_admin")
        client = browser_of("system_admin")
        values = {
            "display_name": "审计",
            "email": "",
            "is_active": "on",
            "reason": "忘记密码",
            "new_password": "Baihua-2022-zz",
            "assignments-TOTAL_FORMS": "0",
            "assignments-INITIAL_FORMS": "0",
        }
        answer = client.post(f"/admin/organizations/user/{auditor.pk}/change/", values)
        assert answer.status_code == 403 and "冒用" in answer.content.decode()
        assert User.objects.get(pk=auditor.pk).check_password(PASSWORD)
        for path in ("tokens/", "factor/reset/", "sessions/end/", "leave/"):
            assert client.post(f"/accounts/people/{auditor.pk}/{path}", {"reason": "试"}).status_code == 403


class TestNumbersBeyondAll:
    @pytest.mark.parametrize("number", ["9" * 30, "1" * 5000, "\0", "zzz", "²"])
    @pytest.mark.parametrize(
        ("role", "address", "field"),
        [
            ("anonymous", "/accounts/2fa/webauthn/login/", "credential"),
            ("commander", "/flood/decide/", "seen"),
            ("supervisor", "/tasks/lookbacks/days/", "list"),
            ("supervisor", "/tasks/inspections/new/", "directive"),
            ("supervisor", "/tasks/desk/urge/", "next"),
        ],
    )
    def test_are_answered(self, role: str, address: str, field: str, number: str) -> None:
        client = browser_of(role)
        client.raise_request_exception = False
        answer = client.post(address, {field: number, "title": "检查", "text": "请抓紧", "days": "9"})
        assert answer.status_code < 500
