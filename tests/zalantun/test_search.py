"""Search: every kind, every form of a word, only what the person may see, and ways on from nothing."""

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from directives.models import Annex, Roster, RosterMember, Topic
from events.models import Event
from organizations.models import DepartmentAlias, PersonVariant
from search.finding import COUNTED
from search.folding import fold, forms_of
from search.services import catch_up
from search.words import days_of, left_out, words_of
from tests.accounts import browser_of, reads_of_the_page
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    SectionFactory,
    TaskFactory,
    TaskListFactory,
)
from tests.taskboard.ledgerworld import entry, land_ledger
from zalantun.search.results import Row
from zalantun.search.snippets import highlighted, passage

pytestmark = pytest.mark.django_db


def find(query: str, role: str = "anonymous", **more: str) -> Any:
    response = browser_of(role).get("/search/", {"q": query, **more})
    assert response.status_code == 200
    return response


def totals(query: str, role: str = "anonymous") -> dict[str, int]:
    return dict(find(query, role).context["found"].kinds)


def titles(query: str, role: str = "anonymous", kind: str = "") -> list[str]:
    return [plain(row.title) for row in rows(query, role, kind=kind)]


def rows(query: str, role: str = "anonymous", **more: str) -> list[Row]:
    return list(find(query, role, **more).context.get("rows", []))


def plain(markup: str) -> str:
    return re.sub("</?mark>", "", markup)


# -- words --------------------------------------------------------------------------------------


def test_words_are_parted_by_spaces_and_title_marks() -> None:
    words = [word.typed for word in words_of("  供热　《锅炉 “检修”》\x00 ")]
    assert words == ["供热", "锅炉", "检修"]


@pytest.mark.parametrize(
    "typed", ["[2022]", "(2022)", "（2022）", "【2022】", "〔2022〕", "［2022］", "〔２０２２〕"]
)
def test_brackets_and_figures_of_any_form_are_one(typed: str) -> None:
    assert fold(typed) == "(2022)"


@pytest.mark.parametrize(
    ("word", "first", "last", "any_year"),
    [
        ("2023年5月8日", date(2023, 5, 8), date(2023, 5, 8), False),
        ("2023-05-08", date(2023, 5, 8), date(2023, 5, 8), False),
        ("2023.5.8", date(2023, 5, 8), date(2023, 5, 8), False),
        ("２０２３年５月８日", date(2023, 5, 8), date(2023, 5, 8), False),
        ("5月8日", date(2000, 5, 8), date(2000, 5, 8), True),
        ("2月29日", date(2000, 2, 29), date(2000, 2, 29), True),
        ("2023年2月", date(2023, 2, 1), date(2023, 2, 28), False),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), False),
        ("2023年", date(2023, 1, 1), date(2023, 12, 31), False),
    ],
)
def test_words_that_name_days(word: str, first: date, last: date, any_year: bool) -> None:
    days = days_of(word)
    assert days is not None
    assert (days.first, days.last, days.any_year) == (first, last, any_year)


@pytest.mark.parametrize(
    "word", ["供热", "2023", "5.1", "11月31日", "2023年13月", "0000年", "2023年5月8日供热"]
)
def test_words_that_name_no_day(word: str) -> None:
    assert days_of(word) is None


def test_more_words_than_are_used_are_said_to_be_left_out() -> None:
    assert not left_out("一 二 三 四 五 六 七 八")
    assert left_out("一 二 三 四 五 六 七 八 九")
    assert left_out("长" * 201) and not left_out("长" * 200)
    assert "只按前面的词语搜索" in find("一 二 三 四 五 六 七 八 九").content.decode()


# -- what is found ------------------------------------------------------------------------------


def test_every_kind_is_searched_and_counted() -> None:
    department = DepartmentFactory(name="供热管理局")
    PersonFactory(name="林供热")
    EventFactory(text="检查供热准备。", people=[PersonFactory(name="林某", posts=["供热公司经理"])])
    DirectiveFactory(title="供热通知")
    TaskFactory(title="检修锅炉", leads=[department])
    assert totals("供热", "viewer") == {
        "events": 1,
        "directives": 1,
        "tasks": 1,
        "people": 2,
        "departments": 1,
    }


def test_all_words_must_be_held() -> None:
    EventFactory(title="甲", text="检查供热和锅炉。")
    EventFactory(title="乙", text="检查供热。")
    assert titles("供热 锅炉") == ["甲"]


def test_one_character_is_enough() -> None:
    EventFactory(title="甲", text="堵。")
    assert titles("堵") == ["甲"]


