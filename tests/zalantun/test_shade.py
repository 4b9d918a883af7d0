"""By day, by night or as the device asks: chosen by a button, kept in a cookie, drawn by the server."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts import browser_of
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
SYSTEM, NIGHT = 'media="screen and (prefers-color-scheme: dark)"', 'media="screen"'


def switch(client: Client, shade: str, way: str = "/people/") -> str:
    response = client.post("/shade/", {"next": way, "shade": shade})
    assert response.status_code == 302
    return str(response["Location"])


def page_of(client: Client, address: str = "/people/") -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize("role", ["anonymous", "commander"])
def test_every_page_follows_the_device_until_somebody_chooses(role: str) -> None:
    client = browser_of(role)
    page = page_of(client)
    assert "css/dark.css" in page and SYSTEM in page and 'content="light dark"' in page
    assert switch(client, "night") == "/people/"
    page = page_of(client)
    assert NIGHT in page and SYSTEM not in page and '<meta name="color-scheme" content="dark">' in page
    assert re.search(r'value="night" aria-pressed="true"', page)
    switch(client, "day")
    page = page_of(client)
    assert "css/dark.css" not in page and '<meta name="color-scheme" content="light">' in page
    switch(client, "system")
    assert SYSTEM in page_of(client)


def test_the_command_screen_has_the_button_and_comes_back_to_its_drill() -> None:
    client = browser_of("commander")
    page = page_of(client, "/flood/?exercise=1")
    assert page.count('class="shade-switch"') == 1 and 'value="/flood/?exercise=1"' in page
    assert switch(client, "night", "/flood/?exercise=1") == "/flood/?exercise=1"
    assert NIGHT in page_of(client, "/flood/?exercise=1")


def test_it_needs_no_token_and_keeps_the_choice_for_a_year_out_of_reach_of_scripts() -> None:
    client = Client(enforce_csrf_checks=True)
    switch(client, "night")
    cookie = client.cookies["shade"]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_what_is_no_shade_follows_the_device() -> None:
    client = Client()
    switch(client, "pitch-black")
    client.cookies["shade"] = "<script>"
    assert SYSTEM in page_of(client)


def test_a_kept_page_of_the_night_is_not_handed_to_the_day() -> None:
    EventFactory()
    day, night = Client(), Client()
    switch(night, "night")
    for client, expected in [(day, False), (night, True), (day, False), (night, True)]:
        assert (NIGHT in page_of(client, "/events/2023/05/")) is expected


@pytest.mark.parametrize("way", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_it_leads_nowhere_else(way: str) -> None:
    assert switch(Client(), "night", way) == "/"


def test_it_is_a_press_and_not_a_link() -> None:
    assert Client().get("/shade/").status_code == 405


def test_nothing_dark_stands_outside_its_sheet() -> None:
    sheets = list((Path(settings.BASE_DIR) / "static/css").glob("*.css"))
    assert sheets
    assert not [one.name for one in sheets if "prefers-color-scheme" in one.read_text()]
