"""The words of a list's filter: the index answers with what a look at the records' own text finds."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directives.models import Annex, Citation
from search.services import catch_up
from tests.accounts import browser_of, reads_of_the_page
from tests.api.world import Caller
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    SectionFactory,
    TaskFactory,
)
from tests.taskboard.ledgerworld import entry, land_ledger

pytestmark = pytest.mark.django_db


def titles(path: str, query: str) -> set[str]:
    return {row["title"] for row in Caller("viewer").rows(f"{path}/", {"q": query})}


@pytest.mark.parametrize(
    "query", ["供热", "热", "检查 锅炉", "林某", "供热公司", "检查供热准备", "12345", "１２３４５"]
)
def test_an_entry_is_found_by_title_text_people_and_posts(query: str) -> None:
    person = PersonFactory(name="林某", posts=["供热公司经理"])
    event = EventFactory(title="甲", text="检查供热准备和锅炉，受理12345热线。", people=[person])
    event.officials.update(post="供热公司经理")
    EventFactory(title="乙", text="别的事。")
    assert titles("events", query) == {"甲"}


def test_what_stands_beside_an_entry_is_found_by_the_search_alone() -> None:
    department = DepartmentFactory(name="城市建设管理局")
    EventFactory(title="甲", text="住建部门检查。", departments=[department])
    assert titles("events", "城市建设管理局") == set()
    page = browser_of("viewer").get("/search/", {"q": "城市建设管理局", "kind": "events"})
    assert [row.title for row in page.context["rows"]] == ["甲"]


def test_a_date_is_a_word_like_any_other_in_a_list() -> None:
    EventFactory(title="甲", text="5月8日召开会议。")
    EventFactory(title="乙", text="同一天的别的事。")
    assert titles("events", "5月8日") == {"甲"}


@pytest.mark.parametrize("query", ["(2023)15号", "〔2023〕15号", "［2023］１５号", "锅炉", "供热条例"])
def test_a_document_is_found_by_number_sections_and_what_it_cites(query: str) -> None:
    directive = DirectiveFactory(title="甲", number="青政办发〔2023〕15号")
    SectionFactory(directive=directive, text="检修锅炉，启动Ⅲ级响应。")
    Citation.objects.create(directive=directive, order=1, title="供热条例", number="")
    other = DirectiveFactory(title="乙", number="青政办发〔2023〕16号")
    Annex.objects.create(directive=other, order=1, title="锅炉清单")
    assert titles("directives", query) == {"甲"}


@pytest.mark.parametrize("query", ["检修", "水务局", "一、供热", "检修 水务"])
def test_a_task_is_found_by_title_place_and_departments(query: str) -> None:
    TaskFactory(title="检修锅炉", part="一、供热", leads=[DepartmentFactory(name="水务局")])
    TaskFactory(title="别的任务")
    assert titles("tasks", query) == {"检修锅炉"}


def names(role: str, query: str) -> set[str]:
    return {row["name"] for row in Caller(role).rows("people/", {"q": query})}


@pytest.mark.parametrize("query", ["林某", "林", "经理", "供热公司 林", "凌某", "某甲"])
def test_a_person_is_found_by_name_misprint_and_post(query: str) -> None:
    person = PersonFactory(name="林某甲", posts=["供热公司经理"])
    person.variants.create(printed_name="凌某甲")
    PersonFactory(name="赵乙", posts=["水务局局长"])
    assert names("viewer", query) == {"林某甲"}


def test_a_post_that_visitors_may_not_see_finds_nobody_for_them() -> None:
    person = PersonFactory(name="林某甲", posts=["供热公司经理"])
    person.posts.create(title="草稿中学来的职务", learnt=True)
    EventFactory(people=[person])
    visitor = Client()

    def seen(query: str) -> int:
        found: int = visitor.get("/api/v1/people/", {"q": query}).json()["count"]
        return found

    assert (seen("林某甲"), seen("供热公司"), seen("学来")) == (1, 1, 0)
    assert names("viewer", "学来") == {"林某甲"}


@pytest.mark.parametrize("query", ["空地", "12.5", "２０２２", "甲局", "西站 甲局", "库"])
def test_an_entry_of_a_ledger_is_found_by_name_columns_and_unit(query: str) -> None:
    ledger = land_ledger()
    entry(ledger, "西站仓库", "甲局", c2="12.5", c3="2022-03-01", c4="空地")
    entry(ledger, "东站", "乙所", c4="厂房")
    assert titles("ledger-rows", query) == {"西站仓库"}
    page = browser_of("viewer").get(ledger.get_absolute_url(), {"q": query})
    assert [row.title for row in page.context["table"].rows] == ["西站仓库"]


def test_entries_of_ledgers_follow_a_change_of_columns_and_are_searched_by_staff_alone() -> None:
    ledger = land_ledger()
    entry(ledger, "西站仓库", c4="空地")
    staff, visitor = browser_of("viewer"), Client()
    found = staff.get("/search/", {"q": "空地"}).context
    assert [(row.kind, row.label) for row in found["rows"]] == [("ledgers", "台账")]
    assert visitor.get("/search/", {"q": "空地"}).context["rows"] == []
    assert "ledgers" not in visitor.get("/search/", {"q": "空地"}).context["kinds"]
    ledger.columns.filter(name="类型").delete()
    assert staff.get("/search/", {"q": "空地"}).context["rows"] == []


@pytest.mark.parametrize("query", ["青河", "地台账", "青河 台账"])
def test_a_ledger_is_found_by_its_title(query: str) -> None:
    land_ledger()
    assert titles("ledgers", query) == {"青河闲置土地台账"}
    assert titles("ledgers", f"{query} 无此词") == set()


@pytest.mark.parametrize("query", ["水务", "供水", "水务局 供水", "（筹）", "(筹)"])
def test_a_department_is_found_by_name_and_alias_in_either_bracket(query: str) -> None:
    DepartmentFactory(name="水务局（筹）").aliases.create(name="供水所")
    DepartmentFactory(name="教育局")
    found = browser_of("viewer").get("/api/v1/departments/", {"q": query}).json()["results"]
    assert [row["name"] for row in found] == ["水务局（筹）"]


@pytest.mark.parametrize(("query", "found"), [("%", "乙"), ("_", "乙"), ("《", "乙"), (" ", "甲乙")])
def test_signs_mean_themselves_and_spaces_nothing(query: str, found: str) -> None:
    EventFactory(title="甲", text="完成。")
    EventFactory(title="乙", text="记号%和_在《此》。")
    assert titles("events", query) == set(found)


def test_a_list_never_shows_what_the_person_may_not_see() -> None:
    EventFactory(title="稿", text="检查供热。", publication="draft")
    assert titles("events", "供热") == set()


@pytest.mark.parametrize(
    "address",
    [
        *("/events/", "/directives/", "/events/2023/05/", "/people/"),
        *("/api/v1/events/", "/api/v1/tasks/", "/api/v1/people/", "/api/v1/ledger-rows/"),
    ],
)
def test_a_list_says_so_while_too_much_waits_to_be_indexed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.services.indexing.NOTES_WHILE_ASKED", 0)
    EventFactory(text="检查供热。")
    response = browser_of("viewer").get(address, {"q": "供热"})
    assert response.status_code == 503 and "一分钟后再试" in response.content.decode()


def test_words_cost_two_queries_more_however_much_they_find() -> None:
    client = browser_of("viewer")

    def cost(**query: Any) -> int:
        catch_up(at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            client.get("/api/v1/events/", query)
        return reads_of_the_page(captured)

    EventFactory(text="检查供热。")
    cost()
    plain, few = cost(), cost(q="供热")
    EventFactory.create_batch(12, text="检查供热。")
    assert cost(q="供热") == few <= plain + 2