@pytest.mark.parametrize("sign", ["%", "_", "100%", "\\", "'"])
def test_signs_of_the_query_language_mean_themselves(sign: str) -> None:
    EventFactory(title="甲", text="完成率达到一百。")
    EventFactory(title="乙", text=f"记号{sign}在此。")
    assert titles(sign) == ["乙"]


@pytest.mark.parametrize(
    "typed", ["青政办发〔2023〕15号", "青政办发[2023]15号", "青政办发(2023)15号", "青政办发（2023）15号"]
)
@pytest.mark.parametrize("stored", ["青政办发〔2023〕15号", "青政办发[2023]15号"])
def test_a_number_is_found_in_any_form_of_its_brackets(typed: str, stored: str) -> None:
    DirectiveFactory(title="供热通知", number=stored)
    DirectiveFactory(title="别的通知", number="青政办发〔2023〕16号")
    assert titles(typed) == ["供热通知"]
    assert f"<mark>{stored}</mark>" in rows(typed)[0].note


@pytest.mark.parametrize("word", ["2023年5月8日", "5月8日", "2023-05-08", "2023年5月"])
def test_a_date_finds_entries_of_the_day_ranges_over_it_and_documents(word: str) -> None:
    EventFactory(title="当日的会", start_date=date(2023, 5, 8))
    EventFactory(title="跨日的会", start_date=date(2023, 5, 6), end_date=date(2023, 5, 9))
    EventFactory(title="别日的会", start_date=date(2023, 6, 8))
    DirectiveFactory(title="当日的通知", issued_on=date(2023, 5, 8))
    DirectiveFactory(title="别日的通知", issued_on=date(2023, 6, 1))
    assert set(titles(word)) == {"当日的会", "跨日的会", "当日的通知"}
    assert all(row.day_found for row in rows(word))


@pytest.mark.parametrize(("day", "found"), [("4月29日", 0), ("4月30日", 1), ("5月2日", 1), ("5月3日", 0)])
def test_a_range_over_the_end_of_a_month_covers_days_of_both(day: str, found: int) -> None:
    EventFactory(start_date=date(2023, 4, 30), end_date=date(2023, 5, 2), text="考察。")
    assert totals(day).get("events", 0) == found


def test_a_task_is_found_by_its_due_date_own_or_inherited() -> None:
    task_list = TaskListFactory(ends_on=date(2023, 10, 31))
    TaskFactory(task_list=task_list, title="沿用期限的事")
    TaskFactory(task_list=task_list, title="自有期限的事", due_on=date(2023, 7, 26))
    assert titles("2023年10月31日", "viewer") == ["沿用期限的事"]
    assert titles("7月26日", "viewer") == ["自有期限的事"]


@pytest.mark.parametrize("word", ["锅炉", "评分表", "领导小组名单", "林某甲", "副局长", "青河市人民政府"])
def test_a_document_is_found_by_any_of_its_parts(word: str) -> None:
    directive = DirectiveFactory(title="治理方案")
    SectionFactory(directive=directive, heading="任务", text="检修锅炉。")
    Annex.objects.create(directive=directive, order=1, title="考核评分表")
    roster = Roster.objects.create(directive=directive, order=1, name="领导小组名单")
    RosterMember.objects.create(
        roster=roster, order=1, role="组长", printed_name="林某甲", post="住建局副局长"
    )
    DirectiveFactory(title="别的通知", issuer="白山市人民政府")
    (row,) = rows(word, kind="directives")
    assert row.title == "治理方案"
    assert "<mark>" in row.context + row.note


def test_a_hit_in_a_section_leads_to_the_section() -> None:
    directive = DirectiveFactory(title="治理方案")
    SectionFactory(directive=directive, text="检修锅炉。", anchor="s2-1")
    assert rows("锅炉")[0].url == f"{directive.get_absolute_url()}#s2-1"


def test_the_paragraph_that_holds_most_words_is_shown() -> None:
    directive = DirectiveFactory(title="治理方案")
    SectionFactory(directive=directive, text="检修锅炉。", anchor="s1", order=1)
    SectionFactory(directive=directive, text="供热前检修管网和锅炉。", anchor="s2", order=2)
    (row,) = rows("供热 锅炉")
    assert "<mark>供热</mark>前检修管网和<mark>锅炉</mark>" in row.context and row.url.endswith("#s2")


def test_a_person_is_found_by_name_post_and_misprint_and_namesakes_stand_apart() -> None:
    one = PersonFactory(name="林某", qualifier="教育局副局长", posts=["教育局副局长"])
    other = PersonFactory(name="林某", qualifier="水利局局长", posts=["水利局局长"])
    PersonVariant.objects.create(printed_name="林木", person=other)
    EventFactory(people=[one, other])
    assert len(titles("林某", kind="people")) == 2
    (row,) = rows("林木", kind="people")
    assert "原文印作<mark>林木</mark>" in row.context and "水利局" in row.title


