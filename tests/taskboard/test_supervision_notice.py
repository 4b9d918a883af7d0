"""The supervision notice of a task on paper."""

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from time_machine import travel

from organizations.models import Department
from taskboard.models import Task, TaskTarget
from tests.accounts import browser_of
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory
from tests.printing.measure import picture_of, rules_of, text_of

pytestmark = pytest.mark.django_db
TODAY = "2023-08-29 12:00:00+08:00"


def address(task: Task) -> str:
    return f"/tasks/{task.pk}/notice.pdf"


def printed(task: Task) -> bytes:
    with travel(TODAY, tick=False):
        response = browser_of("supervisor").get(address(task))
    assert response.status_code == 200, response.content.decode()
    return bytes(response.content)


def unit(name: str) -> Department:
    found: Department = Department.objects.filter(name=name).first() or DepartmentFactory(name=name)
    return found


def task_of(**values: Any) -> Task:
    directive = DirectiveFactory(title="青河市百日攻坚方案")
    found: Task = TaskFactory(
        **{
            "task_list": TaskListFactory(title="百日攻坚清单", directive=directive),
            "title": "整治沿街摊点",
            "number": "3",
            "text": "清理占道摊点，保持道路畅通。",
            "due_on": date(2023, 9, 5),
            "percent": 40,
            "leads": [unit("住建局")],
            "supporters": [unit("公安局"), unit("文旅局")],
            **values,
        }
    )
    return found


def test_the_notice_says_what_by_when_by_whom_and_on_what_ground() -> None:
    text = text_of(printed(task_of()))
    order = [
        "督办通知",
        "政办督〔2023〕号",
        "关于“整治沿街摊点”的督办通知",
        "住建局：",
        "根据《青河市百日攻坚方案》",
        "一、督办事项",
        "整治沿街摊点（《百日攻坚清单》，一、市容，第3项）。",
        "清理占道摊点，保持道路畅通。",
        "牵头单位：住建局。",
        "配合单位：公安局、文旅局。",
        "请于2023年9月5日前办结。",
        "进度40%",
        "2023年8月29日",
        "抄送：公安局，文旅局",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places), list(zip(order, places, strict=True))


def test_it_has_the_red_head_of_an_official_document() -> None:
    assert rules_of(picture_of(printed(task_of())), red=True)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2023, 8, 28), "已逾期1天"),
        (date(2023, 8, 29), "请于2023年8月29日前办结。截至目前"),
        (date(2023, 8, 30), "请于2023年8月30日前办结。截至目前"),
    ],
)
def test_only_a_task_past_its_day_is_called_overdue(due: date, words: str) -> None:
    text = text_of(printed(task_of(due_on=due))).replace("三、办理时限和要求", "")
    assert words in text and ("逾期" in text) is (due < date(2023, 8, 29))


def test_a_date_of_the_list_and_none_at_all_are_said() -> None:
    ends = TaskListFactory(ends_on=date(2023, 10, 31))
    assert "请于2023年10月31日前办结（沿用清单期限）" in text_of(
        printed(task_of(due_on=None, task_list=ends))
    )
    never = TaskListFactory(ends_on=None)
    assert "没有规定完成时限" in text_of(printed(task_of(due_on=None, task_list=never)))


def test_all_lead_departments_are_addressed_and_targets_are_named() -> None:
    task = task_of(leads=[unit("住建局"), unit("水务局")], supporters=[])
    TaskTarget.objects.create(task=task, name="完成率", value=95, unit="%")
    text = text_of(printed(task))
    assert "住建局，水务局：" in text and "共同牵头" in text
    assert "完成率不低于95%" in text and "配合单位：原文没有列出。" in text and "抄送" not in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "draft"}, "还没有下发"),
        ({"state": "closed"}, "已经办结"),
        ({"state": "suspended"}, "已暂停"),
        ({"leads": []}, "没有牵头部门"),
    ],
)
def test_what_nobody_works_on_is_refused_with_the_reason(values: dict[str, Any], words: str) -> None:
    task = task_of(**values)
    client = browser_of("supervisor")
    answer = client.get(address(task))
    assert answer.status_code == 404 and words in answer.content.decode()
    assert address(task) not in client.get(task.get_absolute_url()).content.decode()


def test_only_supervisors_print_it_and_find_it_on_the_page() -> None:
    task = task_of()
    assert Client().get(address(task)).status_code == 302
    viewer, supervisor = browser_of("viewer"), browser_of("supervisor")
    refused = viewer.get(address(task))
    assert refused.status_code == 403 and "您没有权限打印督办通知" in refused.content.decode()
    assert address(task) not in viewer.get(task.get_absolute_url()).content.decode()
    assert address(task) in supervisor.get(task.get_absolute_url()).content.decode()
    assert supervisor.get("/tasks/999999/notice.pdf").status_code == 404
    assert quote("督办通知") in supervisor.get(address(task))["Content-Disposition"]
