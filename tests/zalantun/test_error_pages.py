"""Pages for what is not there and for what went wrong."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.accounts import browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/nowhere/", "/directives/987654/"])
def test_an_unknown_address_is_a_page_of_the_portal(address: str) -> None:
    response = Client().get(address)
    page = response.content.decode()
    assert response.status_code == 404
    assert "没有" in page and "No Directive matches" not in page
    assert 'href="/events/"' in page


def test_an_unforeseen_error_is_a_sentence_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("events.views.days_with_counts", broken)
    response = Client(raise_request_exception=False).get("/events/")
    assert response.status_code == 500
    assert "没有完成" in response.content.decode()
    assert "secret detail" not in response.content.decode()


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database cannot be reached by anybody."""

    def refused(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", refused)
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._cursor", refused)


def test_without_a_database_a_page_says_so_and_when_to_try_again(no_database: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "数据库暂时连不上" in page and "稍后重试" in page and "connection refused" not in page
    assert 'lang="zh-CN"' in page and "css/portal.css" in page


def test_a_server_error_gives_the_number_that_the_log_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("zalantun.views.home_page", broken)
    response = Client(raise_request_exception=False).get("/", headers={"X-Request-ID": "abc-123"})
    assert response.status_code == 500
    assert "编号：abc-123" in response.content.decode()


def test_an_unknown_host_is_answered_without_the_database(settings: Any, no_database: None) -> None:
    settings.ALLOWED_HOSTS = ["portal.example"]
    response = Client().get("/", headers={"host": "other.example"})
    assert response.status_code == 400
    assert "请返回上一页检查后重试" in response.content.decode()


def test_a_form_without_its_token_is_told_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "刷新后再提交" in response.content.decode()


def test_who_lacks_a_right_is_told_whom_to_ask() -> None:
    response = browser_of(None).get("/tasks/")
    assert response.status_code == 403
    assert "请联系安全管理员" in response.content.decode()


def test_a_page_that_is_not_there_offers_visitors_to_sign_in() -> None:
    page = Client().get("/directives/987654/?a=1").content.decode()
    assert "/accounts/login/?next=/directives/987654/%3Fa%3D1" in page
    assert "登录后再看" not in browser_of("viewer").get("/directives/987654/").content.decode()
