"""Finding documents: as of a day, by year, with conditions that contradict themselves."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from directives.models import Directive, LegalState, StatusChange
from foundation.workbooks import table_from
from tests.accounts import browser_of
from tests.factories import DirectiveFactory, PersonFactory

pytestmark = pytest.mark.django_db
OWN_DAY = "2023-05-08"


def state_as_of(directive, day: str) -> str:
    response = browser_of("anonymous").get(directive.get_absolute_url(), {"as_of": day})
    assert response.status_code == 200
    return str(response.context["status"])


def found(**query: str) -> list[str]:
    return [d.title for d in browser_of("anonymous").get("/directives/", query).context["page"]]


class TestAsOf:
    @pytest.mark.parametrize(
        ("day", "state"),
        [
            ("2023-05-07", LegalState.NOT_ISSUED),
            (OWN_DAY, LegalState.IN_FORCE),
            ("2023-05-09", LegalState.IN_FORCE),
            ("2023-08-31", LegalState.IN_FORCE),
            ("2023-09-01", LegalState.REPEALED),
        ],
    )
    def test_a_document_is_not_in_force_before_its_own_date(self, day: str, state: LegalState) -> None:
        directive = DirectiveFactory(issued_on=date(2023, 5, 8))
        StatusChange.objects.create(
            directive=directive, status="repealed", effective_on=date(2023, 9, 1), standing="confirmed"
        )
        assert state_as_of(directive, day) == state

    def test_the_page_says_so_in_words(self) -> None:
        directive = DirectiveFactory(issued_on=date(2023, 5, 8))
        page = browser_of("anonymous").get(directive.get_absolute_url(), {"as_of": "2023-05-07"})
        assert "尚未发布" in page.content.decode() and "NotInForce" in page.content.decode()

    def test_without_a_printed_date_nothing_is_early(self) -> None:
        assert state_as_of(DirectiveFactory(issued_on=None), "1999-01-01") == LegalState.IN_FORCE

    def test_list_and_interface_filter_by_it(self) -> None:
        DirectiveFactory(title="先发的", issued_on=date(2023, 5, 8))
        DirectiveFactory(title="后发的", issued_on=date(2023, 6, 8))
        assert found(as_of="2023-05-31", status="in_force") == ["先发的"]
        assert found(as_of="2023-05-31", status="not_issued") == ["后发的"]
        answer = browser_of("anonymous").get("/api/v1/directives/?as_of=2023-05-31&status=not_issued").json()
        assert [(row["title"], row["status"]) for row in answer["results"]] == [("后发的", "not_issued")]


class TestConditions:
    def test_by_year(self) -> None:
        for day in (date(2021, 12, 31), date(2022, 1, 1), date(2022, 12, 31), date(2023, 1, 1)):
            DirectiveFactory(title=day.isoformat(), issued_on=day)
        assert found(year="2022") == ["2022-12-31", "2022-01-01"]

    def test_a_last_day_before_the_first_is_said_and_refused_by_the_interface(self) -> None:
        query = {"issued_from": "2023-06-01", "issued_to": "2023-05-31"}
        page = browser_of("anonymous").get("/directives/", query).content.decode()
        assert "“成文日期至”（2023-05-31）早于“成文日期自”（2023-06-01）" in page
        answer = browser_of("anonymous").get("/api/v1/directives/", query)
        assert answer.status_code == 400 and list(answer.json()) == ["issued_to"]

    def test_the_same_day_twice_is_a_span(self) -> None:
        DirectiveFactory(title="当天的", issued_on=date(2023, 5, 8))
        assert found(issued_from=OWN_DAY, issued_to=OWN_DAY) == ["当天的"]


class TestRosters:
    @pytest.fixture
    def body(self):
        directive = DirectiveFactory(title="关于成立防汛领导小组的通知")
        roster = directive.rosters.create(order=1, name="防汛领导小组")
        lines = (("组 长", "王 一"), ("副组长", "李二"), ("成员", "赵三"), ("办公室主任", "钱四"))
        for order, (role, name) in enumerate(lines, start=1):
            person = PersonFactory(name=name.replace(" ", ""))
            roster.members.create(order=order, role=role, printed_name=name, post="局长", person=person)
        return roster

    def test_by_body_heads_and_deputies_stand_apart(self, body) -> None:
        shown = browser_of("anonymous").get("/directives/rosters/").context["bodies"]
        assert [(b.roster, len(b.heads), len(b.deputies), b.others) for b in shown] == [(body, 1, 1, 2)]

    def test_by_person_each_sees_his_lines(self, body) -> None:
        page = browser_of("anonymous").get("/directives/rosters/", {"view": "person", "q": "李二"})
        assert [person.name for person in page.context["page"]] == ["李二"]
        assert "防汛领导小组" in page.content.decode()

    def test_unpublished_rosters_are_for_editors(self, body) -> None:
        Directive.objects.update(publication="draft")
        counts = [
            browser_of(role).get("/directives/rosters/").context["page"].paginator.count
            for role in ("anonymous", "viewer", "editor")
        ]
        assert counts == [0, 0, 1]

    def test_by_state_of_the_document_as_of_a_day(self, body) -> None:
        query = {"status": "not_issued", "as_of": "2023-05-07"}
        assert browser_of("anonymous").get("/directives/rosters/", query).context["page"].paginator.count == 1
        query["as_of"] = OWN_DAY
        assert browser_of("anonymous").get("/directives/rosters/", query).context["page"].paginator.count == 0

    def test_the_lines_can_be_taken_along(self, body) -> None:
        table = b"".join(browser_of("anonymous").get("/directives/rosters/rosters.csv")).decode()
        assert "防汛领导小组,组长,王一,局长" in table and "现行有效" in table
        book = browser_of("anonymous").get("/directives/rosters/rosters.xlsx")
        assert len(table_from(book.content, most_rows=10, most_columns=9)) == 5


class TestUnheldCitations:
    def test_listed_until_the_document_is_there(self) -> None:
        citing = DirectiveFactory(title="引用者")
        held = DirectiveFactory(title="被收录的")
        citing.citations.create(order=1, title="被收录的", target=held)
        citing.citations.create(order=2, title="应急预案", number="青政发〔2020〕3号")
        page = browser_of("anonymous").get("/directives/unresolved/")
        assert [c.title for c in page.context["page"]] == ["应急预案"]
        assert "未收录" in page.content.decode()
        assert (
            browser_of("anonymous").get("/directives/unresolved/?q=没有").context["page"].paginator.count == 0
        )

    @pytest.mark.parametrize("typed", ["〔2020〕3", "[2020]3", "(2020)3", "（２０２０）3", "【2020】3号"])
    def test_found_by_number_in_any_brackets(self, typed: str) -> None:
        DirectiveFactory().citations.create(order=1, title="应急预案", number="青政发〔2020〕3号")
        DirectiveFactory().citations.create(order=1, title="另一预案", number="青政发〔2020〕4号")
        page = browser_of("anonymous").get("/directives/unresolved/", {"q": typed}).context["page"]
        assert [c.title for c in page] == ["应急预案"]

    def test_what_only_editors_see_is_not_held_for_others(self) -> None:
        DirectiveFactory().citations.create(
            order=1, title="草稿件", target=DirectiveFactory(publication="draft")
        )
        counts = [
            browser_of(role).get("/directives/unresolved/").context["page"].paginator.count
            for role in ("anonymous", "editor")
        ]
        assert counts == [1, 0]


class TestTakingAlong:
    @pytest.fixture(autouse=True)
    def documents(self) -> None:
        DirectiveFactory(title="=公开", number="青政发〔2023〕1号")
        DirectiveFactory(title="内部", is_public=False)

    def test_table_and_workbook_hold_what_the_person_sees_and_run_nothing(self) -> None:
        table = b"".join(browser_of("anonymous").get("/directives/directives.csv")).decode()
        assert "'=公开" in table and "内部" not in table
        book = browser_of("viewer").get("/directives/directives.xlsx")
        lines = table_from(book.content, most_rows=10, most_columns=10)
        assert sorted(line[0] for line in lines[1:]) == ["=公开", "内部"]

    @pytest.mark.parametrize("role", ["anonymous", "editor"])
    def test_subscriptions_hold_only_what_is_public(self, role: str) -> None:
        feed = browser_of(role).get("/directives/feed/")
        assert "=公开" in feed.content.decode() and "内部" not in feed.content.decode()
        days = Calendar.from_ical(browser_of(role).get("/directives/calendar.ics").content).walk("VEVENT")
        assert [(str(day["summary"]), day.decoded("dtstart")) for day in days] == [
            ("=公开", date(2023, 5, 8))
        ]

    @pytest.mark.parametrize("path", ["directives.csv", "directives.xlsx", "feed/", "calendar.ics"])
    def test_conditions_apply_and_wrong_ones_are_refused(self, path: str) -> None:
        browser = browser_of("anonymous")
        response = browser.get(f"/directives/{path}?year=2022")
        content = response.getvalue() if not response.streaming else b"".join(response)
        assert response.status_code == 200 and "公开".encode() not in content
        refused = browser.get(f"/directives/{path}?status=unknown")
        assert refused.status_code == 400 and "有效性" in refused.content.decode()


@pytest.mark.parametrize(
    "path", ["rosters/", "rosters/?view=person", "unresolved/", "directives.csv", "feed/"]
)
def test_the_number_of_queries_does_not_grow(path: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = browser_of("anonymous").get(f"/directives/{path}")
            if response.streaming:
                b"".join(response)
        return len(queries)

    def grow() -> None:
        for _ in range(3):
            directive = DirectiveFactory()
            directive.citations.create(order=1, title="别的")
            roster = directive.rosters.create(order=1, name="小组")
            roster.members.create(order=1, role="组长", printed_name="某", person=PersonFactory())

    grow()
    cost()  # what is kept in memory is asked for once
    first = cost()
    grow()
    assert cost() == first <= 15
