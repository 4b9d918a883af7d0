"""What the log says of a request, and what it keeps to itself."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts import browser_of
from zalantun.logs import MaskedJson, MaskedLine, masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("13812345678,19900001111", "138****5678,199****1111"),
        ("12812345678", "12812345678"),  # no network has this beginning
        ("1381234567", "1381234567"),  # one digit short
        ("138123456789", "138123456789"),  # one digit more: another kind of number
        ("0470-1234567", "0470-1234567"),  # a public number of an office
    ],
)
def test_mobile_numbers_are_masked(text: str, expected: str) -> None:
    assert masked(text) == expected


def record_of(message: str, *args: object, **extra: object) -> logging.LogRecord:
    logger = logging.getLogger("test")
    return logger.makeRecord("test", logging.INFO, __file__, 1, message, args, None, extra=extra)


def test_arguments_and_tracebacks_are_masked_too() -> None:
    try:
        raise ValueError("13812345678")
    except ValueError as error:
        record = record_of("of %s", "13912345678")
        record.exc_info = (type(error), error, error.__traceback__)
    text = MaskedLine("%(message)s").format(record)
    assert "139****5678" in text
    assert "ValueError: 138****5678" in text
    assert "1381234" not in text


def test_json_is_one_object_on_one_line_with_fields_of_its_own() -> None:
    text = MaskedJson("%(levelname)s %(message)s").format(record_of("两行\n电话13812345678", status=200))
    assert "\n" not in text
    assert json.loads(text) | {"taskName": None} == {
        "levelname": "INFO",
        "message": "两行\n电话138****5678",
        "status": 200,
        "taskName": None,
    }


@pytest.fixture
def lines(caplog: Any) -> Any:
    caplog.set_level(logging.INFO, logger="portal.request")
    return lambda: [one for one in caplog.records if one.name == "portal.request"]


@pytest.mark.django_db
def test_a_request_is_a_line_with_who_what_and_how_long(lines: Any) -> None:
    client = browser_of("supervisor")
    client.get("/tasks/", {"q": "供水"})
    [line] = lines()
    assert (line.method, line.path, line.status) == ("GET", "/tasks/", 200)
    assert line.user == int(client.session["_auth_user_id"])
    assert line.ms > 0


@pytest.mark.django_db
def test_a_visitor_has_no_name_and_a_missing_page_is_told(lines: Any) -> None:
    Client().get("/no-such-page/")
    [line] = lines()
    assert (line.path, line.status, line.user) == ("/no-such-page/", 404, None)


@pytest.mark.django_db
def test_the_secret_of_a_calendar_is_not_written_down(lines: Any) -> None:
    address = reverse("taskboard:personal_feed", kwargs={"secret": "a-very-secret-word"})
    Client().get(address)
    [line] = lines()
    assert "a-very-secret-word" not in line.getMessage()
    assert line.path.startswith("/tasks/calendar/")


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["%0A", "%0D%0A", "%E2%80%A8", "%C2%85", "%1B"])
def test_nobody_writes_another_line_into_the_log(lines: Any, sign: str) -> None:
    Client().get(f"/x{sign}2026-01-01 INFO portal.request")
    [line] = lines()
    assert line.path == f"/x{sign}2026-01-01 INFO portal.request"
    assert len(line.getMessage().splitlines()) == 1


@pytest.mark.django_db
def test_a_chinese_address_stays_readable(lines: Any) -> None:
    Client().get("/没有这一页/")
    [line] = lines()
    assert line.path == "/没有这一页/"
