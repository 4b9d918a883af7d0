"""The Atom feed of the chronicle."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from events.feeds import FEED_SIZE
from events.models import Event
from tests.accounts import browser_of
from tests.factories import EventFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def fetched(query: dict[str, Any] | None = None, client: Client | None = None) -> Any:
    response = (client or Client()).get("/events/feed/", query or {})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(query: dict[str, Any] | None = None, client: Client | None = None) -> list[str]:
    return values(fetched(query, client), "a:entry/a:title/text()")


def values(element: Any, path: str) -> list[str]:
    """Texts or attributes at a path that ends in ``text()`` or ``@name``."""
    elements, _, last = path.rpartition("/")
    found = element.findall(elements, ATOM)
    return [each.text if last == "text()" else each.get(last.removeprefix("@")) for each in found]


def one(element: Any, path: str) -> str:
    (found,) = values(element, path)
    return found


def test_the_feed_says_what_it_is_and_where(settings: Any) -> None:
    settings.SITE_DOMAIN = "qinghe.example"
    EventFactory()
    feed = fetched({"q": "例会"})
    assert one(feed, "a:id/text()") == "tag:qinghe.example,2022:events?q=%E4%BE%8B%E4%BC%9A"
    assert one(feed, "a:title/text()") == f"{settings.SITE_NAME} 大事记"
    assert one(feed, "a:link[@rel='self']/@href") == "http://testserver/events/feed/?q=%E4%BE%8B%E4%BC%9A"
    assert one(feed, "a:link[@rel='alternate']/@href") == "http://testserver/events/"
    assert one(feed, "a:author/a:name/text()") == settings.SITE_OWNER
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"


def test_an_entry_of_the_feed(settings: Any) -> None:
    settings.SITE_DOMAIN = "qinghe.example"
    event = EventFactory(
        title="察看<沟渠>",
        text="市领导到场。\n随后开会。",
        start_date=date(2023, 5, 8),
        end_date=date(2023, 5, 10),
        topics=[TopicFactory(name="水利")],
    )
    changed = datetime(2023, 6, 1, 4, 5, 6, tzinfo=UTC)
    Event.objects.update(updated_at=changed)
    (entry,) = fetched().findall("a:entry", ATOM)
    assert one(entry, "a:title/text()") == "2023年5月8～10日 察看<沟渠>"
    assert one(entry, "a:id/text()") == f"tag:qinghe.example,2022:events/{event.pk}"
    assert one(entry, "a:link/@href") == f"http://testserver/events/entries/{event.pk}/"
    assert one(entry, "a:content[@type='text']/text()") == "市领导到场。\n随后开会。"
    assert one(entry, "a:category/@term") == "水利"
    assert datetime.fromisoformat(one(entry, "a:updated/text()")) == changed


def test_ids_stay_when_the_entry_or_the_servers_address_changes() -> None:
    event = EventFactory()
    before = one(fetched(), "a:entry/a:id/text()")
    Event.objects.filter(pk=event.pk).update(title="改了", start_date=date(2020, 1, 1))
    response = Client(headers={"host": "other.example"}).get("/events/feed/")
    assert one(ElementTree.fromstring(response.content), "a:entry/a:id/text()") == before


@pytest.mark.parametrize("role", ["anonymous", "editor"])
@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_only_what_is_published_is_passed_on(role: str, state: str) -> None:
    EventFactory(title="看不见", publication=state)
    EventFactory(title="看得见", start_date=date(2023, 5, 8))
    assert titles(client=browser_of(role)) == ["2023年5月8日 看得见"]


def test_the_lists_filters_choose() -> None:
    EventFactory(title="植树", start_date=date(2023, 4, 1), people=[PersonFactory(name="某甲")])
    EventFactory(title="防汛", start_date=date(2023, 7, 1), topics=[TopicFactory(slug="flood")])
    for query, found in (
        ({"official": "某甲"}, "2023年4月1日 植树"),
        ({"topic": "flood"}, "2023年7月1日 防汛"),
        ({"date_from": "2023-06-01"}, "2023年7月1日 防汛"),
        ({"q": "植"}, "2023年4月1日 植树"),
    ):
        assert titles(query) == [found]


def test_the_same_filters_in_another_order_are_the_same_feed() -> None:
    EventFactory(people=[PersonFactory(name="b"), PersonFactory(name="c")])
    feeds = [
        Client().get(f"/events/feed/?{query}").content
        for query in ("q=a&official=b&official=c&date_to=", "official=c&official=b&q=a&page=2")
    ]
    assert len({one(ElementTree.fromstring(feed), "a:id/text()") for feed in feeds}) == 1


@pytest.mark.parametrize("address", ["/events/feed/", "/events/calendar.ics"])
def test_a_bad_filter_is_a_sentence_and_not_a_feed_of_everything(address: str) -> None:
    response = Client().get(address, {"date_from": "2023-02-30"})
    assert response.status_code == 400
    assert "筛选条件有误" in response.content.decode()
    assert "date_from" in response.content.decode()


def test_the_latest_changes_come_first_and_old_ones_fall_out() -> None:
    moment = datetime(2023, 6, 1, tzinfo=UTC)
    for n in range(FEED_SIZE + 1):
        event = EventFactory(title=f"第{n}次", start_date=date(2023, 5, 8))
        Event.objects.filter(pk=event.pk).update(updated_at=moment + timedelta(minutes=n))
    found = titles()
    assert len(found) == FEED_SIZE
    assert found[0] == f"2023年5月8日 第{FEED_SIZE}次"
    assert "2023年5月8日 第0次" not in found


def test_an_empty_feed_is_still_a_feed() -> None:
    first, second = (Client().get("/events/feed/") for _ in range(2))
    assert first.content == second.content
    assert one(ElementTree.fromstring(first.content), "a:updated/text()") == "2000-01-01T08:00:00+08:00"


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    EventFactory(
        title="甲\x0b乙", text="丙\x00".replace("\x00", "\x08") + "丁\ufffe𠮷", start_date=date(2023, 5, 8)
    )
    feed = fetched()
    assert one(feed, "a:entry/a:title/text()") == "2023年5月8日 甲乙"
    assert one(feed, "a:entry/a:content/text()") == "丙丁𠮷"


@pytest.mark.parametrize("address", ["/events/feed/", "/events/calendar.ics"])
def test_what_has_not_changed_is_not_sent_again(address: str) -> None:
    event = EventFactory()
    client = Client()
    first = client.get(address)
    tag, moment = first["ETag"], first["Last-Modified"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": moment}).status_code == 304
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    event.title = "改了标题"
    event.save()
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", ["/events/feed/", "/events/calendar.ics"])
def test_withdrawing_an_entry_is_a_change(address: str) -> None:
    old = datetime(2023, 6, 1, tzinfo=UTC)
    event, _ = EventFactory(), EventFactory()
    Event.objects.update(updated_at=old)
    client = Client()
    first = client.get(address)
    event.publication = Event.Publication.WITHDRAWN
    event.save()
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 200


@pytest.mark.parametrize("address", ["/events/feed/", "/events/calendar.ics"])
def test_they_are_only_read(address: str) -> None:
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


def test_pages_name_the_feed_in_their_head() -> None:
    page = Client().get("/events/").content.decode()
    assert 'type="application/atom+xml"' in page and 'href="/events/feed/"' in page
    assert 'href="/events/calendar.ics"' in page


@pytest.mark.parametrize("address", ["/events/feed/", "/events/calendar.ics"])
def test_it_costs_the_same_queries_however_much_there_is(
    address: str, django_assert_num_queries: Any
) -> None:
    topic = TopicFactory()
    for _ in range(9):
        EventFactory(topics=[topic])
    with django_assert_num_queries(3):
        Client().get(address)
