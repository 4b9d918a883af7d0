"""What is typed and kept in a browser is found again by the person who typed it and by nobody else."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from events.models import Event
from tests.accounts import browser_of
from tests.factories import DirectiveFactory, EventFactory

NAMES = re.compile(r'data-(?:keep|whole)="([^"]*)"')
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def test_every_kept_form_is_named_for_its_person() -> None:
    found = [name for file in TEMPLATES.rglob("*.html") for name in NAMES.findall(file.read_text())]
    assert len(found) >= 8
    assert [name for name in found if not re.search(r"\buser\.pk\b", name)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "field"), [("event", "text"), ("directive", "title")])
def test_a_colleague_on_the_same_machine_does_not_see_the_draft(
    page: Page, live_server: Any, kind: str, field: str
) -> None:
    record = (EventFactory if kind == "event" else DirectiveFactory)(publication=Event.Publication.DRAFT)
    address = live_server.url + reverse(f"{kind}s:edit", args=[record.pk])
    first, second = (sign_in(page, live_server.url, role) for role in ("editor", "publisher"))
    box = page.locator(f"[name={field}]")
    own = getattr(record, field)

    first(address)
    box.fill("甲的想法，还没有保存。")
    box.blur()
    second(address)
    expect(box).to_have_value(own)
    expect(page.locator("[data-kept]")).to_be_hidden()
    first(address)
    expect(page.locator("[data-kept]")).to_contain_text("尚未保存的内容")


def sign_in(page: Page, host: str, role: str) -> Any:
    """Opens an address as a person of the role."""
    cookie = browser_of(role).cookies["sessionid"].value

    def open_as(address: str) -> None:
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": host}])
        page.goto(address)

    return open_as
