"""The command screen signs nobody out while somebody has to sit before it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from floodresponse.services import Decision, declare_response
from floodresponse.services.daily import start_flood_watch
from tests.accounts import browser_of, person
from tests.floodresponse.city import make_plan

pytestmark = pytest.mark.django_db
START = datetime(2026, 7, 26, 18, 0, tzinfo=UTC)
BOARD, DRILL = "/flood/board/", "/flood/board/?exercise=1"
SIGNED_OUT = 286


@pytest.fixture(autouse=True)
def thirty_minutes(settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 1800
    make_plan()


def declare(*, exercise: bool = False) -> None:
    decision = Decision(level=3, reason="雨势持续，提前处置值守。", authorised_by="总指挥")
    declare_response(actor=person("commander"), at=timezone.now(), decision=decision, exercise=exercise)


def asks_for_an_hour(browser: Client, address: str = BOARD) -> int:
    """The screen asks by itself every ten minutes; the last answer."""
    status = 0
    for minutes in range(0, 61, 10):
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            status = browser.get(address, headers={"X-Poll": "true"}).status_code
    return status


def opened() -> Client:
    with time_machine.travel(START, tick=False):
        browser = browser_of("commander")
        browser.get("/flood/")
    return browser


def test_in_a_response_it_stays() -> None:
    with time_machine.travel(START, tick=False):
        declare()
    assert asks_for_an_hour(opened()) == 200


def test_in_quiet_times_it_ends_like_any_page() -> None:
    assert asks_for_an_hour(opened()) == SIGNED_OUT


def test_in_flood_watch_alone_it_ends_like_any_page() -> None:
    with time_machine.travel(START, tick=False):
        start_flood_watch(actor=person("commander"), at=timezone.now())
    assert asks_for_an_hour(opened()) == SIGNED_OUT


def test_a_drill_keeps_nobody() -> None:
    with time_machine.travel(START, tick=False):
        declare(exercise=True)
    assert asks_for_an_hour(opened()) == SIGNED_OUT
    with time_machine.travel(START, tick=False):
        declare()
    assert asks_for_an_hour(opened(), DRILL) == SIGNED_OUT


def test_other_pages_that_ask_by_themselves_keep_nobody() -> None:
    with time_machine.travel(START, tick=False):
        declare()
    assert asks_for_an_hour(opened(), "/inbox/count/") == SIGNED_OUT
