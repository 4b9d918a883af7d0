"""WCAG 2.2 AA on every page: axe-core in light, dark and 长者模式, at a desk and on a phone.

The pages come from the URL conf (``tests.zalantun.everypage``), each as the
people see it who work with it. Pages are the same on every database, so one
is enough.
"""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.accounts import browser_of
from tests.zalantun.everypage import Made, address_of, is_page, routes

pytestmark = pytest.mark.django_db(transaction=True)
AXE = Path(portal.NODE_MODULES) / "axe-core" / "axe.min.js"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# A desk's screen at four times its size (WCAG 2.2, 1.4.10), a tablet, a small laptop.
OTHER_WIDTHS = (320, 1024, 1200)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Who looks at which pages.
LOOKS: list[tuple[str, tuple[str, ...]]] = [
    ("anonymous", ("",)),
    ("department_officer", ("home", "taskboard:", "notifications:", "account_", "mfa_", "security:")),
    ("supervisor", ("taskboard:", "notifications:ledger", "organizations:", "search")),
    ("duty_officer", ("floodresponse:",)),
    (
        "commander",
        ("floodresponse:board", "floodresponse:decide", "floodresponse:index", "floodresponse:response"),
    ),
    ("editor", ("home", "events:", "directives:", "gazette:", "taskboard:links")),
    ("system_admin", ("admin:",)),
    ("security_admin", ("accounts:",)),
    ("audit_admin", ("audit:",)),
]
# Answered with a page only under conditions that one record of each kind does not meet.
ELSEWHERE = {
    "taskboard:approvals": "only of a ledger of pending approvals",
    "taskboard:disposals": "only of a ledger of stalled projects",
    "taskboard:ledger_averages": "only of a ledger with indicators",
    "taskboard:ledger_row_case": "only of a pending approval of one's own department",
    "taskboard:ledger_row_plan": "only of a stalled project of one's own department",
    "taskboard:listing_new": "only from a task that may be listed",
    "floodresponse:register_remove": "only of a record of its own list",
    "floodresponse:after_action_section": "only of a chapter that the report has",
    "account_inactive": "only of a suspended account",
    "account_waiting": "only of an account that waits to be verified",
}
RUN = """async ([tags, rules]) => {
  // One that is hidden in the middle never ends: a moment is enough.
  const ended = Promise.allSettled(document.getAnimations().map((one) => one.finished));
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 300))]);
  const only = rules.length ? {type: "rule", values: rules} : {type: "tag", values: tags};
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return found.violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)}`);
}"""


def pages_of(role: str, wanted: tuple[str, ...], made: Made) -> dict[str, str]:
    """Addresses of the pages that a role gets; of the admin one of each kind in each room."""
    client: Client = browser_of(role)
    found: dict[str, str] = {}
    kinds: set[tuple[str, str]] = set()
    for name, held in routes():
        kind = (name.split("_")[0], name.rpartition("_")[2])
        if not name.startswith(wanted) or (name.startswith("admin:") and kind in kinds):
            continue
        address = address_of(name, held, made)
        if is_page(client.get(address)):
            found[name] = address
            kinds.add(kind)
    return found


def signed_in(context: BrowserContext, role: str, server: str) -> None:
    """The session of a person of the role; a visitor has none."""
    cookie = browser_of(role).cookies.get(portal.SESSION_COOKIE_NAME)
    if cookie:
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server}])


def wide(page: Page, width: int) -> list[str]:
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return [f"sticks out, {found} px wide"] if found > width else []


def unroll(page: Page) -> None:
    """A telephone as long as the page: where a bar stands in front of a link, one scrolls on."""
    page.set_viewport_size(PHONE)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": PHONE["width"], "height": max(height, PHONE["height"])})


def faults_of(page: Page, address: str, server: str) -> list[str]:
    """What is wrong with a page, each line with how it was looked at."""
    found: list[tuple[str, str]] = []

    def look(how: str, rules: tuple[str, ...] = ()) -> None:
        found.extend((how, fault) for fault in page.evaluate(RUN, [STANDARD, list(rules)]))

    page.context.clear_cookies(name="larger_text")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    page.goto(server + address)
    look("1280")
    page.emulate_media(color_scheme="dark")
    look("1280, dark", ("color-contrast",))
    page.emulate_media(color_scheme="light")
    unroll(page)
    look("390", ("color-contrast", "target-size"))
    for width in OTHER_WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        found += [(str(width), fault) for fault in wide(page, width)]
    page.context.add_cookies([{"name": "larger_text", "value": "1", "url": server}])
    page.set_viewport_size(PHONE)
    page.goto(server + address)
    unroll(page)
    look("390, larger text", ("color-contrast", "target-size"))
    found += [("390, larger text", fault) for fault in wide(page, PHONE["width"])]
    page.set_viewport_size(DESK)
    found += [("1280, larger text", fault) for fault in wide(page, DESK["width"])]
    return [f"{address} [{how}] {fault}" for how, fault in found]


@pytest.mark.slow
@pytest.mark.parametrize(("role", "wanted"), LOOKS, ids=[role for role, _ in LOOKS])
def test_no_serious_fault_on_any_page(
    role: str, wanted: tuple[str, ...], context: BrowserContext, live_server: Any, made: Made
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("pages look the same on every database")
    pages = pages_of(role, wanted, made)
    assert pages
    context.add_init_script(path=AXE)
    signed_in(context, role, live_server.url)
    page = context.new_page()
    faults = [fault for address in pages.values() for fault in faults_of(page, address, live_server.url)]
    assert not faults, "\n".join(faults)


def test_every_page_is_looked_at_by_somebody(made: Made) -> None:
    seen = {name for role, wanted in LOOKS for name in pages_of(role, wanted, made)}
    everybody = ["anonymous", *dict.fromkeys(role for role, _ in LOOKS)]
    forgotten = []
    for name, held in routes():
        if name in seen or name in ELSEWHERE or name.startswith("admin:"):
            continue
        address = address_of(name, held, made)
        if any(is_page(browser_of(role).get(address)) for role in everybody):
            forgotten.append(name)
    assert forgotten == []


def test_the_checker_is_not_served() -> None:
    assert Client().get("/static/vendor/axe-core/axe.min.js").status_code == 404
    assert not [name for name in portal.VENDOR_FILES if "axe" in name]