def test_a_department_is_found_by_its_alias() -> None:
    DepartmentAlias.objects.create(name="执法局", department=DepartmentFactory(name="城市管理局"))
    (row,) = rows("执法局", kind="departments")
    assert row.title == "城市管理局" and "<mark>执法局</mark>" in row.context


# -- for whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("anonymous", {"events": 1, "directives": 1}),
        ("viewer", {"events": 1, "directives": 2, "tasks": 1, "people": 1}),
        ("editor", {"events": 2, "directives": 3, "tasks": 1, "people": 1}),
    ],
)
def test_only_what_the_person_may_see_is_found_and_counted(role: str, found: dict[str, int]) -> None:
    EventFactory(text="堵。")
    EventFactory(text="堵。", publication="draft", people=[PersonFactory(name="堵某")])
    DirectiveFactory(title="堵")
    DirectiveFactory(title="堵", is_public=False)
    DirectiveFactory(title="堵", publication="draft")
    TaskFactory(title="堵")
    assert totals("堵", role) == found


def test_visitors_are_offered_no_tasks() -> None:
    TaskFactory(title="堵漏")
    response = find("堵漏", kind="tasks")
    assert response.context["kind"] == "" and response.context["everywhere"] == "0"
    assert "任务" not in response.context["kinds"].values()
    assert "没有“tasks”这一类记录" in response.content.decode()


# -- the page -----------------------------------------------------------------------------------


def test_without_words_the_page_says_what_can_be_searched() -> None:
    EventFactory()
    for query in ("", "   ", "《》", "\x00"):
        response = find(query)
        assert "可以搜到" in response.content.decode()
    assert ("events", "大事记", 1) in response.context["holdings"]


def test_nothing_found_says_so_and_offers_ways_on() -> None:
    EventFactory(text="检查供热。")
    page = find("供热 无此词").content.decode()
    assert "没有同时包含“供热”“无此词”的记录" in page
    assert "只搜“供热”" in page and 'href="/events/"' in page and 'href="/people/"' in page
    other_kind = find("供热", kind="people").content.decode()
    assert "“人员”范围内没有" in other_kind and "在全部记录中查看 1 条" in other_kind


def test_a_kind_is_shown_in_pages_with_the_words_marked() -> None:
    EventFactory.create_batch(41, text="检查供热。")
    first = find("供热", kind="events")
    assert len(first.context["rows"]) == 20
    page = first.content.decode()
    assert "第 1 / 3 页，共 41 条" in page and "检查<mark>供热</mark>" in page
    assert "kind=events&amp;page=2" in page
    last = find("供热", kind="events", page="3")
    assert len(last.context["rows"]) == 1


@pytest.mark.parametrize(
    ("page", "number"), [("4", 3), ("99999999999999999999", 3), ("-1", 3), ("x", 1), ("0", 3), ("²", 1)]
)
def test_a_page_that_does_not_exist_is_the_nearest_that_does(page: str, number: int) -> None:
    EventFactory.create_batch(41, text="检查供热。")
    response = find("供热", kind="events", page=page)
    assert response.context["page"].number == number and response.context["rows"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("kind", "nonsense", "没有“nonsense”这一类记录"),
        ("year", "22", "年份“22”不对"),
        ("department", "nowhere", "没有找到部门“nowhere”"),
        ("person", "x", "没有找到人员“x”"),
        ("topic", "nothing", "没有找到主题“nothing”"),
        ("order", "up", "没有“up”这种排序"),
    ],
)
def test_a_condition_that_names_nothing_is_left_aside_and_said(name: str, value: str, sentence: str) -> None:
    EventFactory(title="甲", text="检查供热。")
    response = find("供热", **{name: value})
    assert [row.title for row in response.context["rows"]] == ["甲"]
    assert sentence in response.content.decode()


def test_a_table_or_feed_with_such_a_condition_is_refused() -> None:
    for address in ("/search/feed/", "/search/results.csv"):
        response = browser_of("anonymous").get(address, {"q": "供热", "kind": "nonsense"})
        assert response.status_code == 400 and "没有“nonsense”这一类记录" in response.content.decode()


# -- narrowing and order ------------------------------------------------------------------------


def facets_of(response: Any) -> dict[str, dict[str, int]]:
    return {
        facet.name: {value.label: value.number for value in facet.values}
        for facet in response.context["facets"]
    }


