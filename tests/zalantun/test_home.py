"""The home page: the day, tasks by light, documents, and what each block says while it is empty."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directives.models import Directive
from floodresponse.models import LevelRecord, Plan, Response
from taskboard.models import Task
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import (
    DepartmentFactory,
    DirectiveFactory,
    EventFactory,
    PersonFactory,
    TaskFactory,
    TaskListFactory,
    TopicFactory,
)
from zalantun.charts import day_chart
from zalantun.home import anniversaries

pytestmark = pytest.mark.django_db


def home(role: str = "anonymous") -> Any:
    response = browser_of(role).get("/")
    assert response.status_code == 200
    return response


def shown_days(response: Any) -> list[tuple[date, str, list[str]]]:
    blocks = response.context["days"].blocks
    return [(block.day, block.label, [entry.title for entry in block.entries]) for block in blocks]


# -- the day ------------------------------------------------------------------------------------


def test_the_days_to_look_up_are_today_last_month_and_earlier_years() -> None:
    days = anniversaries(date(2031, 3, 31))
    assert days[date(2031, 3, 31)] == "今天"
    assert "上月今日" not in days.values()  # there is no 31 February
    assert days[date(2030, 3, 31)] == "往年今日"
    assert date(1951, 3, 31) in days and date(1950, 3, 31) not in days


def test_the_29_february_has_anniversaries_in_leap_years_only() -> None:
    days = anniversaries(date(2032, 2, 29))
    assert days[date(2032, 1, 29)] == "上月今日"
    assert date(2028, 2, 29) in days and not any(day.year == 2031 for day in days)


def test_today_stands_first_with_its_entries_and_documents() -> None:
    today = timezone.localdate()
    EventFactory(start_date=today, title="今天的会")
    DirectiveFactory(issued_on=today, title="今天的通知")
    EventFactory(start_date=today - timedelta(days=3), title="三天前的会")
    response = home()
    ((day, label, titles),) = [block for block in shown_days(response) if block[2]]
    assert (day, label, titles) == (today, "今天", ["今天的会"])
    page = response.content.decode()
    assert "今日大事记" in page and "今天的通知" in page and "三天前的会" not in page.split("逐日条数")[0]


def test_a_range_that_covers_today_belongs_to_today() -> None:
    today = timezone.localdate()
    EventFactory(start_date=today - timedelta(days=2), end_date=today + timedelta(days=1), title="外出考察")
    EventFactory(
        start_date=today - timedelta(days=3), end_date=today - timedelta(days=1), title="已经结束的考察"
    )
    titles = [title for _, _, titles in shown_days(home()) for title in titles]
    assert titles == ["外出考察"]


def test_an_anniversary_names_its_year_while_today_has_nothing_yet() -> None:
    today = timezone.localdate()
    year = today.year - 4 if (today.month, today.day) == (2, 29) else today.year - 3
    EventFactory(start_date=today.replace(year=year), title="往年的会")
    response = home()
    assert [label for _, label, _ in shown_days(response)] == ["今天", "往年今日"]
    page = response.content.decode()
    assert "当天还没有条目" in page and f"{year}年" in page and "记载始于" in page


def test_without_an_anniversary_the_latest_days_stand_in_and_it_is_said() -> None:
    first = timezone.localdate() - timedelta(days=100)
    for n in range(5):
        EventFactory(start_date=first + timedelta(days=n), title=f"第{n}天的会")
    response = home()
    shown = shown_days(response)
    assert [titles for _, _, titles in shown] == [["第4天的会"], ["第3天的会"], ["第2天的会"]]
    assert "没有记载，以下是最近有记载的几天" in response.content.decode()


def test_a_full_day_is_cut_and_says_how_much_more_there_is() -> None:
    EventFactory.create_batch(8, start_date=date(2023, 5, 8))
    response = home()
    assert len(response.context["days"].blocks[0].entries) == 6
    assert "当日另有 2 条" in response.content.decode()


@pytest.mark.parametrize(("role", "count"), [("anonymous", 1), ("viewer", 1), ("editor", 2)])
def test_drafts_are_for_editors(role: str, count: int) -> None:
    EventFactory(title="已发布的会", start_date=date(2023, 5, 8))
    EventFactory(title="草稿的会", start_date=date(2023, 5, 8), publication="draft")
    DirectiveFactory(title="草稿的通知", publication="draft")
    response = home(role)
    assert len(response.context["days"].blocks[0].entries) == count
    assert ("草稿的通知" in response.content.decode()) is (role == "editor")


def test_the_plot_counts_the_entries_of_the_latest_month_by_day() -> None:
    EventFactory.create_batch(2, start_date=date(2023, 5, 8))
    EventFactory(start_date=date(2023, 5, 31))
    EventFactory(start_date=date(2023, 4, 30))
    response = home()
    chart, page = response.context["days"].chart, response.content.decode()
    assert len(chart.bars) == 31
    assert {bar.day.day: bar.count for bar in chart.bars if bar.count} == {8: 2, 31: 1}
    assert "2023年5月逐日条数" in page and "8日 2 条，31日 1 条" in page


def test_bars_are_as_high_as_their_share_of_the_highest() -> None:
    chart = day_chart(date(2024, 2, 9), {date(2024, 2, 1): 4, date(2024, 2, 29): 1}, date(2024, 2, 29))
    first, last = chart.bars[0], chart.bars[-1]
    assert len(chart.bars) == 29 and chart.most == 4
    assert first.height == 4 * last.height and last.current and not first.current
    assert chart.bars[1].height == 0


# -- tasks --------------------------------------------------------------------------------------


def test_tasks_by_light_are_for_staff() -> None:
    today = timezone.localdate()
    issued = TaskListFactory(ends_on=today + timedelta(days=90))
    lead = DepartmentFactory(name="水利局")
    TaskFactory(task_list=issued, due_on=today - timedelta(days=1), title="逾期的事", leads=[lead])
    TaskFactory(task_list=issued, due_on=today + timedelta(days=7), title="临期的事")
    TaskFactory(task_list=issued, due_on=today + timedelta(days=8), title="正常的事")
    TaskFactory(task_list=issued, due_on=today, title="办结的事", state=Task.State.CLOSED)
    TaskFactory(task_list=issued, title="未下发的事", state=Task.State.DRAFT)
    response = home("viewer")
    lights = {share.key: share.count for share in response.context["tasks"].counts.by_light}
    assert lights == {"red": 1, "yellow": 1, "green": 1, "grey": 1, "closed": 1}
    page = response.content.decode()
    assert "逾期 1 天" in page and "牵头 水利局" in page and "逾期与临期 2 项全部" in page
    visitors = home()
    assert visitors.context["tasks"] is None
    assert "逾期的事" not in visitors.content.decode()


def test_without_pressing_tasks_the_day_of_checking_is_named() -> None:
    TaskFactory(state=Task.State.DRAFT)
    today = timezone.localdate()
    assert f"没有逾期或临期的任务（截至{today.month}月{today.day}日）" in home("viewer").content.decode()


# -- documents and the strip --------------------------------------------------------------------


def test_the_latest_documents_carry_their_status_and_for_staff_their_tasks() -> None:
    directive = DirectiveFactory(title="百日攻坚方案", issued_on=date(2023, 8, 3))
    TaskFactory.create_batch(3, task_list=TaskListFactory(directive=directive))
    DirectiveFactory(title="没有日期的意见", issued_on=None)
    staff, visitor = home("viewer").content.decode(), home().content.decode()
    for page in (staff, visitor):
        assert "现行有效" in page and "原文未印" in page
        assert page.index("百日攻坚方案") < page.index("没有日期的意见")
    assert "3 项任务" in staff and "3 项任务" not in visitor


def test_the_strip_is_grey_until_a_person_declares() -> None:
    plan = Plan.objects.create(title="防内涝方案", year=2031, office_phone="000-1234")
    page = home().content.decode()
    assert "未启动响应" in page and "000-1234" in page
    now = timezone.now()
    commander = person("commander")
    response = Response.objects.create(plan=plan, declared_at=now)
    LevelRecord.objects.create(response=response, level=3, since=now, decided_by=commander)
    assert "III级响应 黄" in home("viewer").content.decode()


def test_subjects_of_visible_documents_lead_to_them() -> None:
    shown, hidden = TopicFactory(name="供热", slug="heating"), TopicFactory(name="机密", slug="secret")
    DirectiveFactory().topics.add(shown)
    DirectiveFactory(publication=Directive.Publication.DRAFT).topics.add(hidden)
    page = home().content.decode()
    assert "/directives/?topic=heating" in page and "topic=secret" not in page


# -- empty, metadata, cost ----------------------------------------------------------------------


def test_an_empty_portal_says_in_each_block_what_would_fill_it() -> None:
    pages = {role: home(role).content.decode() for role in ("anonymous", "viewer", "editor")}
    for page in pages.values():
        assert "公报尚未入库" in page and "还没有政策文件入库" in page
    assert "还没有任务清单" in pages["viewer"] and "还没有任务清单" not in pages["anonymous"]
    assert "/gazette/imports/" in pages["editor"].split("<main")[1]
    assert "/gazette/imports/" not in pages["viewer"]


def test_the_page_carries_the_metadata_of_a_site_and_a_column() -> None:
    page = home().content.decode()
    for name in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnType"):
        assert f'<meta name="{name}"' in page


@pytest.mark.parametrize("role", ["anonymous", "viewer", "editor"])
def test_the_page_costs_the_same_queries_however_much_there_is(role: str) -> None:
    client = browser_of(role)
    client.get("/")  # what all pages share is in the cache from here on

    def cost(number: int) -> int:
        people = PersonFactory.create_batch(number)
        EventFactory.create_batch(number, start_date=date(2023, 5, 8), people=people)
        directive = DirectiveFactory()
        directive.topics.add(TopicFactory())
        task_list = TaskListFactory(directive=directive)
        TaskFactory.create_batch(number, task_list=task_list, leads=[DepartmentFactory()])
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        return reads_of_the_page(captured)

    few = cost(2)
    assert cost(9) == few <= 15
