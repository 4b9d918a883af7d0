"""``task-lists/{id}/sheet/`` and ``sheet/confirm/``: a sheet is looked at, then written, all or none."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from rest_framework.test import APIClient

from taskboard.models import Task, TaskList
from tests.accounts import token_for
from tests.atonce import press_at_once
from tests.factories import TaskListFactory
from tests.taskboard.campaign import Campaign, campaign

pytestmark = pytest.mark.django_db
NEW: list[list[Any]] = [["任务", "牵头部门", "完成时限"], ["新任务", "水务局", None]]


def client_of(world: Campaign, name: str) -> APIClient:
    client = APIClient()
    if name != "anonymous":
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_for(world.people[name])}")
    return client


def workbook(lines: list[list[Any]]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(out)
    return SimpleUploadedFile("清单.xlsx", out.getvalue())


def exported(world: Campaign) -> list[list[Any]]:
    client = Client()
    client.force_login(world.supervisor)
    response = client.get(f"/tasks/lists/{world.task_list.pk}/tasks.xlsx")
    page = load_workbook(io.BytesIO(response.getvalue())).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def shown(world: Campaign, name: str, lines: list[list[Any]], found: TaskList | None = None) -> Any:
    path = f"/api/v1/task-lists/{(found or world.task_list).pk}/sheet/"
    return client_of(world, name).post(path, {"file": workbook(lines)}, format="multipart")


def confirmed(world: Campaign, name: str, payload: str, reason: str = "", found: Any = None) -> Any:
    path = f"/api/v1/task-lists/{(found or world.task_list).pk}/sheet/confirm/"
    return client_of(world, name).post(path, {"payload": payload, "reason": reason}, format="json")


@pytest.fixture
def world() -> Campaign:
    return campaign()


def test_a_sheet_is_shown_line_by_line_and_then_written(world: Campaign) -> None:
    draft, issued = world.task("draft", title="清沟"), world.task("issued", title="换阀")
    head, first, second = exported(world)
    first[head.index("任务")] = "清沟两条"
    second[head.index("配合部门")] = "林草局"
    wrong: list[Any] = [None] * len(head)
    wrong[head.index("任务")], wrong[head.index("牵头部门")] = "新任务", "无此局"
    seen = shown(world, "supervisor", [head, first, second, wrong])
    assert seen.status_code == 200
    preview = seen.json()
    assert (preview["file_name"], preview["good"], preview["bad"], preview["unchanged"]) == (
        "清单.xlsx",
        2,
        1,
        0,
    )
    changes = {line["number"]: line["changes"] for line in preview["lines"]}
    assert changes[draft.pk] == [{"field": "title", "before": "清沟", "after": "清沟两条"}]
    assert [change["after"] for change in changes[issued.pk]] == ["林草局"]
    (bad,) = [line for line in preview["lines"] if line["errors"]]
    assert (bad["line"], bad["number"]) == (4, None) and "没有“无此局”这个部门" in bad["errors"][0]
    assert Task.objects.get(pk=draft.pk).title == "清沟"

    refused = confirmed(world, "supervisor", preview["payload"])
    assert refused.status_code == 400 and "请写明更正的理由" in str(refused.json())
    assert Task.objects.get(pk=draft.pk).title == "清沟"
    done = confirmed(world, "supervisor", preview["payload"], "会议决定")
    assert (done.status_code, done.json()) == (200, {"added": 0, "changed": 2})
    assert Task.objects.get(pk=draft.pk).title == "清沟两条"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("anonymous", 401),
        ("nobody", 404),
        ("viewer", 403),
        ("lead", 403),
        ("head", 403),
        ("duty_officer", 403),
        ("editor", 200),
        ("supervisor", 200),
    ],
)
def test_who_may_hand_a_sheet_in(world: Campaign, name: str, status: int) -> None:
    payload = shown(world, "supervisor", NEW).json()["payload"]
    assert shown(world, name, NEW).status_code == status
    # What was shown to somebody else is not written, whoever may import.
    writes = {200: 409}.get(status, status) if name != "supervisor" else 200
    assert confirmed(world, name, payload).status_code == writes
    assert Task.objects.count() == int(name == "supervisor")


def test_the_order_of_refusals(world: Campaign) -> None:
    missing = TaskList(pk=999999)
    assert shown(world, "supervisor", NEW, missing).status_code == 404
    assert shown(world, "lead", NEW, missing).status_code == 404
    path = f"/api/v1/task-lists/{world.task_list.pk}/sheet/"
    assert client_of(world, "lead").post(path, {}, format="multipart").status_code == 403
    assert client_of(world, "editor").post(path, {}, format="multipart").json() == {
        "file": ["没有提交任何文件。"]
    }
    assert client_of(world, "editor").post(f"{path}confirm/", {}, format="json").status_code == 400


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_what_is_no_workbook_is_refused_in_a_sentence(world: Campaign, content: bytes) -> None:
    path = f"/api/v1/task-lists/{world.task_list.pk}/sheet/"
    upload = SimpleUploadedFile("清单.xlsx", content)
    answer = client_of(world, "editor").post(path, {"file": upload}, format="multipart")
    assert answer.status_code == 400
    assert any("\u4e00" <= sign <= "\u9fff" for sign in str(answer.json()))


def test_a_preview_is_for_its_list_and_cannot_be_altered(world: Campaign) -> None:
    payload = shown(world, "editor", NEW).json()["payload"]
    other = TaskListFactory(title="另一份")
    for answer in (
        confirmed(world, "editor", payload, found=other),
        confirmed(world, "editor", f"{payload}x"),
        confirmed(world, "editor", "forged"),
    ):
        assert answer.status_code == 409 and "没有写入任何内容" in str(answer.json())
    assert not Task.objects.exists()


def test_a_line_that_went_stale_writes_nothing(world: Campaign) -> None:
    first, second = world.task("draft", title="甲"), world.task("draft", title="乙")
    head, *lines = exported(world)
    for line in lines:
        line[head.index("任务")] += "（改）"
    payload = shown(world, "editor", [head, *lines]).json()["payload"]
    Task.objects.filter(pk=second.pk).update(text="别人改了")
    answer = confirmed(world, "editor", payload)
    assert answer.status_code == 409 and "第 3 行：导出之后这项任务被改过" in str(answer.json())
    assert Task.objects.get(pk=first.pk).title == "甲"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_once_and_one_is_told() -> None:
    world = campaign()
    payload = shown(world, "editor", NEW).json()["payload"]
    answers: list[Any] = []

    def press() -> None:
        answers.append(confirmed(world, "editor", payload))

    press_at_once([press, press])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (told,) = [answer for answer in answers if answer.status_code == 409]
    assert "没有重复新增" in str(told.json())
    assert Task.objects.filter(title="新任务").count() == 1
