"""What a page says of itself to machines: metadata of government sites, its one address, JSON-LD."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from directives.models import Citation, StatusChange
from gazette.models import Issue
from tests.api.world import make_issue
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TopicFactory
from tests.printing.measure import facts_of as properties_in

pytestmark = pytest.mark.django_db
SITE = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
ARTICLE = {"ArticleTitle", "PubDate", "ContentSource"}
COLUMNS = (
    *("/", "/events/", "/events/2023/", "/events/2023/05/", "/events/2023/05/08/", "/directives/", "/flood/"),
    *("/people/", "/departments/", "/search/"),
)
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def metadata(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', page))


def facts(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BLOCK.findall(page)[0])
    return found


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", COLUMNS)
def test_a_column_has_the_metadata_of_columns_and_none_of_articles(address: str) -> None:
    EventFactory()
    found = metadata(read(address))
    assert set(found) >= SITE | COLUMN
    assert all(found[name] for name in COLUMN)
    assert not ARTICLE & set(found)


def test_an_article_has_the_metadata_of_articles_and_none_of_columns() -> None:
    for record in (EventFactory(), DirectiveFactory()):
        found = metadata(read(record.get_absolute_url()))
        assert SITE | ARTICLE | {"Keywords", "Description"} <= set(found)
        assert not COLUMN & set(found)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found["PubDate"])


def test_a_document_says_its_address_its_topics_and_who_made_it() -> None:
    directive = DirectiveFactory(number="青政发〔2023〕7号", summary="先急后缓。")
    directive.topics.add(TopicFactory(name="水利", slug="water"))
    page = read(directive.get_absolute_url())
    found = metadata(page)
    assert found["Url"] == f"http://testserver{directive.get_absolute_url()}"
    assert found["Keywords"] == "通知,青政发〔2023〕7号,青河市人民政府,水利"
    assert (found["Author"], found["Description"]) == ("青河市人民政府", "先急后缓。")
    assert '<a href="/directives/?topic=water">水利</a>' in page
    assert metadata(read(EventFactory().get_absolute_url()))["Url"].startswith("http://testserver/events/")


def test_a_published_issue_is_an_article() -> None:
    issue = make_issue(3, "published", DirectiveFactory())
    Issue.objects.update(published_at=datetime(2023, 6, 1, 1, 30, tzinfo=UTC))
    found = metadata(read(issue.get_absolute_url()))
    assert found["PubDate"] == "2023-06-01 09:30" and found["ArticleTitle"] == str(issue)
    assert found["ContentSource"] and "文件 1 件" in found["Description"]


def test_the_paper_carries_the_same_in_its_properties() -> None:
    directive = DirectiveFactory(title="治水方案", number="青政发〔2023〕7号", summary="先急后缓。")
    response = Client().get(f"/directives/{directive.pk}/print.pdf")
    found = properties_in(bytes(response.content))
    assert (found["/Title"], found["/Author"]) == ("治水方案", "青河市人民政府")
    assert found["/Keywords"] == "通知, 青政发〔2023〕7号, 青河市人民政府"
    assert found["/Subject"] == "先急后缓。"


def test_a_page_has_one_address_whatever_was_asked_for_with_it(settings: Any) -> None:
    EventFactory()
    assert '<link rel="canonical" href="http://testserver/events/">' in read("/events/?page=2&utm=x")
    settings.SITE_URL = "https://gazette.example.cn/"
    assert '<link rel="canonical" href="https://gazette.example.cn/people/">' in read("/people/?q=a")


def test_an_entry_is_an_event() -> None:
    event = EventFactory(
        people=[PersonFactory(name="林青", posts=["局长"])],
        departments=[DepartmentFactory(name="水务局")],
        topics=[TopicFactory(name="水利")],
    )
    found = facts(read(event.get_absolute_url()))
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Event")
    assert (found["startDate"], found["endDate"]) == ("2023-05-08", "2023-05-08")
    assert found["@id"] == f"http://testserver{event.get_absolute_url()}"
    assert found["organizer"] == [{"@type": "GovernmentOrganization", "name": "水务局"}]
    assert found["attendee"][0]["name"] == "林青" and found["keywords"] == ["水利"]


@pytest.mark.parametrize(
    ("status", "force"),
    [
        ("in_force", "InForce"),
        ("amended", "PartiallyInForce"),
        ("repealed", "NotInForce"),
        ("expired", "NotInForce"),
    ],
)
def test_a_document_is_a_legislation_with_its_legal_force(status: str, force: str) -> None:
    directive = DirectiveFactory(number="青政发〔2023〕7号")
    StatusChange.objects.create(directive=directive, status=status, effective_on="2023-06-01")
    Citation.objects.create(directive=directive, order=1, title="防汛预案")
    found = facts(read(directive.get_absolute_url()))
    assert (found["@type"], found["legislationIdentifier"]) == ("Legislation", "青政发〔2023〕7号")
    assert found["legislationLegalForce"] == f"https://schema.org/{force}"
    assert found["legislationDate"] == "2023-05-08" and found["citation"] == ["防汛预案"]


def test_what_is_not_known_is_not_said() -> None:
    found = facts(read(DirectiveFactory(issued_on=None).get_absolute_url()))
    assert not {"legislationDate", "legislationIdentifier", "citation"} & set(found)


def test_a_text_cannot_end_the_block() -> None:
    page = read(EventFactory(title="</script><script>alert(1)</script>&amp;").get_absolute_url())
    assert "<script>alert(1)" not in page
    assert facts(page)["name"] == "</script><script>alert(1)</script>&amp;"


@pytest.mark.django_db(transaction=True)
def test_the_browser_lets_the_block_stand_under_the_policy(page: Page, live_server: Any) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    event = EventFactory(title="巡查沟渠")
    page.goto(live_server.url + event.get_absolute_url())
    block = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(block or "")["name"] == "巡查沟渠"
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []
