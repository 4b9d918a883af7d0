"""长者模式: switched by a button, kept in a cookie, drawn by the server."""

import pytest
from django.test import Client

from tests.accounts import browser_of
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
LARGER = '<html lang="zh-CN" class="larger">'


def switch(client: Client, way: str = "/people/", **data: str) -> str:
    response = client.post("/larger-text/", {"next": way, **data})
    assert response.status_code == 302
    return str(response["Location"])


@pytest.mark.parametrize("role", ["anonymous", "supervisor"])
def test_one_press_makes_every_page_larger_and_one_more_puts_it_back(role: str) -> None:
    client = browser_of(role)
    assert "长者模式" in client.get("/people/").content.decode()
    assert switch(client, on="1") == "/people/"
    page = client.get("/people/").content.decode()
    assert LARGER in page and "标准字号" in page and "css/larger.css" in page
    assert LARGER in client.get("/nowhere/").content.decode()
    switch(client)
    assert LARGER not in client.get("/people/").content.decode()


def test_it_works_where_forms_are_checked_and_the_page_carries_no_token() -> None:
    client = Client(enforce_csrf_checks=True)
    switch(client, on="1")
    assert LARGER in client.get("/").content.decode()


def test_the_choice_is_kept_for_a_year_and_scripts_cannot_read_it() -> None:
    client = Client()
    switch(client, on="1")
    cookie = client.cookies["larger_text"]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_kept_page_of_the_one_is_not_handed_to_the_other() -> None:
    EventFactory()
    plain, larger = Client(), Client()
    switch(larger, on="1")
    for client, expected in [(plain, False), (larger, True), (plain, False), (larger, True)]:
        assert (LARGER in client.get("/events/2023/05/").content.decode()) is expected
    etags = [client.get("/events/2023/05/")["ETag"] for client in (plain, larger)]
    assert etags[0] != etags[1]


@pytest.mark.parametrize(
    "way", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil", "", "evil"]
)
def test_it_leads_nowhere_else(way: str) -> None:
    assert switch(Client(), way=way, on="1") == "/"


def test_it_is_a_press_and_not_a_link_that_a_browser_may_fetch_ahead() -> None:
    assert Client().get("/larger-text/").status_code == 405


def test_the_admin_has_it_too() -> None:
    client = browser_of("system_admin")
    switch(client, on="1")
    page = client.get("/admin/").content.decode()
    assert "larger" in page.split("<body")[1].split(">")[0] and "标准字号" in page
