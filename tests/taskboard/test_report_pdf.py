"""A task list on paper."""

from datetime import date
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taskboard.boards import plot_of
from taskboard.models import Task, TaskList
from taskboard.printing import plot_rows
from tests.accounts import browser_of, person, reads_of_the_page, token_for
from tests.factories import DepartmentFactory, TaskFactory, TaskListFactory
from tests.printing.measure import outline_of, reader_of, run_with, text_of

pytestmark = pytest.mark.django_db
AS_OF = "2023-08-29"


def address(task_list: TaskList, as_of: str = AS_OF) -> str:
    return f"/tasks/lists/{task_list.pk}/report.pdf" + (f"?as_of={as_of}" if as_of else "")


def printed(task_list: TaskList, role: str = "viewer", as_of: str = AS_OF) -> bytes:
    response = browser_of(role).get(address(task_list, as_of))
    assert response.status_code == 200, response.content.decode()
    return bytes(response.content)


@pytest.fixture
def task_list() -> TaskList:
    found: TaskList = TaskListFactory(title="百日攻坚清单")
    housing, police, culture = (DepartmentFactory(name=name) for name in ("住建局", "公安局", "文旅局"))
    due = [date(2023, 8, 28), date(2023, 8, 29), date(2023, 9, 5), date(2023, 9, 6), None]
    for order, day in enumerate(due, start=1):
        TaskFactory(
            task_list=found,
            order=order,
            number=str(order),
            part="一、市容" if order < 4 else "二、交通",
            subsection="（一）清理" if order < 3 else "",
            title=f"整治第{order}处",
            due_on=day,
            leads=[housing, police] if order == 1 else [housing],
            supporters=[culture],
        )
    TaskFactory(
        task_list=found, order=6, part="二、交通", title="疏导车流", state=Task.State.CLOSED, leads=[police]
    )
    return found


def test_tasks_stand_by_part_with_leads_supporters_due_dates_and_lights(task_list: TaskList) -> None:
    text = text_of(printed(task_list))
    order = [
        "百日攻坚清单进展通报",
        "截至2023年8月29日",
        "一、市容（3项）",
        "（一）清理",
        "整治第1处",
        "二、交通（3项）",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places)
    assert "1整治第1处住建局、公安局文旅局2023-08-28逾期1天逾期办理中" in text
    assert "2整治第2处住建局文旅局2023-08-29今天到期临期" in text
    assert "3整治第3处住建局文旅局2023-09-05剩7天临期" in text
    assert "4整治第4处住建局文旅局2023-09-06剩8天正常" in text
    assert "5整治第5处住建局文旅局2023-10-31沿剩63天正常" in text
    assert "—疏导车流公安局" in text and "已办结" in text


def test_counts_of_all_lights_stand_first(task_list: TaskList) -> None:
    assert "合计逾期临期正常未计时已办结612201" in text_of(printed(task_list))


def test_another_day_shows_other_lights(task_list: TaskList) -> None:
    assert "整治第4处住建局文旅局2023-09-06逾期1天逾期" in text_of(printed(task_list, as_of="2023-09-07"))


def test_nothing_is_printed_of_a_day_that_is_none(task_list: TaskList) -> None:
    refused = browser_of("viewer").get(address(task_list, "2023-02-31"))
    assert refused.status_code == 400 and "截至的日期不能识别，没有导出" in refused.content.decode()


def test_the_plot_counts_leads_and_supporters_by_department(task_list: TaskList) -> None:
    pdf = printed(task_list)
    text = text_of(pdf)
    assert "住建局牵头5配合0" in text and "公安局牵头2配合0" in text and "文旅局牵头0配合5" in text
    assert "1项为双牵头" in text and "牵头合计7，任务6项" in text


def test_bars_are_as_long_as_their_counts_and_do_not_overlap() -> None:
    rows = plot_rows(
        plot_of([("a", "甲局", "lead", 4), ("a", "甲局", "support", 2), ("b", "乙局", "support", 3)], 6, 0)
    )
    first, second = rows
    assert first.lead_width == pytest.approx(2 * first.support_width, abs=0.1)
    assert second.support_width == pytest.approx(1.5 * first.support_width, abs=0.1)
    assert second.top - first.top > 9
    assert first.end > first.lead_end + first.support_width


