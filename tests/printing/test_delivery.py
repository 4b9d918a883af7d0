"""PDFs over HTTP: kept by content, built once, in the background when they are long."""

import json
import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from kombu.exceptions import OperationalError

from printing import Layout, building, printouts, rendering, store, tasks
from printing.building import build_at_once, build_ordered, place_order
from printing.delivery import PressUnavailable, deliver
from printing.printouts import Printout

pytestmark = pytest.mark.django_db
HTML = '<html lang="zh-CN"><head><title>通知</title></head><body><p>青河市通知第{}号。</p></body></html>'


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were set, in order."""
    seen: list[str] = []

    def render(html: str, **options: Any) -> bytes:
        seen.append(html)
        return rendering.render_pdf(html, **options)

    monkeypatch.setattr(building, "render_pdf", render)
    return seen


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A background that takes orders and does not get to them."""
    placed: list[str] = []
    monkeypatch.setattr(tasks.build_printout, "delay", placed.append)
    return placed


@pytest.fixture
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printouts, "AT_ONCE_CHARACTERS", 10)


def printout(number: int = 1, name: str = "青河市通知") -> Printout:
    return Printout(HTML.format(number), Layout.GAZETTE, "青河市通知", name)


def ask(page: Printout, *, htmx: bool = False, tag: str = "") -> HttpResponse:
    request = RequestFactory().get("/x.pdf", headers={"If-None-Match": tag} if tag else {})
    request.user = AnonymousUser()
    request.htmx = SimpleNamespace(boosted=False) if htmx else None  # type: ignore[attr-defined]
    request.resolver_match = None
    return deliver(request, page)


# -- the answer -------------------------------------------------------------------------------


def test_the_answer_carries_the_type_a_chinese_file_name_and_forbids_keeping_it_unasked() -> None:
    response = ask(printout(name="青河市2023年7月大事记"))
    assert response.status_code == 200 and response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    name = quote("青河市2023年7月大事记.pdf")
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{name}"
    assert response["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Authorization"} <= {name.strip() for name in response["Vary"].split(",")}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("通知/../../etc", "通知 .. .. etc.pdf"),
        ('通知"\r\nX-Evil: 1', "通知 X-Evil 1.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("长" * 200, "长" * 80 + ".pdf"),
    ],
)
def test_a_file_name_is_harmless_everywhere(name: str, file: str) -> None:
    assert printout(name=name).file_name == file


def test_a_second_call_is_answered_without_setting_it_again(builds: list[str]) -> None:
    first, second = ask(printout()), ask(printout())
    assert first.content == second.content and len(builds) == 1


def test_other_content_is_set_anew(builds: list[str]) -> None:
    assert ask(printout(1))["ETag"] != ask(printout(2))["ETag"]
    assert len(builds) == 2


def test_other_styles_or_fonts_are_another_document(monkeypatch: pytest.MonkeyPatch) -> None:
    before = printout().etag
    monkeypatch.setattr(printouts, "style_signature", lambda layout: "new")
    assert printout().etag != before


def test_who_has_it_already_is_told_so_without_setting_it(builds: list[str]) -> None:
    response = ask(printout(), tag=printout().etag)
    assert response.status_code == 304 and not response.content and not builds
    assert ask(printout(), tag='"other"').status_code == 200


def test_a_full_disk_costs_the_copy_and_not_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "write", full)
    assert ask(printout()).content.startswith(b"%PDF-")


# -- once -------------------------------------------------------------------------------------


