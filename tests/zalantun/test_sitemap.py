"""``/sitemap.xml``: months and documents that everybody may read."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.accounts import browser_of
from tests.factories import DirectiveFactory, EventFactory

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def addresses(client: Client | None = None) -> list[str]:
    response = (client or Client()).get("/sitemap.xml")
    assert response.status_code == 200
    found = ElementTree.fromstring(response.content).findall("s:url/s:loc", NAMES)
    return [(address.text or "").removeprefix("http://testserver") for address in found]


@pytest.mark.parametrize("role", ["anonymous", "editor"])
def test_months_with_published_entries_and_public_documents(role: str) -> None:
    for day in (date(2023, 5, 8), date(2023, 5, 9), date(2023, 7, 1)):
        EventFactory(start_date=day)
    EventFactory(start_date=date(2024, 1, 1), publication="draft")
    shown = DirectiveFactory()
    DirectiveFactory(is_public=False)
    DirectiveFactory(publication="draft")
    found = addresses(browser_of(role))
    assert [address for address in found if "/events/2" in address] == [
        "/events/2023/07/",
        "/events/2023/05/",
    ]
    assert [a for a in found if a.startswith("/directives/") and a != "/directives/"] == [
        f"/directives/{shown.pk}/"
    ]


def test_every_address_of_it_opens() -> None:
    EventFactory()
    DirectiveFactory()
    found = addresses()
    assert len(found) == len(set(found)) == 9
    assert {address: Client().get(address).status_code for address in found} == dict.fromkeys(found, 200)


def test_it_knows_when_a_month_last_changed() -> None:
    event = EventFactory()
    page = Client().get("/sitemap.xml").content.decode()
    assert f"<lastmod>{event.updated_at.astimezone():%Y-%m-%d}" in page
