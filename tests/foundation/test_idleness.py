"""Signing out whoever does nothing, though a page stays open."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts import browser_of

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BELL, PAGE = "/inbox/count/", "/inbox/"
POLL = {"HX-Request": "true", "X-Poll": "true"}
SIGNED_OUT = 302


@pytest.fixture(autouse=True)
def thirty_minutes(settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 1800


def opens(client: Client, seconds: float, address: str = PAGE) -> int:
    with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
        return client.get(address).status_code


def polls(client: Client, seconds: float, address: str = BELL) -> int:
    with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
        return client.get(address, headers=POLL).status_code


@pytest.fixture
def client() -> Client:
    with time_machine.travel(START, tick=False):
        signed_in = browser_of("viewer")
        assert signed_in.get(PAGE).status_code == 200
    return signed_in


@pytest.mark.parametrize(("idle", "status"), [(1799, 200), (1800, SIGNED_OUT), (1801, SIGNED_OUT)])
def test_who_is_idle_for_the_limit_is_signed_out(client: Client, idle: int, status: int) -> None:
    assert opens(client, idle) == status


def test_whoever_works_on_stays_signed_in(client: Client) -> None:
    assert {opens(client, seconds) for seconds in range(0, 7200, 1200)} == {200}


def test_the_bell_of_an_open_page_keeps_nobody_signed_in(client: Client) -> None:
    assert {polls(client, seconds) for seconds in range(20, 1800, 60)} == {200}
    assert opens(client, 1800) == SIGNED_OUT


def test_a_page_left_open_is_told_to_stop_asking_and_keeps_what_it_shows(client: Client) -> None:
    with time_machine.travel(START + timedelta(seconds=1800), tick=False):
        response = client.get(BELL, headers=POLL)
    assert response.status_code == 286
    assert response["HX-Reswap"] == "none"
    assert response.content == b""


def test_so_it_is_when_the_session_itself_is_gone(client: Client) -> None:
    Session.objects.all().delete()
    assert polls(client, 30) == 286


def test_a_part_that_somebody_asks_for_leads_the_whole_page_to_sign_in(client: Client) -> None:
    Session.objects.all().delete()
    part = client.get("/tasks/supervision/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/accounts/login/?next=/tasks/supervision/")
    boosted = client.get("/tasks/supervision/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted.status_code == SIGNED_OUT


def test_a_poll_writes_nothing(client: Client) -> None:
    for seconds in (61, 1900):
        with CaptureQueriesContext(connection) as captured:
            polls(client, seconds)
        assert not [q for q in captured if not q["sql"].startswith("SELECT")]


@pytest.mark.parametrize(("later", "written"), [(59, False), (60, True), (61, True)])
def test_the_time_is_noted_once_a_minute(client: Client, later: int, written: bool) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert opens(client, later) == 200
    assert any(q["sql"].startswith('UPDATE "django_session"') for q in captured) is written


def test_a_visitor_gets_no_session() -> None:
    visitor = Client()
    assert opens(visitor, 0, "/") == polls(visitor, 30, "/") == 200
    assert not Session.objects.exists()
