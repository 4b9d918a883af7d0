"""A page stands still while it loads, and goes on paper without the frame around its text.

Layout shift as browsers count it (Layout Instability, web-vitals: good is below 0.1), from
the first byte until a second after loading, with everything that scripts fill in.
"""

import unicodedata
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from directives.models import Directive
from events.models import Event
from tests.accounts import person
from tests.browsers import enter
from tests.factories import DirectiveFactory, EventFactory, SectionFactory, TaskFactory, TaskListFactory
from tests.floodresponse.city import make_plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
GOOD = 0.1
WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value;
}).observe({type: "layout-shift", buffered: true});
"""
FRAME = ".site-nav, .header-end, .tabs, .page-actions, .toolbar, .skip, .btn, [popover]"


@pytest.fixture
def addresses(transactional_db: None) -> dict[str, str]:
    """Something on every page that is looked at."""
    make_plan()
    entries: list[Event] = EventFactory.create_batch(12, text="召开城市精细化管理推进会。" * 6)
    directive: Directive = DirectiveFactory(title="汛期值守通知")
    for number in "一二三":
        SectionFactory(directive=directive, number=number, heading="值守安排", text="汛期全天值守。" * 60)
    tasks = TaskListFactory(title="清沟行动", directive=directive)
    task = TaskFactory(task_list=tasks, title="清掏排水沟")
    return {
        "month": f"/events/{entries[0].start_date:%Y/%m}/",
        "event": entries[0].get_absolute_url(),
        "directive": directive.get_absolute_url(),
        "list": tasks.get_absolute_url(),
        "task": task.get_absolute_url(),
    }


PUBLIC = ("/", "{month}", "{event}", "/directives/", "{directive}", "/search/?q=值守", "/flood/")
WORK = {"supervisor": ("/tasks/desk/", "{list}", "{task}"), "commander": ("/flood/", "/flood/decide/")}


def shift_of(page: Page, address: str) -> float:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    return float(page.evaluate("() => window.shifted"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("role", ["", *WORK])
def test_nothing_moves_while_a_page_loads(
    page: Page, live_server: Any, addresses: dict[str, str], role: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(WATCH)
    if role:
        enter(page.context, live_server.url, person(role))
    paths = [path.format(**addresses) for path in (WORK[role] if role else PUBLIC)]
    moved = {path: shift_of(page, live_server.url + path) for path in paths}
    assert {path: shift for path, shift in moved.items() if shift >= GOOD} == {}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "精细化管理推进会"),
        ("{month}", "精细化管理推进会"),
        ("{event}", "精细化管理推进会"),
        ("{directive}", "全天值守"),
        ("/flood/", "启动条件"),
    ],
)
def test_on_paper_the_text_stands_without_the_frame(
    page: Page, live_server: Any, addresses: dict[str, str], path: str, words: str
) -> None:
    page.goto(live_server.url + path.format(**addresses))
    page.emulate_media(media="print")
    assert page.locator(FRAME).count() > 0
    assert not any(part.is_visible() for part in page.locator(FRAME).all())
    colours = "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    first = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert [round(float(side) / 72 * 25.4) for side in first.mediabox[2:]] == [210, 297]
    # Chromium writes some characters as their radicals.
    printed = unicodedata.normalize("NFKC", first.extract_text())
    assert words in "".join(printed.split())