def test_parts_are_in_the_outline_and_the_head_is_repeated(task_list: TaskList) -> None:
    for order in range(7, 90):
        TaskFactory(task_list=task_list, order=order, part="二、交通", title=f"整治第{order}处")
    pdf = printed(task_list)
    titles = [line.title for line in outline_of(pdf)[1]]
    assert titles == ["总体情况", "按部门", "一、市容（3项）", "二、交通（86项）"]
    pages = ["".join(page.extract_text().split()) for page in reader_of(pdf).pages]
    assert all("序号任务牵头配合时限红绿灯" in page for page in pages if "整治第" in page)
    assert all(f"整治第{order}处" in "".join(pages) for order in range(1, 6))


def test_a_list_that_was_not_issued_says_that_no_clock_runs() -> None:
    draft = TaskListFactory(title="新清单", state=TaskList.State.DRAFT)
    TaskFactory(task_list=draft, state=Task.State.DRAFT, due_on=date(2023, 1, 1))
    text = text_of(printed(draft))
    assert "本清单未下发" in text and "未计时" in text and "逾期1" not in text


def test_a_list_without_tasks_is_printed_with_a_sentence() -> None:
    assert "清单里还没有任务。" in text_of(printed(TaskListFactory(title="空清单")))


def test_it_is_a_working_paper_and_says_so(task_list: TaskList) -> None:
    assert run_with(printed(task_list), "内部工作材料").y < 30


def test_visitors_are_sent_to_sign_in_and_strangers_are_refused(task_list: TaskList) -> None:
    visitor = Client().get(address(task_list))
    assert visitor.status_code == 302 and visitor["Location"].startswith("/accounts/login/")
    client = Client()
    client.force_login(person(None))
    stranger = client.get(address(task_list))
    assert stranger.status_code == 403 and "您没有权限打印任务清单" in stranger.content.decode()


def test_a_finished_report_is_not_handed_to_who_may_not_see_it(task_list: TaskList) -> None:
    tag = browser_of("viewer").get(address(task_list))["ETag"]
    client = Client()
    client.force_login(person(None))
    assert client.get(address(task_list), headers={"If-None-Match": tag}).status_code == 403
    assert Client().get(address(task_list), headers={"If-None-Match": tag}).status_code == 302


@pytest.mark.parametrize(("role", "status"), [("supervisor", 200), (None, 403)])
def test_a_token_has_its_owners_rights(task_list: TaskList, role: str | None, status: int) -> None:
    token = token_for(person(role))
    response = Client().get(address(task_list), headers={"Authorization": f"Token {token}"})
    assert response.status_code == status


def test_a_token_of_somebody_who_left_is_refused(task_list: TaskList) -> None:
    user = person("viewer")
    token = token_for(user)
    user.is_active = False
    user.save()
    assert Client().get(address(task_list), headers={"Authorization": f"Token {token}"}).status_code == 401


def test_an_unknown_list_is_answered_in_a_sentence() -> None:
    response = browser_of("viewer").get("/tasks/lists/999999/report.pdf")
    assert response.status_code == 404 and "没有这份任务清单" in response.content.decode()


def test_the_file_is_named_after_list_and_day(task_list: TaskList) -> None:
    response = browser_of("viewer").get(address(task_list))
    assert quote("百日攻坚清单进展通报（2023年8月29日）.pdf") in response["Content-Disposition"]


def test_the_page_of_a_list_offers_the_report_of_its_day(task_list: TaskList) -> None:
    page = browser_of("viewer").get(f"/tasks/lists/{task_list.pk}/?as_of={AS_OF}").content.decode()
    assert address(task_list) in page


def test_a_list_is_read_in_a_constant_number_of_queries(task_list: TaskList) -> None:
    client = browser_of("viewer")
    with CaptureQueriesContext(connection) as captured:
        client.get(address(task_list))
    assert reads_of_the_page(captured) <= 10