def test_hits_are_counted_by_kind_year_department_person_and_topic() -> None:
    department = DepartmentFactory(name="青河市水务局", slug="shuiwu")
    person = PersonFactory(name="林某甲")
    topic = Topic.objects.create(name="供热", slug="heating")
    first = EventFactory(
        text="检查供热。", start_date=date(2022, 5, 1), people=[person], departments=[department]
    )
    first.topics.add(topic)
    EventFactory(text="供热会议。", start_date=date(2023, 5, 1), people=[person])
    DirectiveFactory(title="供热通知", issued_on=date(2023, 6, 1))
    assert facets_of(find("供热")) == {
        "year": {"2023年": 2, "2022年": 1},
        "department": {"青河市水务局": 1},
        "person": {"林某甲": 2},
        "topic": {"供热": 1},
    }
    assert len(rows("供热", year="2023")) == 2
    assert len(rows("供热", person=str(person.pk))) == 2
    assert len(rows("供热", department="shuiwu")) == len(rows("供热", topic="heating")) == 1
    assert len(rows("供热", person=str(person.pk), year="2022", kind="events")) == 1
    assert len(rows("", topic="heating")) == 1


def test_counts_of_kinds_pass_the_other_conditions() -> None:
    EventFactory(text="供热。", start_date=date(2022, 5, 1))
    DirectiveFactory(title="供热通知", issued_on=date(2023, 6, 1))
    tabs = {tab.kind: tab.number for tab in find("供热", year="2023", kind="events").context["tabs"]}
    assert tabs["events"] == "0" and tabs["directives"] == tabs[""] == "1"


def test_the_best_hit_stands_first_or_the_newest() -> None:
    EventFactory(title="会议", text="研究供热。", start_date=date(2023, 5, 1))
    EventFactory(title="供热检查", text="甲。", start_date=date(2022, 5, 1))
    EventFactory(title="供热", text="乙。", start_date=date(2021, 5, 1))
    assert titles("供热") == ["供热", "供热检查", "会议"]
    assert [plain(row.title) for row in rows("供热", order="newest")] == ["会议", "供热检查", "供热"]


def test_beyond_a_thousand_hits_the_newest_are_listed_and_names_stand_ahead() -> None:
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(COUNTED + 1)]
    Event.objects.bulk_create(
        Event(start_date=day, end_date=day, position=1, title=f"供热{day}", publication="published")
        for day in days
    )
    DepartmentFactory(name="供热办")
    DirectiveFactory(title="供热通知", issued_on=date(2019, 6, 1))
    catch_up(at=timezone.now())
    response = find("供热")
    numbers = {tab.kind: tab.number for tab in response.context["tabs"]}
    assert numbers == {
        "": "1000+",
        "events": "1000+",
        "directives": "1",
        "people": "0",
        "departments": "1",
    }
    assert response.context["rows"][0].kind == "departments"
    assert response.context["page"].paginator.count == COUNTED
    assert "按最新的 1000 条统计" in response.content.decode()
    assert titles("供热", kind="directives") == ["供热通知"]
    assert len(rows("供热", year="2019")) == 1
    assert plain(rows("供热", order="newest")[0].title) == f"供热{days[-1]}"


# -- what leaves the page -----------------------------------------------------------------------


