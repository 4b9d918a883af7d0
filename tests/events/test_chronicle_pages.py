"""The chronicle in the browser: counted, browsed, filtered, exported, and by whom."""

import csv
import io
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Correction, Event
from organizations.models import DepartmentAlias
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, EventFactory, PersonFactory, TopicFactory

pytestmark = pytest.mark.django_db
MONTH = "/events/2023/05/"
MAX_QUERIES = 15


def words_on(address: str, client: Client | None = None, **query) -> str:
    response = (client or Client()).get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def titles_found(address: str, **query) -> list[str]:
    """Titles of the entries that a month or the whole chronicle shows."""
    context = Client().get(address, query).context
    groups = (context.get("month") or context["found"]).groups
    return [entry.title for group in groups for entry in group.entries]


def table_of(address: str, client: Client | None = None, **query) -> list[dict[str, str]]:
    response = (client or Client()).get(address, query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


# -- counts -----------------------------------------------------------------------------------------


def test_an_empty_portal_says_so_and_leads_on() -> None:
    page = words_on("/events/")
    assert "公报尚未入库" in page and 'href="/"' in page


def test_years_and_months_are_counted_by_first_day() -> None:
    EventFactory(start_date=date(2022, 12, 31), end_date=date(2023, 1, 2))
    EventFactory.create_batch(2, start_date=date(2023, 5, 8))
    EventFactory(start_date=date(2023, 5, 31))
    context = Client().get("/events/").context
    assert context["total"] == 4
    assert list(context["years"]) == [2023, 2022]
    assert dict(context["years"][2023])[date(2023, 5, 1)] == 3
    assert dict(context["years"][2022])[date(2022, 12, 1)] == 1
    assert [n for _, n in context["years"][2023]] == [0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]
    year = Client().get("/events/2023/").context
    assert (year["total"], year["recorded_days"]) == (3, 2)


def test_a_month_counts_its_entries_and_days() -> None:
    EventFactory.create_batch(3, start_date=date(2023, 5, 8))
    EventFactory(start_date=date(2023, 5, 1), end_date=date(2023, 5, 3))
    EventFactory(start_date=date(2023, 4, 30))
    EventFactory(start_date=date(2023, 6, 1))
    response = Client().get(MONTH)
    page, grid = response.content.decode(), response.context["month"].grid
    assert "4 条，2 天有记载" in page
    assert {cell.day.day: cell.count for cell in grid.cells if cell.count} == {1: 1, 8: 3}
    assert "来源：《青河市人民政府公报》2023年5月" in page


# -- neighbours -------------------------------------------------------------------------------------


def test_neighbouring_months_and_years_are_the_nearest_with_entries() -> None:
    for day in (date(2021, 11, 2), date(2023, 5, 8), date(2023, 9, 30)):
        EventFactory(start_date=day)
    page = words_on(MONTH)
    assert 'rel="prev" href="/events/2021/11/"' in page
    assert 'rel="next" href="/events/2023/09/"' in page
    year = words_on("/events/2023/")
    assert 'rel="prev" href="/events/2021/"' in year and 'rel="next"' not in year


def test_neighbouring_days_are_the_nearest_with_entries() -> None:
    for day in (date(2023, 4, 30), date(2023, 5, 8), date(2023, 5, 20)):
        EventFactory(start_date=day)
    page = words_on("/events/2023/05/08/")
    assert 'rel="prev" href="/events/2023/04/30/"' in page
    assert 'rel="next" href="/events/2023/05/20/"' in page
    assert 'rel="prev"' not in words_on("/events/2023/04/30/")
    assert 'rel="next"' not in words_on("/events/2023/05/20/")


def test_an_entry_leads_to_the_ones_before_and_after_it() -> None:
    first = EventFactory(start_date=date(2023, 4, 30), position=9)
    middle = EventFactory(start_date=date(2023, 5, 8), position=1)
    last = EventFactory(start_date=date(2023, 5, 8), position=2)
    page = words_on(middle.get_absolute_url())
    assert f'rel="prev" href="{first.get_absolute_url()}"' in page
    assert f'rel="next" href="{last.get_absolute_url()}"' in page
    assert 'rel="prev"' not in words_on(first.get_absolute_url())
    assert 'rel="next"' not in words_on(last.get_absolute_url())


# -- ranges -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "own", "covering"), [(24, 0, 0), (25, 1, 0), (26, 0, 1), (29, 0, 1), (30, 0, 0)]
)
def test_a_range_is_on_every_day_it_covers(day: int, own: int, covering: int) -> None:
    EventFactory(start_date=date(2023, 5, 25), end_date=date(2023, 5, 29))
    context = Client().get(f"/events/2023/05/{day}/").context
    assert (len(context["own"]), len(context["covering"])) == (own, covering)