def test_two_people_who_ask_at_once_have_it_built_once(
    builds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "WAIT_SECONDS", 60.0)
    page = printout()
    answers: list[bytes | None] = []
    people = [threading.Thread(target=lambda: answers.append(build_at_once(page))) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(builds) == 1
    assert len(answers) == 4 and len(set(answers)) == 1 and answers[0]


def test_who_waits_too_long_for_another_is_shown_progress(
    queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "WAIT_SECONDS", 0.1)
    with store.building(printout().key, wait_seconds=0) as held:
        assert held
        response = ask(printout())
    assert response.status_code == 202 and queue == [printout().key]


def test_a_busy_press_sends_a_short_document_to_the_background(
    queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "WAIT_SECONDS", 0.1)
    started, done = threading.Event(), threading.Event()

    def occupy() -> None:
        with rendering.PRESS:
            started.set()
            done.wait(30)

    other = threading.Thread(target=occupy)
    other.start()
    started.wait(30)
    try:
        assert ask(printout()).status_code == 202
    finally:
        done.set()
        other.join()
    assert len(queue) == 1


# -- in the background ------------------------------------------------------------------------


@pytest.mark.parametrize(("characters", "long"), [(9, False), (10, False), (11, True)])
def test_a_document_beyond_the_limit_is_long(characters: int, long: bool, everything_is_long: None) -> None:
    assert Printout("字" * characters, Layout.GAZETTE, "", "").is_long is long


def test_a_long_document_shows_progress_and_is_delivered_when_it_is_done(
    everything_is_long: None, queue: list[str], builds: list[str]
) -> None:
    first = ask(printout())
    assert first.status_code == 202 and first["Retry-After"] and not builds
    page = first.content.decode()
    assert "已交后台，等待开始" in page and 'hx-get="/x.pdf"' in page and "<script>" not in page
    assert "已交后台" in ask(printout(), htmx=True).content.decode()
    tasks.build_printout(queue[0])
    arrived = ask(printout(), htmx=True)
    assert arrived["HX-Refresh"] == "true" and not arrived.content
    assert ask(printout()).content.startswith(b"%PDF-")
    assert len(builds) == 1


def test_a_document_in_line_is_not_ordered_twice(everything_is_long: None, queue: list[str]) -> None:
    for _ in range(3):
        ask(printout())
    assert len(queue) == 1


def test_where_the_background_is_quick_the_answer_is_the_document(everything_is_long: None) -> None:
    assert ask(printout()).content.startswith(b"%PDF-")


def test_the_page_reached_is_shown(everything_is_long: None, queue: list[str]) -> None:
    ask(printout())
    store.write(printout().key, "page", b"12")
    assert "已到第 12 页" in ask(printout(), htmx=True).content.decode()


def test_the_background_reports_the_pages_it_reaches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "REPORT_EVERY_SECONDS", 0.0)
    reached: list[str] = []
    write = store.write

    def noted(key: str, kind: str, data: bytes) -> None:
        if kind == "page":
            reached.append(data.decode())
        write(key, kind, data)

    monkeypatch.setattr(store, "write", noted)
    page = Printout(f"<html><body>{'<p>国</p>' * 50}</body></html>", Layout.GAZETTE, "", "")
    assert place_order(page)
    build_ordered(key=page.key)
    assert reached[:3] == ["1", "2", "3"]
    assert store.read(page.key) and not store.read(page.key, "page") and not store.read(page.key, "order")


def test_an_order_delivered_twice_is_built_once(
    everything_is_long: None, queue: list[str], builds: list[str]
) -> None:
    ask(printout())
    for _ in range(2):
        build_ordered(key=queue[0])
    assert len(builds) == 1


def test_a_builder_that_died_leaves_the_order_to_the_next(everything_is_long: None, queue: list[str]) -> None:
    ask(printout())
    # Its lock went with it; what it left are the order and how far it was.
    store.write(queue[0], "page", b"3")
    build_ordered(key=queue[0])
    assert ask(printout()).status_code == 200


@pytest.mark.parametrize(("age", "orders"), [(899.0, 1), (901.0, 2)])
def test_an_order_that_was_lost_is_placed_again(
    age: float, orders: int, everything_is_long: None, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(printout())
    known = store.age
    monkeypatch.setattr(store, "age", lambda key, kind: age if kind == "order" else known(key, kind))
    ask(printout())
    assert len(queue) == orders


def test_a_failure_is_said_logged_by_the_worker_and_tried_again_after_a_minute(
    everything_is_long: None, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **options: Any) -> bytes:
        raise RuntimeError("out of ink")

    monkeypatch.setattr(building, "render_pdf", broken)
    ask(printout())
    with pytest.raises(RuntimeError):
        build_ordered(key=queue[0])
    response = ask(printout())
    assert response.status_code == 202 and "没有生成成功" in response.content.decode()
    assert len(queue) == 1
    monkeypatch.setattr(building, "FAILURE_SECONDS", 0.0)
    ask(printout())
    assert len(queue) == 2


@pytest.mark.parametrize("error", [OperationalError("no broker"), OSError("no folder")])
def test_a_background_that_takes_no_orders_is_said_in_a_sentence(
    error: Exception, everything_is_long: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str) -> None:
        raise error

    monkeypatch.setattr(tasks.build_printout, "delay", refuse)
    with pytest.raises(PressUnavailable) as refused:
        ask(printout())
    assert refused.value.status == 503 and "请稍后再试" in refused.value.message
    # The order was taken back: the next call may place it.
    assert store.read(printout().key, "order") is None


def test_an_order_holds_the_page_and_its_layout(everything_is_long: None, queue: list[str]) -> None:
    ask(printout())
    order = json.loads(store.read(queue[0], "order") or b"{}")
    assert order == {"html": printout().html, "layout": "gazette"}


def test_what_nobody_asks_for_is_forgotten_and_what_is_asked_for_stays() -> None:
    old, used = printout(1), printout(2)
    for page in (old, used):
        ask(page)
    for path in store.path_of("any", "pdf").parent.iterdir():
        os.utime(path, (0, 0))
    ask(used)
    tasks.forget_unused_printouts()
    assert store.read(old.key) is None and store.read(used.key)
