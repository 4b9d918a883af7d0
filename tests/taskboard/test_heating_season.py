"""The heating season: three targets, four duty groups, a list of their own."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from directives.models import Directive
from foundation.errors import PermissionRefused, StateConflict
from organizations.models import Department
from taskboard import services
from taskboard.heating.season import current_season
from taskboard.models import Task, TaskList
from taskboard.services.heating import create_heating_list
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, DirectiveFactory, UserFactory
from tests.taskboard.campaign import NOW

pytestmark = pytest.mark.django_db
SEASON = current_season()


def notice() -> Directive:
    for name in ("住建局", "工信局"):
        DepartmentFactory(name=name)
    DepartmentFactory(name="街道办事处", kind=Department.Kind.COLLECTIVE)
    directive: Directive = DirectiveFactory(title=f"青河市人民政府办公室关于{SEASON.directive}")
    return directive


def made() -> TaskList:
    notice()
    return create_heating_list(actor=person("supervisor"), at=NOW, season=SEASON)


def test_the_targets_are_those_of_the_notice() -> None:
    assert [(t.name, t.value, t.at_least) for t in SEASON.targets] == [
        ("设施检修率", Decimal(100), True),
        ("设施完好率", Decimal(100), True),
        ("燃煤储备率", Decimal(50), True),
    ]


def test_there_are_four_duty_groups() -> None:
    assert [(group.name, group.clause) for group in SEASON.groups] == [
        ("供热单位", "二（一）"),
        ("住建部门", "二（二）"),
        ("乡镇街道", "二（三）"),
        ("工信等部门", "二（四）"),
    ]
    assert all(group.duties for group in SEASON.groups)


def test_the_list_is_a_draft_with_a_part_for_each_group() -> None:
    found = made()
    assert (found.state, found.origin, found.ends_on) == ("draft", "directive", None)
    tasks = list(found.tasks.order_by("order"))
    assert {task.state for task in tasks} == {Task.State.DRAFT}
    assert list(dict.fromkeys(task.part for task in tasks)) == [
        f"{group.name}：{group.duty}" for group in SEASON.groups
    ]
    assert sum(task.targets.count() for task in tasks) == 3
    assert {d.department.name for d in tasks[-1].duties.all()} == {"工信局", "住建局", "街道办事处"}


def test_it_is_made_once() -> None:
    made()
    with pytest.raises(StateConflict, match="已经建立"):
        create_heating_list(actor=person("supervisor"), at=NOW, season=SEASON)
    assert TaskList.objects.count() == 1


def test_without_the_notice_it_is_not_made() -> None:
    with pytest.raises(StateConflict, match="请先导入这份文件"):
        create_heating_list(actor=person("supervisor"), at=NOW, season=SEASON)


@pytest.mark.parametrize("role", ["viewer", "department_officer", "department_head", "duty_officer"])
def test_who_does_not_keep_lists_does_not_make_it(role: str) -> None:
    notice()
    with pytest.raises(PermissionRefused):
        create_heating_list(actor=person(role), at=NOW, season=SEASON)
    assert browser_of(role).post("/tasks/heating/").status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), (None, 403), ("viewer", 200), ("supervisor", 200)]
)
def test_the_page_is_for_staff(role: str | None, status: int) -> None:
    assert browser_of(role).get("/tasks/heating/").status_code == status


def test_the_page_shows_what_is_demanded_before_there_is_a_list() -> None:
    notice()
    text = browser_of("viewer").get("/tasks/heating/").content.decode()
    assert "燃煤储备率" in text and "50 %" in text and "乡镇街道" in text
    assert "还没有建立任务清单" in text and "建立采暖期清单" not in text
    assert "建立采暖期清单" in browser_of("supervisor").get("/tasks/heating/").content.decode()


def test_by_a_press_the_list_is_made_and_the_page_leads_to_it() -> None:
    notice()
    client = browser_of("supervisor")
    assert client.post("/tasks/heating/").status_code == 302
    found = TaskList.objects.get()
    text = client.get("/tasks/heating/").content.decode()
    assert found.get_absolute_url() in text and "未计时" in text
    again = client.post("/tasks/heating/")
    assert again.status_code == 409 and "已经建立" in again.content.decode()


@pytest.mark.parametrize(("value", "word"), [("49.99", "完成 99%"), ("50", "已达到"), ("50.01", "已达到")])
def test_the_page_says_how_far_a_target_is(value: str, word: str) -> None:
    found = made()
    task = found.tasks.get(targets__name="燃煤储备率")
    lead = UserFactory(role="department_officer", department=Department.objects.get(name="住建局"))
    common: dict[str, Any] = {"actor": lead, "at": NOW, "task": task}
    services.issue_list(actor=person("supervisor"), at=NOW, task_list=found, ends_on=NOW.date())
    task.refresh_from_db()
    services.sign_task(**common)
    target = task.targets.get()
    services.report_progress(**common, percent=50, text="已储备", quantities={target.pk: Decimal(value)})
    client = Client()
    client.force_login(person("viewer"))
    lines = client.get("/tasks/heating/").context["targets"]
    assert next(line.standing.word for line in lines if line.content.name == "燃煤储备率") == word