def test_a_range_stands_with_its_days_and_its_bracket() -> None:
    EventFactory(start_date=date(2023, 5, 25), end_date=date(2023, 5, 29), title="外出考察", position=1)
    EventFactory(start_date=date(2023, 5, 27), position=2)
    EventFactory(start_date=date(2023, 5, 30), position=3)
    response = Client().get(MONTH)
    page, groups = response.content.decode(), response.context["month"].groups
    assert "25～29" in page and "周四至周一 · 5 天" in page
    beside = [[(segment.first, segment.last) for segment in group.beside] for group in groups]
    assert beside == [[(True, False)], [(False, True)], []]


def test_a_range_from_the_month_before_is_carried_over() -> None:
    EventFactory(start_date=date(2023, 4, 29), end_date=date(2023, 5, 2), title="植树周")
    page = words_on(MONTH)
    assert "延续自4月" in page and "29～5月2日 植树周" in page
    assert "0 条，0 天有记载" in page
    assert "植树周" not in words_on("/events/2023/06/")


# -- filters ----------------------------------------------------------------------------------------


@pytest.fixture
def three_entries() -> None:
    water = DepartmentFactory(name="青河水务局", slug="water")
    DepartmentAlias.objects.create(department=water, name="青河水利局")
    lin = PersonFactory(name="林远山", posts=["市长"])
    fang = PersonFactory(name="方小满", posts=["局长"])
    topic = TopicFactory(slug="flood", name="防汛")
    EventFactory(
        title="查看河堤",
        text="林远山到河堤查看 50% 进度。",
        people=[lin],
        departments=[water],
        topics=[topic],
    )
    EventFactory(title="植树", text="方小满参加植树。", people=[fang], start_date=date(2023, 5, 12))
    EventFactory(
        title="看望", text="林远山、方小满看望职工。", people=[lin, fang], start_date=date(2023, 6, 3)
    )


@pytest.mark.usefixtures("three_entries")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"official": "林远山"}, ["查看河堤"]),
        ({"official": ["林远山", "方小满"]}, ["查看河堤", "植树"]),
        ({"department": "water"}, ["查看河堤"]),
        ({"department": "青河水利局"}, ["查看河堤"]),
        ({"topic": "flood"}, ["查看河堤"]),
        ({"q": "河堤"}, ["查看河堤"]),
        ({"q": "林远山 查看"}, ["查看河堤"]),
        ({"q": "50%"}, ["查看河堤"]),
        ({"q": "林远山 植树"}, []),
        ({"official": "方小满", "department": "water"}, []),
        ({"q": "%"}, ["查看河堤"]),
        ({"q": "_"}, []),
    ],
)
def test_a_month_is_filtered(query: dict[str, str], titles: list[str]) -> None:
    assert titles_found(MONTH, **query) == titles


@pytest.mark.usefixtures("three_entries")
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"official": "林远山"}, ["看望", "查看河堤"]),
        ({"q": "方小满"}, ["看望", "植树"]),
        ({"date_from": "2023-05-12"}, ["看望", "植树"]),
        ({"date_from": "2023-05-13"}, ["看望"]),
        ({"date_to": "2023-05-12"}, ["植树", "查看河堤"]),
        ({"date_to": "2023-05-07"}, []),
        ({"department": "青河水利局"}, ["查看河堤"]),
        # Left aside, and that is said.
        ({"official": "没有此人"}, ["看望", "植树", "查看河堤"]),
    ],
)
def test_the_whole_chronicle_is_filtered_newest_first(query: dict[str, str], titles: list[str]) -> None:
    assert titles_found("/events/", **query) == titles


