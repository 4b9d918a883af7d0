"""The page of a month is kept for visitors, and never shown when it is out of date."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event
from events.services import update_event
from organizations.services import NameDirectory
from tests.accounts import browser_of
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
MONTH = "/events/2023/05/"
AT = datetime(2023, 6, 1, 8, 0, tzinfo=UTC)


def page(client: Client | None = None, address: str = MONTH) -> str:
    return (client or Client()).get(address).content.decode()


def test_the_second_visitor_gets_the_same_bytes_for_two_queries() -> None:
    EventFactory(title="召开例会")
    first = page()
    with CaptureQueriesContext(connection) as captured:
        assert page() == first
    assert len(captured) == 2


def test_a_recorded_change_shows_at_once() -> None:
    event = EventFactory(text="旧的文字。")
    assert "旧的文字" in page()
    update_event(
        actor=None,
        at=AT,
        event=event,
        changes={"text": "新的文字。"},
        directory=NameDirectory(actor=None, at=AT),
        reason="更正",
    )
    assert "新的文字" in page() and "旧的文字" not in page()


def test_entries_written_past_the_services_show_at_once_too() -> None:
    event = EventFactory(title="第一件", text="第一件。")
    page()
    EventFactory(text="第二件。")
    assert "第二件" in page()
    Event.objects.filter(pk=event.pk).update(publication="withdrawn")
    assert "第一件" not in page()


def test_the_desk_neither_fills_nor_sees_what_is_kept() -> None:
    EventFactory(text="已经公开。")
    EventFactory(text="还是草稿。", publication="draft")
    editor = browser_of("editor")
    assert "还是草稿" in page(editor)
    assert "还是草稿" not in page()
    assert "还是草稿" in page(editor)
    assert "退出登录" in page(editor) and "退出登录" not in page()


def test_a_filtered_page_is_made_each_time() -> None:
    EventFactory(text="河堤。")
    page()
    assert "符合条件 1 条" in page(address=f"{MONTH}?q=河堤")
    assert "符合条件" not in page()


def test_a_message_for_one_visitor_is_not_kept_for_others() -> None:
    EventFactory()
    leaving = browser_of("viewer")
    leaving.post("/accounts/logout/")
    own = page(leaving)
    assert own != page() or "notice-" not in own
    assert "notice-success" not in page() and "notice-info" not in page()


def test_an_unchanged_page_is_not_sent_again() -> None:
    EventFactory()
    response = Client().get(MONTH)
    again = Client().get(MONTH, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304 and again.content == b""
    EventFactory()
    changed = Client().get(MONTH, headers={"If-None-Match": response["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != response["ETag"]
    assert response["Cache-Control"] == "private, no-cache"


def test_today_is_marked_anew_each_day() -> None:
    EventFactory(start_date=date(2023, 5, 8))
    marked = 'aria-current="date"'
    with mock.patch("events.views.timezone.localdate", return_value=date(2023, 5, 8)):
        assert marked in page()
    with mock.patch("events.views.timezone.localdate", return_value=date(2023, 6, 8)):
        assert marked not in page()


def test_many_pages_make_no_limit_of_tries_forgotten(settings: Any) -> None:
    """The cache of pages is small and apart: what it drops when it is full are pages."""
    cache.set("tries", 4)
    for year in range(1901, 1904):
        for port in ("1", "2"):
            settings.ALLOWED_HOSTS = ["localhost"]
            Client().get(f"/events/{year}/01/", HTTP_HOST=f"localhost:{port}")
    assert cache.get("tries") == 4
    if settings.CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
        kept = [
            len(list(Path(settings.CACHES[name]["LOCATION"]).glob("*.djcache"))) for name in settings.CACHES
        ]
        assert kept == [2, 6]  # beside the tries: as of when the data are


def test_what_is_not_found_is_not_kept() -> None:
    assert Client().get("/events/2023/13/").status_code == 404
    assert Client().get("/events/2023/13/").status_code == 404
