"""原文如此 beside misprinted words, as a phone shows it."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.factories import EventFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "原稿将“清河东路排水泵站”误作“青河东路排水泵站”，以市水务局二〇二三年五月出具的说明为准"
SMALLEST_PX = 12
# Of the text with its background, as sizes above 4.5 : 1 are asked for of ordinary text.
CONTRAST = """element => {
  const channels = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const style = getComputedStyle(element);
  const [a, b] = [light(channels(style.color)), light(channels(style.backgroundColor))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


def misprinted() -> Any:
    event = EventFactory(
        start_date=date(2023, 5, 8), text="市长林青到青河东路检查。", people=[PersonFactory(name="林清")]
    )
    event.officials.update(printed_name="林青")
    event.corrections.create(printed="青河东路", corrected="", note=LONG, made_on=date(2023, 6, 1))
    return event


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", ["/events/2023/05/", "/events/2023/05/08/", "{entry}"])
def test_the_badge_is_whole_on_the_screen_and_legible(
    page: Page, live_server: Any, width: int, address: str
) -> None:
    event = misprinted()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(live_server.url + address.format(entry=event.get_absolute_url()))
    badges = page.locator(".entry-text .absent, .reading .absent", has_text="原文如此")
    assert badges.count() == 2
    for badge in badges.all():
        assert badge.is_visible()
        box = badge.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, box
        size = float(badge.evaluate("element => getComputedStyle(element).fontSize").removesuffix("px"))
        assert size >= SMALLEST_PX
        assert badge.evaluate(CONTRAST) >= 4.5
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