@pytest.mark.usefixtures("three_entries")
def test_a_person_and_a_department_are_named_not_numbered() -> None:
    person = Event.objects.get(title="植树").officials.get().person
    page = words_on("/events/", official=str(person.pk), department="water")
    assert "方小满</span>" in page and "青河水务局</span>" in page


@pytest.mark.usefixtures("three_entries")
def test_what_is_not_found_has_a_way_on() -> None:
    for address in (MONTH, "/events/"):
        page = words_on(address, q="不存在的词")
        assert "没有符合" in page
        assert f'href="{address}">清除筛选' in page


@pytest.mark.usefixtures("three_entries")
def test_conditions_that_make_no_sense_are_named_and_ignored() -> None:
    page = words_on("/events/", q="林远山", date_from="昨天")
    assert "有条件不能识别，已忽略。自：" in page
    assert titles_found("/events/", q="林远山", date_from="昨天") == ["看望", "查看河堤"]
    assert "有条件不能识别" in words_on(MONTH, date_from="2023-02-30")


def test_ranges_and_doubtful_entries_are_filters() -> None:
    EventFactory(start_date=date(2023, 5, 2), end_date=date(2023, 5, 3), title="跨日")
    marked = EventFactory(title="更正过", text="到北河检查。")
    Correction.objects.create(event=marked, printed="北河", corrected="南河", made_on=date(2023, 6, 1))
    assert titles_found(MONTH, range="true") == ["跨日"]
    assert titles_found(MONTH, corrected="true") == ["更正过"]
    page = words_on(MONTH)
    assert "原文如此，应为南河" in page


def test_htmx_gets_the_list_alone() -> None:
    EventFactory()
    response = Client().get(MONTH, {"q": "例会"}, headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "符合条件 1 条" in response.content.decode()


# -- the entry --------------------------------------------------------------------------------------


def test_an_entry_shows_what_it_mentions() -> None:
    person = PersonFactory(name="林远山", posts=["市长"])
    event = EventFactory(
        text="市长林远山传达《青河防汛方案》。", people=[person], citations=["青河防汛方案"], title="传达方案"
    )
    page = words_on(event.get_absolute_url())
    assert f'href="/people/{person.pk}/">林远山</a>传达' in page
    assert "未收录" in page
    assert '<meta name="ArticleTitle" content="传达方案">' in page
    assert "来源：《青河市人民政府公报》2023年5月" in page


def test_a_misprinted_name_stays_and_is_marked() -> None:
    person = PersonFactory(name="吴青川")
    event = EventFactory(text="吴晴川讲话。", people=[person])
    event.officials.update(printed_name="吴晴川")
    page = words_on(event.get_absolute_url())
    assert "吴晴川</a>" in page and "原文如此，应为吴青川" in page and "印作吴晴川" in page


def test_nothing_from_outside_becomes_markup() -> None:
    event = EventFactory(title="<b>题", text="<script>alert(1)</script>", source="<i>源")
    for address in (event.get_absolute_url(), MONTH, "/events/", "/events/?q=script"):
        page = words_on(address)
        assert "<script>alert" not in page and "<b>题" not in page and "<i>源" not in page


def test_an_entry_without_its_text_says_so() -> None:
    event = EventFactory(text="", title="召开例会")
    assert "公报原文未导入" in words_on(MONTH)
    assert "公报原文未导入" in words_on(event.get_absolute_url())


# -- who sees what ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_published_is_for_the_desk(state: str) -> None:
    EventFactory(title="公开的事", position=1)
    hidden = EventFactory(title="未公开的事", text="未公开的事。", publication=state, position=2)
    addresses = ("/events/", "/events/?q=未公开", MONTH, "/events/2023/05/08/", "/events/2023/")
    for role in ("anonymous", "viewer", "supervisor"):
        client = browser_of(role)
        assert client.get(hidden.get_absolute_url()).status_code == (410 if state == "withdrawn" else 404)
        for address in addresses:
            assert "未公开的事" not in words_on(address, client)
        assert [row["标题"] for row in table_of("/events/entries.csv", client)] == ["公开的事"]
        assert client.get("/events/").context["total"] == 1
    editor = browser_of("editor")
    assert "公众看不到本页" in words_on(hidden.get_absolute_url(), editor)
    assert "2 条，1 天有记载" in words_on(MONTH, editor)
    assert len(table_of("/events/entries.csv", editor)) == 2


# -- addresses that lead nowhere --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/events/2023/13/", "日历上没有2023年13月1日。"),
        ("/events/2023/00/", "日历上没有2023年0月1日。"),
        ("/events/2023/02/29/", "日历上没有2023年2月29日。"),
        ("/events/2023/13/entries.csv", "日历上没有2023年13月1日。"),
        ("/events/entries/987654/", "没有这条大事记，或者它尚未发布。"),
    ],
)
def test_days_that_do_not_exist_are_not_found(address: str, sentence: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert sentence in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/events/0999/", "/events/9999/12/", "/events/2023/5/", "/events/2023/05/8/"]
)
def test_addresses_have_four_and_two_digits(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/events/2024/02/29/", "/events/9998/12/31/", "/events/9998/", "/events/1000/01/"]
)
def test_days_without_entries_are_pages(address: str) -> None:
    page = words_on(address)
    assert "没有大事记入库" in page


