"""The chronicle across its years: this day, months in numbers, time lines, the map of a year."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from events.plots import HEIGHT, year_chart, year_map
from events.sameday import of_the_day
from foundation.workbooks import table_from
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, PersonFactory, TopicFactory


def cell_of(day: date, count: int) -> int:
    return next(cell.shade for cell in year_map(day.year, {day: count}).cells if cell.day == day)


class TestDrawings:
    @pytest.mark.parametrize(
        ("count", "shade"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (6, 3), (7, 4), (99, 4)]
    )
    def test_a_day_is_the_darker_the_more_it_holds(self, count: int, shade: int) -> None:
        assert cell_of(date(2023, 5, 8), count) == shade

    @pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366)])
    def test_every_day_of_the_year_has_its_place_below_the_day_before_or_in_the_next_week(
        self, year: int, days: int
    ) -> None:
        cells = year_map(year, {}).cells
        assert len(cells) == days == len({(cell.x, cell.y) for cell in cells})
        for one, next_one in pairwise(cells):
            assert (next_one.x > one.x) == (next_one.day.weekday() == 0)

    def test_bars_stand_on_one_scale(self) -> None:
        chart = year_chart(2023, {date(2023, 5, 1): 5, date(2023, 6, 1): 10}, 10)
        assert [bar.height for bar in chart.bars[4:6]] == [HEIGHT / 2, HEIGHT] and chart.total == 15
        assert year_chart(2023, {}, 0).bars[0].height == 0


@pytest.mark.django_db
class TestThisDay:
    @pytest.mark.parametrize(
        ("start", "end", "found"),
        [
            (date(2021, 7, 26), None, True),
            (date(2022, 7, 25), None, False),
            (date(2022, 7, 27), None, False),
            (date(2022, 7, 24), date(2022, 7, 25), False),
            (date(2022, 7, 24), date(2022, 7, 26), True),
            (date(2022, 7, 24), date(2022, 7, 29), True),
            (date(2021, 12, 30), date(2022, 7, 26), True),
        ],
    )
    def test_what_begins_on_the_day_or_covers_it(self, start: date, end: date | None, found: bool) -> None:
        EventFactory(start_date=start, end_date=end or start)
        EventFactory(start_date=date(2023, 1, 1), end_date=date(2023, 1, 1))
        assert of_the_day(Event.objects.all(), date(2023, 7, 26)).exists() is found

    def test_the_leap_day_looks_into_leap_years(self) -> None:
        for day in (date(2020, 2, 29), date(2021, 2, 28), date(2021, 3, 1)):
            EventFactory(start_date=day, end_date=day, title=day.isoformat())
        page = browser_of("anonymous").get("/events/on-this-day/?day=02-29")
        assert [entry.title for year in page.context["years"] for entry in year.entries] == ["2020-02-29"]
        assert (page.context["before"], page.context["later"]) == ("02-28", "03-01")

    def test_years_are_named_and_drafts_are_for_editors(self) -> None:
        EventFactory(start_date=date(2021, 7, 26), end_date=date(2021, 7, 26), title="往年的")
        EventFactory(start_date=date(2022, 7, 26), end_date=date(2022, 7, 26), publication="draft")
        address = "/events/on-this-day/?day=2023-07-26"
        assert [y.year for y in browser_of("anonymous").get(address).context["years"]] == [2021]
        assert [y.year for y in browser_of("editor").get(address).context["years"]] == [2022, 2021]

    @pytest.mark.parametrize("typed", ["07-26", "7-26", "7月26日", " 7月26日 ", "7.26", "2022-07-26"])
    def test_a_day_is_typed_as_people_write_it_and_shown_without_a_year(self, typed: str) -> None:
        page = browser_of("anonymous").get("/events/on-this-day/", {"day": typed})
        assert (page.context["day"].month, page.context["day"].day) == (7, 26) and not page.context["unread"]
        assert 'value="7月26日"' in page.content.decode()

    def test_the_day_is_a_filter_of_every_list_and_file(self) -> None:
        for number, day in enumerate((date(2021, 7, 26), date(2022, 7, 27), date(2023, 7, 26))):
            EventFactory(start_date=day, end_date=day, title=f"条目{number}")
        browser = browser_of("anonymous")
        assert "?month_day=07-26" in browser.get("/events/on-this-day/?day=7月26日").content.decode()
        page = browser.get("/events/?month_day=7月26日").content.decode()
        assert "条目0" in page and "条目2" in page and "条目1" not in page and "历年7月26日" in page
        TopicFactory(slug="flood", name="防汛防涝")
        page = browser.get("/events/?month_day=07-26&topic=flood").content.decode()
        assert "<span>防汛防涝</span>" in page and "<span>flood</span>" not in page
        answer = browser.get("/api/v1/events/?month_day=07-26").json()
        assert [entry["title"] for entry in answer["results"]] == ["条目0", "条目2"]
        for address in ("feed/", "calendar.ics", "entries.csv"):
            reply = browser.get(f"/events/{address}?month_day=07-26")
            file = b"".join(reply) if reply.streaming else reply.content
            assert "条目2" in file.decode() and "条目1" not in file.decode()

    @pytest.mark.parametrize("typed", ["02-30", "13-45", "昨天"])
    def test_a_filter_that_is_no_day_is_refused(self, typed: str) -> None:
        EventFactory()
        answer = browser_of("anonymous").get("/api/v1/events/", {"month_day": typed})
        assert answer.status_code == 400 and "日期不能识别" in answer.json()["month_day"][0]
        page = browser_of("anonymous").get("/events/", {"month_day": typed})
        assert "日期不能识别" in page.content.decode()

    def test_an_unreadable_day_is_said(self) -> None:
        page = browser_of("anonymous").get("/events/on-this-day/?day=13-45").content.decode()
        assert "日期不能识别" in page and "历史上的今天" in page

    def test_nothing_on_the_day_says_what_would_be_there(self) -> None:
        assert "历年这一天没有记载" in browser_of("anonymous").get("/events/on-this-day/").content.decode()

    def test_home_and_chronicle_lead_there(self) -> None:
        EventFactory()
        for address in ("/", "/events/"):
            assert "/events/on-this-day/" in browser_of("anonymous").get(address).content.decode()


@pytest.mark.django_db
class TestMonthsInNumbers:
    @pytest.fixture(autouse=True)
    def entries(self) -> None:
        for day in (date(2022, 7, 1), date(2022, 7, 31), date(2022, 8, 1), date(2023, 1, 1)):
            EventFactory(start_date=day, end_date=day)
        EventFactory(start_date=date(2023, 2, 1), end_date=date(2023, 2, 1), publication="draft")

    def test_by_the_month_of_the_first_day(self) -> None:
        charts = browser_of("anonymous").get("/events/statistics/").context["page"]
        assert [(chart.year, chart.total) for chart in charts] == [(2023, 1), (2022, 3)]
        assert [bar.count for bar in charts[1].bars][6:8] == [2, 1]

    def test_in_words_beside_the_drawing_and_as_tables(self) -> None:
        browser = browser_of("anonymous")
        assert "7月 2 条" in browser.get("/events/statistics/").content.decode()
        table = b"".join(browser.get("/events/statistics/months.csv")).decode()
        assert "2022,7月,2" in table
        book = browser.get("/events/statistics/months.xlsx?date_from=2023-01-01").content
        assert table_from(book, most_rows=30, most_columns=3)[1] == ["2023", "1月", "1"]

    def test_filters_apply(self) -> None:
        page = browser_of("anonymous").get("/events/statistics/?date_to=2022-07-31")
        assert page.context["total"] == 2

    def test_the_map_of_the_year_leads_to_its_days_in_drawing_and_words(self) -> None:
        page = browser_of("anonymous").get("/events/2022/").content.decode()
        assert page.count('href="/events/2022/07/31/"') == 2 and "31日（1）" in page


@pytest.mark.django_db
class TestTimeLines:
    def test_a_person_in_entries_and_rosters(self) -> None:
        person = PersonFactory(name="王一")
        event = EventFactory(start_date=date(2023, 5, 1), end_date=date(2023, 5, 2), title="调研")
        event.officials.create(order=1, person=person, printed_name="王一")
        directive = DirectiveFactory(title="成立小组的通知", issued_on=date(2023, 6, 1))
        roster = directive.rosters.create(order=1, name="小组")
        for order in (1, 2):
            roster.members.create(order=order, role="成员", printed_name="王一", person=person)
        browser = browser_of("anonymous")
        address = f"/events/timeline/people/{person.pk}/"
        years = browser.get(address).context["years"]
        shown = [(year, [m.title for m in moments]) for year, moments in years]
        assert shown == [(2023, ["成立小组的通知", "调研"])]
        only = browser.get(f"{address}?kind=directive").context["page"]
        assert only.paginator.count == 1
        assert "2023-05-01,大事记,调研" in b"".join(browser.get(f"{address}timeline.csv")).decode()
        taken = b"".join(browser.get(f"{address}timeline.csv?kind=directive")).decode()
        assert "成立小组的通知" in taken and "调研" not in taken
        assert address in browser.get(person.get_absolute_url()).content.decode()

    def test_an_empty_one_says_whether_a_kind_was_chosen(self) -> None:
        department = DepartmentFactory()
        EventFactory(title="提到").mentions.create(department=department)
        empty = DepartmentFactory()
        browser = browser_of("editor")
        page = browser.get(f"/events/timeline/departments/{department.slug}/?kind=directive")
        assert "没有这一种类的记载" in page.content.decode()
        page = browser.get(f"/events/timeline/departments/{empty.slug}/")
        assert "还没有记载" in page.content.decode()

    def test_a_department_in_entries_and_issued_documents(self) -> None:
        department = DepartmentFactory()
        EventFactory(title="提到").mentions.create(department=department)
        DirectiveFactory(title="制发", issuing_department=department, issued_on=None)
        DirectiveFactory(title="草稿", issuing_department=department, publication="draft")
        page = browser_of("anonymous").get(f"/events/timeline/departments/{department.slug}/")
        titles = [moment.title for _, moments in page.context["years"] for moment in moments]
        assert titles == ["提到", "制发"] and "日期未印" in page.content.decode()

    def test_who_may_not_be_seen_has_no_time_line(self) -> None:
        assert browser_of("anonymous").get("/events/timeline/people/999999/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/events/on-this-day/?day=05-08", "/events/statistics/", "/events/2023/", "timeline"]
)
def test_the_number_of_queries_does_not_grow(address: str) -> None:
    person = PersonFactory()
    address = f"/events/timeline/people/{person.pk}/" if address == "timeline" else address
    browser = browser_of("viewer")

    def grow() -> None:
        for _ in range(4):
            event = EventFactory(start_date=date(2023, 5, 8), end_date=date(2023, 5, 8))
            event.officials.create(order=1, person=person, printed_name=person.name)
            event.mentions.create(department=DepartmentFactory())

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        return reads_of_the_page(captured)

    grow()
    cost()  # what is kept in memory is asked for once
    first = cost()
    grow()
    assert cost() == first <= 15


@pytest.mark.django_db
class TestConditions:
    @pytest.mark.parametrize(
        ("query", "field", "sentence"),
        [
            ("date_from=2023-06-01&date_to=2023-05-31", "date_to", "早于“自”"),
            ("topic=nothing", "topic", "没有“nothing”这样的主题"),
        ],
    )
    def test_what_contradicts_itself_or_is_unknown_is_said(
        self, query: str, field: str, sentence: str
    ) -> None:
        EventFactory(start_date=date(2023, 6, 8), end_date=date(2023, 6, 8))
        browser = browser_of("anonymous")
        for path in ("", "2023/06/", "statistics/"):
            assert sentence in browser.get(f"/events/{path}?{query}").content.decode()
        answer = browser.get(f"/api/v1/events/?{query}")
        assert answer.status_code == 400 and list(answer.json()) == [field]

    def test_one_day_is_a_span(self) -> None:
        EventFactory(start_date=date(2023, 6, 8), end_date=date(2023, 6, 8))
        answer = browser_of("anonymous").get("/api/v1/events/?date_from=2023-06-08&date_to=2023-06-08")
        assert answer.json()["count"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/events/entries.xlsx", "=检查"),
        ("/events/2023/06/entries.xlsx", "=检查"),
        ("/people/people.xlsx", "王一"),
        ("/departments/departments.xlsx", "水务局"),
    ],
)
def test_lists_leave_as_workbooks_in_which_text_stays_text(path: str, words: str) -> None:
    event = EventFactory(start_date=date(2023, 6, 8), end_date=date(2023, 6, 8), title="=检查")
    event.officials.create(order=1, person=PersonFactory(name="王一"), printed_name="王一")
    event.mentions.create(department=DepartmentFactory(name="水务局"))
    EventFactory(start_date=date(2023, 6, 9), end_date=date(2023, 6, 9), title="草稿", publication="draft")
    lines = table_from(browser_of("anonymous").get(path).content, most_rows=20, most_columns=12)
    assert any(words in line for line in lines) and not any("草稿" in line for line in lines)
