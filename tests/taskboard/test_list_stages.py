"""Stages of a list: planned, entered, left; inspections and assessments."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from directives.models import Stage
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from taskboard.models import ListStage, StageResult
from taskboard.services.stages import (
    enter_stage,
    leave_stage,
    record_stage_result,
    save_stage,
    take_over_stages,
)
from tests.factories import DirectiveFactory
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
TODAY = date(2023, 5, 8)
LATER = TODAY + timedelta(days=1)


@pytest.fixture
def world() -> Campaign:
    return campaign()


@pytest.fixture
def stage(world: Campaign) -> ListStage:
    return planned(world, "宣传启动")


def planned(world: Campaign, name: str, **values: Any) -> ListStage:
    return save_stage(actor=world.supervisor, at=NOW, task_list=world.task_list, name=name, **values)


def result(world: Campaign, stage: ListStage, name: str = "supervisor", **values: Any) -> StageResult:
    given: dict[str, Any] = {
        "kind": "inspection",
        "held_on": TODAY,
        "outcome": "passed",
        "findings": "资料齐全",
    }
    return record_stage_result(actor=world.people[name], at=NOW, stage=stage, **{**given, **values})


def test_stages_stand_in_the_order_in_which_they_were_planned(world: Campaign, stage: ListStage) -> None:
    planned(world, "综合治理", starts_on=TODAY, ends_on=TODAY)
    assert [(s.order, s.name) for s in world.task_list.stages.all()] == [(1, "宣传启动"), (2, "综合治理")]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"name": " "}, "请写明阶段名称"),
        ({"name": "题" * 81}, "最多 80 字"),
        ({"name": "宣传启动"}, "已有阶段“宣传启动”"),
        ({"name": "二", "starts_on": LATER, "ends_on": TODAY}, "不能早于"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    world: Campaign, stage: ListStage, values: dict[str, Any], error: str
) -> None:
    with pytest.raises(InvalidInput, match=error):
        planned(world, **values)


def test_a_stage_is_entered_and_left_once(world: Campaign, stage: ListStage) -> None:
    boss = world.supervisor
    with pytest.raises(StateConflict, match="还没有进入"):
        leave_stage(actor=boss, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(InvalidInput, match="不能晚于今天"):
        enter_stage(actor=boss, at=NOW, stage=stage, on=LATER)
    enter_stage(actor=boss, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(StateConflict, match="已于 2023-05-08 进入"):
        enter_stage(actor=boss, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(InvalidInput, match="不能早于进入日期"):
        leave_stage(actor=boss, at=NOW, stage=stage, on=TODAY - timedelta(days=1))
    leave_stage(actor=boss, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(StateConflict, match="已于 2023-05-08 结束"):
        leave_stage(actor=boss, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(StateConflict, match="已结束，计划不能再改"):
        save_stage(actor=boss, at=NOW, task_list=world.task_list, stage=stage, name="新名")


@pytest.mark.parametrize(
    ("days", "on_day", "word"),
    [
        ({}, TODAY, "未进入"),
        ({"starts_on": TODAY}, TODAY, "未进入"),
        ({"starts_on": TODAY}, LATER, "逾期未进入"),
        ({"entered_on": TODAY, "ends_on": TODAY}, TODAY, "进行中"),
        ({"entered_on": TODAY, "ends_on": TODAY}, LATER, "逾期未结束"),
        ({"entered_on": LATER}, TODAY, "未进入"),
        ({"entered_on": TODAY, "left_on": LATER}, TODAY, "进行中"),
        ({"entered_on": TODAY, "left_on": LATER}, LATER, "已结束"),
    ],
)
def test_how_a_stage_stands_on_a_day(days: dict[str, date], on_day: date, word: str) -> None:
    assert ListStage(name="一", **days).word(on_day) == word


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"findings": " "}, "请写明检查考核情况"),
        ({"held_on": LATER}, "不能晚于今天"),
        ({"score": -1}, "得分应为 0 到 100"),
        ({"score": 101}, "得分应为 0 到 100"),
        ({"outcome": "rectify"}, "请写明整改时限"),
        ({"outcome": "passed", "rectify_by": LATER}, "不需要整改时限"),
        ({"outcome": "failed", "rectify_by": TODAY - timedelta(days=1)}, "不能早于检查"),
    ],
)
def test_a_result_that_makes_no_sense_is_refused(
    world: Campaign, stage: ListStage, values: dict[str, Any], error: str
) -> None:
    if "score" in values:
        values = {**values, "score": Decimal(values["score"])}
    with pytest.raises(InvalidInput, match=error):
        result(world, stage, **values)


def test_the_same_result_twice_is_a_button_pressed_twice(world: Campaign, stage: ListStage) -> None:
    result(world, stage, department=world.water)
    with pytest.raises(StateConflict, match="没有重复记录"):
        result(world, stage, department=world.water)
    result(world, stage, department=world.power)
    assert stage.results.count() == 2


def test_the_documents_stages_are_taken_over_once(world: Campaign) -> None:
    with pytest.raises(StateConflict, match="没有登记阶段"):
        take_over_stages(actor=world.supervisor, at=NOW, task_list=world.task_list)
    directive = DirectiveFactory()
    for order in (1, 2):
        Stage.objects.create(directive=directive, order=order, name="治理", starts_on=TODAY)
    world.task_list.directive = directive
    world.task_list.save()
    assert take_over_stages(actor=world.supervisor, at=NOW, task_list=world.task_list) == 2
    assert [s.name for s in world.task_list.stages.all()] == ["治理", "治理（2）"]
    with pytest.raises(StateConflict, match="已经登记了阶段"):
        take_over_stages(actor=world.supervisor, at=NOW, task_list=world.task_list)


# -- who, on the page and in the services -------------------------------------------------------------

PLANS = {"supervisor", "editor", "publisher"}


def test_who_may_plan_and_who_may_move_on(world: Campaign, stage: ListStage) -> None:
    path = f"{world.task_list.get_absolute_url()}stages/"
    given = {
        "add": {"step": "add", "name": "新阶段"},
        "enter": {"step": "enter", "stage": str(stage.pk), "on": "2023-05-08"},
        "result": {
            "step": "result",
            "stage": str(stage.pk),
            "kind": "inspection",
            "held_on": "2023-05-08",
            "outcome": "passed",
            "findings": "好",
        },
    }
    for name, person in world.people.items():
        client = Client()
        client.force_login(person)
        for step, typed in given.items():
            allowed = name in PLANS if step == "add" else name == "supervisor"
            response = client.post(path, typed)
            assert (response.status_code == 302) == allowed, (name, step)
            ListStage.objects.exclude(pk=stage.pk).delete()
            ListStage.objects.update(entered_on=None)
    assert StageResult.objects.count() == 1


@pytest.mark.parametrize("name", ["lead", "viewer", "nobody"])
def test_the_services_ask_who(world: Campaign, stage: ListStage, name: str) -> None:
    actor = world.people[name]
    with pytest.raises(PermissionRefused):
        save_stage(actor=actor, at=NOW, task_list=world.task_list, name="二")
    with pytest.raises(PermissionRefused):
        enter_stage(actor=actor, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(PermissionRefused):
        leave_stage(actor=actor, at=NOW, stage=stage, on=TODAY)
    with pytest.raises(PermissionRefused):
        result(world, stage, name)


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(world: Campaign, stage: ListStage) -> None:
    client = Client()
    client.force_login(world.supervisor)
    path = f"{world.task_list.get_absolute_url()}stages/"
    typed = {
        "step": "result",
        "stage": str(stage.pk),
        "kind": "assessment",
        "held_on": "2023-05-08",
        "outcome": "rectify",
        "findings": "台账缺页",
    }
    response = client.post(path, typed)
    page = response.content.decode()
    assert response.status_code == 400 and "请写明整改时限" in page and "台账缺页" in page
    client.post(path, {**typed, "rectify_by": "2030-01-01", "score": "86.5"})
    page = client.get(path).content.decode()
    assert "考核：限期整改" in page
    assert "86.50 分" in page
    assert "整改时限 2030年1月1日" in page
    sheet = load_workbook(io.BytesIO(client.get(f"{path[:-1]}.xlsx").content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[1][0] == "宣传启动" and rows[1][8:11] == ["限期整改", 86.5, "台账缺页"]


@pytest.mark.parametrize("typed", [{"step": "enter"}, {"step": "enter", "stage": "99999"}, {"step": "x"}])
def test_an_address_that_fits_nothing_is_not_found(world: Campaign, typed: dict[str, str]) -> None:
    client = Client()
    client.force_login(world.supervisor)
    assert client.post(f"{world.task_list.get_absolute_url()}stages/", typed).status_code == 404