# -- export -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three_entries")
def test_the_table_holds_what_the_filter_shows() -> None:
    assert [row["标题"] for row in table_of("/events/entries.csv")] == ["查看河堤", "植树", "看望"]
    assert [row["标题"] for row in table_of("/events/entries.csv", official="方小满")] == ["植树", "看望"]
    (row,) = table_of("/events/2023/05/entries.csv", q="河堤")
    assert (row["起始日期"], row["部门"], row["主题"]) == ("2023-05-08", "青河水务局", "防汛")
    assert row["人员"] == "林远山" and row["正文"] == "林远山到河堤查看 50% 进度。"
    assert 'href="/events/2023/05/entries.csv?q=' in words_on(MONTH, q="河堤")


def test_a_cell_is_never_a_formula() -> None:
    EventFactory(text="=HYPERLINK(1)")
    (row,) = table_of("/events/2023/05/entries.csv")
    assert row["正文"] == "'=HYPERLINK(1)"


def test_the_table_is_whole_past_its_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.exports.CHUNK", 2)
    EventFactory.create_batch(5)
    assert len(table_of("/events/entries.csv")) == 5


# -- paging and queries -----------------------------------------------------------------------------


def test_what_is_found_is_paged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.foundpage.PAGE_SIZE", 2)
    for position in range(1, 6):
        EventFactory(position=position, title=f"第{position}事")
    assert titles_found("/events/", q="事") == ["第1事", "第2事"]
    assert titles_found("/events/", q="事", page="3") == ["第5事"]
    assert titles_found("/events/", q="事", page="99") == ["第5事"]
    assert "第 1 / 3 页，共 5 条" in words_on("/events/", q="事")


def fill(number: int) -> None:
    people = PersonFactory.create_batch(2, posts=["局长"])
    bodies, topics = DepartmentFactory.create_batch(2), TopicFactory.create_batch(2)
    for _ in range(number):
        EventFactory(people=people, departments=bodies, topics=topics, citations=["某方案"])


@pytest.mark.parametrize(
    "address",
    [
        "/events/",
        "/events/?q=例会",
        "/events/2023/",
        MONTH,
        f"{MONTH}?q=例会",
        "/events/2023/05/08/",
        "entry",
    ],
)
def test_the_number_of_queries_does_not_grow(address: str) -> None:
    client = Client()
    numbers = []
    for more in (3, 27):
        fill(more)
        found = Event.objects.order_by("pk").first()
        asked = found.get_absolute_url() if address == "entry" and found else address
        client.get(asked)
        for kept in ("default", "pages"):
            caches[kept].clear()  # the finished page is not handed out again
        with CaptureQueriesContext(
            connection,
        ) as captured:
            words_on(asked, client)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1] <= MAX_QUERIES