def test_what_was_found_is_downloaded_as_tables() -> None:
    EventFactory(title="=甲", text="检查供热。", start_date=date(2022, 5, 1))
    EventFactory(title="稿", text="检查供热。", publication="draft")
    client = browser_of("anonymous")
    table = client.get("/search/results.csv", {"q": "供热"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "种类,标题,日期,最后日期,上下文,附注,地址"
    assert lines[1].startswith("大事记,'=甲,2022-05-01,2022-05-01,检查供热。") and len(lines) == 2
    book = load_workbook(BytesIO(client.get("/search/results.xlsx", {"q": "供热"}).content))
    assert [row[1].value for row in book["搜索结果"].iter_rows()] == ["标题", "=甲"]
    assert client.get("/search/results.csv").status_code == 400


def test_a_search_is_a_feed_of_public_records_for_whoever_asks() -> None:
    EventFactory(title="甲", text="检查供热。")
    EventFactory(title="稿", text="检查供热。", publication="draft")
    for role in ("anonymous", "editor"):
        feed = browser_of(role).get("/search/feed/", {"q": "供热"})
        assert feed["Content-Type"].startswith("application/atom+xml")
        assert "<title>甲</title>" in feed.content.decode() and "稿" not in feed.content.decode()
    assert browser_of("anonymous").get("/search/feed/").status_code == 400


def test_more_notes_than_can_wait_are_said_to_be_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.services.indexing.NOTES_WHILE_ASKED", 0)
    EventFactory(text="检查供热。")
    assert "搜索索引正在更新" in find("供热").content.decode()
    assert browser_of("anonymous").get("/search/results.csv", {"q": "供热"}).status_code == 503


def test_markup_in_query_and_records_is_text() -> None:
    EventFactory(title="<b>供热</b>", text="<script>供热</script>")
    page = find("<script>").content.decode()
    assert "<script>供热" not in page and "&lt;script&gt;" in page


def test_marks_never_overlap_and_never_break_markup() -> None:
    assert highlighted("供热热线", ["供热", "热热"]) == "<mark>供热热</mark>线"
    assert highlighted("a<b", ["<"]) == "a<mark>&lt;</mark>b"
    assert highlighted("Abc", ["ab"]) == "<mark>Ab</mark>c"
    long = "前" * 200 + "供热" + "后" * 200
    cut = passage(long, ["供热"])
    assert cut.startswith("…前") and cut.endswith("后…") and "<mark>供热</mark>" in cut


@pytest.mark.parametrize(
    ("query", "said"), [({"kind": "events"}, False), ({"kind": "events", "year": "2023"}, True)]
)
def test_conditions_are_listed_where_the_tabs_do_not_show_them(query: dict[str, str], said: bool) -> None:
    EventFactory(text="堵。", start_date=date(2023, 5, 1))
    page = Client().get("/search/", {"q": "堵", **query}).content.decode()
    assert ("已限定" in page) is said
    assert ("取消限定：大事记" in page) is said


@pytest.mark.parametrize(
    ("kind", "offered"), [("", True), ("events", True), ("tasks", False), ("ledgers", False)]
)
def test_a_feed_is_offered_where_programs_may_fetch_it(kind: str, offered: bool) -> None:
    EventFactory(text="堵。")
    TaskFactory(title="堵")
    entry(land_ledger(), "堵")
    query, staff = {"q": "堵", **({"kind": kind} if kind else {})}, browser_of("viewer")
    page = staff.get("/search/", query)
    assert page.context["rows"]
    assert (reverse("search_feed") in page.content.decode()) is offered
    assert (Client().get(reverse("search_feed"), query).status_code == 200) is offered
    wanted = {"query": page.context["asked"].address, "name": "堵", "rhythm": "never"}
    staff.post(reverse("search_saved_add"), wanted)
    kept = staff.get(reverse("search_saved")).content.decode()
    assert "堵" in kept and (reverse("search_feed") in kept) is offered


def test_who_finds_nothing_is_led_to_the_lists_he_may_open() -> None:
    staff, visitor = (browser_of(role).get("/search/", {"q": "无此字词"}) for role in ("viewer", "anonymous"))
    assert reverse("taskboard:ledgers") in staff.content.decode()
    assert reverse("taskboard:ledgers") not in visitor.content.decode()


@pytest.mark.parametrize("kind", ["", "events", "directives"])
@pytest.mark.parametrize("role", ["anonymous", "viewer"])
def test_the_page_costs_the_same_queries_however_much_is_found(role: str, kind: str) -> None:
    client = browser_of(role)
    client.get("/search/")  # what all pages share is in the cache from here on

    def cost(number: int) -> int:
        department = DepartmentFactory(name=f"堵漏{number}局")
        EventFactory.create_batch(
            number, text="堵。", people=[PersonFactory(name="堵某", qualifier=f"{number}")]
        )
        for _ in range(number):
            directive = DirectiveFactory(title="堵")
            SectionFactory(directive=directive, text="堵。")
            Annex.objects.create(directive=directive, order=1, title="堵")
        TaskFactory.create_batch(number, title="堵", leads=[department])
        catch_up(at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "堵", "kind": kind})
        return reads_of_the_page(captured)

    few = cost(1)
    assert cost(4) == few <= 15


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("III级", "Ⅲ级"), ("Ⅲ级", "III级"), ("iv级", "Ⅳ级"), ("Ⅳ级", "IV级"), ("Ⅰ级", "I级"), ("II级", "Ⅱ级")],
)
def test_roman_numerals_and_letters_find_one_another(typed: str, printed: str) -> None:
    EventFactory(title="甲", text=f"启动{printed}响应。")
    (row,) = rows(typed)
    assert f"<mark>{printed}</mark>" in row.context


def test_letters_within_a_word_are_no_numerals() -> None:
    assert not set("ⅠⅡⅢⅣ") & set("".join(forms_of("VIII MINI IIII")))
