"""The list of people and the page of one: for whom, namesakes apart, where they appear."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directives.models import Directive, Roster, RosterMember
from events.models import EventOfficial
from floodresponse.models import CommandPostMember, Plan
from organizations.models import Person, PersonVariant
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db


def listed(person: Person, directive: Directive | None = None, post: str = "成员单位") -> RosterMember:
    """Put the person on a roster."""
    roster = Roster.objects.create(
        directive=directive or DirectiveFactory(), order=Roster.objects.count() + 1, name="领导小组"
    )
    return RosterMember.objects.create(
        roster=roster, order=1, role="组员", printed_name=person.name, post=post, person=person
    )


def shown(role: str = "anonymous", **query: str) -> list[str]:
    return [person.name for person in browser_of(role).get("/people/", query).context["page"]]


def page_of(person: Person, role: str = "anonymous", **query: str) -> Any:
    return browser_of(role).get(person.get_absolute_url(), query)


# -- for whom -----------------------------------------------------------------------------------


def test_visitors_see_whom_something_published_names_and_staff_see_all() -> None:
    in_entry, in_draft = PersonFactory(name="条目甲"), PersonFactory(name="草稿乙")
    on_roster, on_internal = PersonFactory(name="名单丙"), PersonFactory(name="内部丁")
    unnamed = PersonFactory(name="无处戊")
    EventFactory(people=[in_entry])
    EventFactory(people=[in_draft], publication="draft")
    listed(on_roster)
    listed(on_internal, DirectiveFactory(is_public=False))
    assert set(shown()) == {"条目甲", "名单丙"}
    assert len(shown("viewer")) == 5
    for person in (in_draft, on_internal, unnamed):
        assert page_of(person).status_code == 404
        assert page_of(person, "viewer").status_code == 200


def test_only_entries_and_rosters_that_one_may_see_are_counted_and_listed() -> None:
    person = PersonFactory(name="林某")
    EventFactory(people=[person], title="已发布的会", start_date=date(2023, 5, 8))
    EventFactory(people=[person], title="草稿的会", start_date=date(2023, 6, 1), publication="draft")
    listed(person, DirectiveFactory(title="公开的方案"))
    listed(person, DirectiveFactory(title="内部的方案", is_public=False))
    (row,) = browser_of("anonymous").get("/people/").context["page"]
    assert (row.entries, row.rosters, row.last_on) == (1, 1, date(2023, 5, 8))
    visitor, editor = (page_of(person, role).content.decode() for role in ("anonymous", "editor"))
    assert "已发布的会" in visitor and "草稿的会" not in visitor and "内部的方案" not in visitor
    assert "草稿的会" in editor and "内部的方案" in editor


def test_the_seat_in_the_command_post_is_for_staff() -> None:
    person = PersonFactory(name="林某")
    EventFactory(people=[person])
    plan = Plan.objects.create(title="防内涝方案", year=2031)
    CommandPostMember.objects.create(plan=plan, order=1, role="总指挥", printed_name="林某", person=person)
    assert "总指挥" in page_of(person, "viewer").content.decode()
    assert "总指挥" not in page_of(person).content.decode()


# -- who is who ---------------------------------------------------------------------------------


def test_namesakes_are_rows_of_their_own_and_point_to_each_other() -> None:
    one = PersonFactory(name="林某", qualifier="教育局副局长", posts=["教育局副局长"])
    other = PersonFactory(name="林某", qualifier="水利局局长", posts=["水利局局长"])
    EventFactory(people=[one], title="教育会议")
    EventFactory(people=[other], title="水利会议")
    assert shown() == ["林某", "林某"]
    page = page_of(one).content.decode()
    assert "教育会议" in page and "水利会议" not in page
    assert f'href="{other.get_absolute_url()}"' in page and "同名者" in page


def test_a_misprint_is_shown_with_the_entry_and_kept_as_a_variant() -> None:
    person = PersonFactory(name="林申", posts=["副市长"])
    PersonVariant.objects.create(printed_name="林甲", person=person, note="同页另有三处印作林申")
    event = EventFactory(people=[person])
    EventOfficial.objects.filter(event=event).update(printed_name="林甲", post="副市长")
    page = page_of(person).content.decode()
    assert "印作林甲" in page and "同页另有三处印作林申" in page
    assert "原文印作林甲" in browser_of("anonymous").get("/people/").content.decode()


def test_what_the_gazette_did_not_print_is_said() -> None:
    person = PersonFactory(name="林某")
    EventFactory(people=[person])
    assert "公报未印职务" in page_of(person).content.decode()


# -- filters, order, pages, table ---------------------------------------------------------------


@pytest.fixture
def three() -> list[Person]:
    water = DepartmentFactory(name="水利局", slug="water")
    people: list[Person] = [PersonFactory(name=name) for name in ("丁某", "甲某", "乙某")]
    people[0].posts.create(title="水利局局长", department=water)
    people[1].posts.create(title="教育局局长")
    PersonVariant.objects.create(printed_name="申某", person=people[1])
    EventFactory(people=people, start_date=date(2023, 5, 1))
    EventFactory(people=people[:1], start_date=date(2023, 5, 2))
    EventFactory(people=people[1:2], start_date=date(2023, 5, 3))
    EventFactory(people=people[1:2], start_date=date(2023, 5, 2))
    return people


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "局长"}, ["丁某", "甲某"]),
        ({"q": "局长 水利"}, ["丁某"]),
        ({"q": "申"}, ["甲某"]),
        ({"q": "无此人"}, []),
        ({"department": "water"}, ["丁某"]),
        ({"department": "nowhere"}, ["丁某", "甲某", "乙某"]),
        ({"sort": "-entries"}, ["甲某", "丁某", "乙某"]),
        ({"sort": "entries"}, ["乙某", "丁某", "甲某"]),
        ({"sort": "-last_on"}, ["甲某", "丁某", "乙某"]),
        ({"sort": "-name"}, ["乙某", "甲某", "丁某"]),
        ({"sort": "nonsense", "page": "99"}, ["丁某", "甲某", "乙某"]),
    ],
)
def test_the_list_is_filtered_and_sorted(
    three: list[Person], query: dict[str, str], found: list[str]
) -> None:
    assert shown(**query) == found


def test_nothing_that_fits_offers_to_clear_the_filters(three: list[Person]) -> None:
    page = browser_of("anonymous").get("/people/", {"q": "无此人"}).content.decode()
    assert "没有符合条件的人员" in page and "清除筛选" in page


def test_entries_are_listed_the_newest_first_in_pages() -> None:
    person = PersonFactory(name="林某")
    for day in range(1, 22):
        EventFactory(people=[person], start_date=date(2023, 5, day), title=f"第{day}天的会")
    first, second = page_of(person).context["page"], page_of(person, page="2").context["page"]
    assert [event.title for event in first][:2] == ["第21天的会", "第20天的会"]
    assert (len(first), len(second)) == (20, 1)


def test_the_table_holds_what_the_filter_shows(three: list[Person]) -> None:
    three[0].posts.create(title="=HYPERLINK(1)")
    response = browser_of("anonymous").get("/people/people.csv", {"q": "水利"})
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert len(lines) == 2 and lines[0].startswith("姓名,区分,职务")
    assert lines[1].startswith("丁某,,") and "水利局" in lines[1] and "2023-05-02" in lines[1]
    cell = (
        browser_of("anonymous").get("/people/people.csv", {"q": "HYPERLINK"}).getvalue().decode("utf-8-sig")
    )
    assert "；=HYPERLINK" in cell or "'=HYPERLINK" in cell


def test_an_empty_list_says_what_would_fill_it() -> None:
    assert "还没有人员入库" in browser_of("anonymous").get("/people/").content.decode()


@pytest.mark.parametrize("role", ["anonymous", "viewer"])
def test_pages_cost_the_same_queries_however_much_there_is(role: str) -> None:
    client = browser_of(role)
    client.get("/people/")  # what all pages share is in the cache from here on

    def cost(number: int) -> list[int]:
        people = PersonFactory.create_batch(number, posts=["局长", "书记"])
        one = people[0]
        one.posts.update(department=DepartmentFactory())
        for n in range(number):
            PersonVariant.objects.create(printed_name=f"印{number}{n}", person=one)
            EventFactory(people=people)
            listed(one)
        counts = []
        for address in ("/people/", one.get_absolute_url(), "/people/people.csv"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(reads_of_the_page(captured))
        return counts

    few = cost(2)
    assert cost(7) == few
    assert max(few) <= 15
