"""A list goes out as a sheet and comes back: line by line, keyed safely, all or none."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from taskboard.models import Task, TaskList, TaskTransition
from taskboard.services.tasksheets import import_lines
from taskboard.tasksheets.columns import FIELDS, mark_of, values_of
from taskboard.tasksheets.reading import KnownTask, SheetLine, read_sheet
from tests.factories import TaskListFactory
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
HEAD = ["编号", "校验码", *FIELDS.values()]
SAID = {
    **dict.fromkeys(FIELDS, ""),
    "title": "清沟",
    "lead": "水务局",
    "due_on": "2023-06-01",
}
NAMES = {"水务局": "水务局", "市水务局": "水务局", "电力局": "电力局"}


def line_of(number: Any, mark: str, **changes: str) -> list[Any]:
    return [number, mark, *({**SAID, **changes}[key] for key in FIELDS)]


def read(*lines: list[Any], state: str = "draft", issued_too: bool = True, list_id: int = 5) -> Any:
    known = {7: KnownTask(state, SAID)}
    return read_sheet([HEAD, *lines], list_id=list_id, known=known, names=NAMES.get, issued_too=issued_too)


# -- the pure core ------------------------------------------------------------------------------

GOOD = mark_of(5, 7, SAID)


@pytest.mark.parametrize(
    ("line", "more", "error"),
    [
        (line_of("7", GOOD, title=""), {}, "请填写任务。"),
        (line_of("7", GOOD, title="题" * 121), {}, "任务最多 120 字，现在是 121 字。"),
        (line_of("7", GOOD, lead=""), {}, "请填写牵头部门。"),
        (line_of("7", GOOD, lead="无此局"), {}, "没有“无此局”这个部门"),
        (line_of("7", GOOD, support="市水务局"), {}, "水务局不能既牵头又配合。"),
        (line_of("7", GOOD, due_on="六月底"), {}, "完成时限应为日期"),
        (line_of("7", GOOD, due_on="1999-06-01"), {}, "年份应为 2000 到 2100"),
        (line_of("7", GOOD, title="\0formula"), {}, "任务是公式"),
        (line_of("甲", GOOD), {}, "编号应为导出时的数字"),
        (line_of("8", GOOD, title="别的"), {}, "不是本清单的任务"),
        (line_of("7", "", title="别的"), {}, "校验码不符"),
        (line_of("7", GOOD[:-1] + "x", title="别的"), {}, "校验码不符"),
        (line_of("7", GOOD, title="别的"), {"list_id": 6}, "校验码不符"),
        (line_of("7", mark_of(5, 7, {**SAID, "title": "旧"}), title="别的"), {}, "导出之后这项任务被改过"),
        (line_of("7", GOOD, title="别的"), {"state": "closed"}, "已办结"),
        (line_of("7", GOOD, title="别的"), {"state": "issued", "issued_too": False}, "只有督查人员可以更正"),
        (line_of("", GOOD, title="别的"), {}, "有校验码而没有编号"),
        (line_of("", ""), {}, "完全相同，没有重复新增"),
    ],
)
def test_what_is_wrong_with_a_line(line: list[Any], more: dict[str, Any], error: str) -> None:
    (found,) = read(line, **more).lines
    assert len(found.errors) == 1 and error in found.errors[0]
    assert found.line == 2


def test_a_line_says_what_it_changes() -> None:
    sheet = read(line_of("7", GOOD, lead="电力局、市水务局", due_on="2023年7月1日"))
    (line,) = sheet.good
    assert [(c.word, c.before, c.after) for c in line.changes] == [
        ("牵头部门", "水务局", "电力局、水务局"),
        ("完成时限", "2023-06-01", "2023-07-01"),
    ]


def test_lines_without_a_difference_are_counted_and_left_alone() -> None:
    sheet = read(line_of("7", "whatever"), [], line_of("", "", title="新的"))
    assert sheet.unchanged == 1
    assert [(line.line, line.number) for line in sheet.lines] == [(4, None)]


def test_a_number_that_stands_twice_is_refused_the_second_time() -> None:
    sheet = read(line_of("7", GOOD, title="甲"), line_of("7", GOOD, title="乙"))
    assert [line.errors for line in sheet.lines] == [(), ("编号 7 在表中出现了两次。",)]


def test_a_day_with_a_time_counts_as_its_day() -> None:
    (line,) = read(line_of("7", GOOD, due_on="2023-07-01 15:30:00")).lines
    assert line.values["due_on"] == "2023-07-01"


@pytest.mark.parametrize(
    ("head", "error"),
    [([], "表格是空的"), (["任务", "完成时限"], "缺少表头：牵头部门"), (["任务", "任务"], "出现了两次")],
)
def test_a_heading_that_does_not_fit_is_refused(head: list[str], error: str) -> None:
    with pytest.raises(InvalidInput, match=error):
        read_sheet([head], list_id=5, known={}, names=NAMES.get, issued_too=True)


# -- out and back in the browser ------------------------------------------------------------------


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def exported(client: Client, world: Campaign, query: str = "") -> list[list[Any]]:
    response = client.get(f"/tasks/lists/{world.task_list.pk}/tasks.xlsx{query}")
    assert response.status_code == 200
    page = load_workbook(io.BytesIO(response.getvalue())).worksheets[0]
    return [list(row) for row in page.iter_rows(values_only=True)]


def handed_in(client: Client, found: TaskList, lines: list[list[Any]]) -> Any:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    out = io.BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("清单.xlsx", out.getvalue())
    return client.post(f"/tasks/lists/{found.pk}/sheet/", {"file": upload})


def confirmed(client: Client, found: TaskList, preview: Any, reason: str = "") -> Any:
    given = {"payload": preview.context["payload"], "reason": reason}
    return client.post(f"/tasks/lists/{found.pk}/sheet/confirm/", given, follow=True)


def test_what_went_out_comes_back_unchanged(world: Campaign) -> None:
    world.task("draft", title="清沟 ", text="第一行\r\n第二行", due_on=date(2023, 6, 1))
    world.task("issued")
    client = client_of(world, "supervisor")
    lines = exported(client, world)
    assert lines[0][:3] == ["编号", "校验码", "部分"]
    preview = handed_in(client, world.task_list, lines)
    assert preview.context["sheet"].lines == [] and preview.context["sheet"].unchanged == 2


def test_a_sheet_is_filtered_and_sorted_like_the_view(world: Campaign) -> None:
    world.task("draft", title="甲", due_on=date(2023, 6, 1))
    world.task("draft", title="乙", due_on=date(2023, 5, 1))
    world.task("issued", title="丙")
    lines = exported(client_of(world, "viewer"), world, "?state=draft&sort=due")
    assert [line[5] for line in lines[1:]] == ["乙", "甲"]


def test_a_sheet_changes_drafts_corrects_issued_tasks_and_adds_new_ones(world: Campaign) -> None:
    draft, issued = world.task("draft", title="清沟"), world.task("signed", title="换阀")
    client = client_of(world, "supervisor")
    lines = exported(client, world)
    head, first, second = lines
    first[head.index("任务")] = "清沟两条"
    second[head.index("完成时限")] = datetime(2023, 9, 30, 15, 0)  # noqa: DTZ001  # a cell has no zone
    second[head.index("配合部门")] = "林草局"
    new: list[Any] = [None] * len(head)
    new[head.index("任务")], new[head.index("牵头部门")] = "新任务", "电力局"
    preview = handed_in(client, world.task_list, [head, first, second, new])
    page = preview.content.decode()
    assert "可以写入 3 行，有误 0 行" in page and "更正的理由" in page
    assert Task.objects.count() == 2 and Task.objects.get(pk=draft.pk).title == "清沟"

    after = confirmed(client, world.task_list, preview, "会议决定").content.decode()
    assert "新增 1 项，修改 2 项" in after
    draft.refresh_from_db()
    issued.refresh_from_db()
    assert (draft.title, issued.due_on, issued.state) == ("清沟两条", date(2023, 9, 30), "signed")
    assert [duty.department.name for duty in issued.supporters] == ["林草局"]
    step = issued.transitions.get(action=TaskTransition.Action.CORRECT)
    assert "会议决定" in step.reason and "完成时限" in step.reason
    made = Task.objects.get(title="新任务")
    assert (made.state, [d.department.name for d in made.leads]) == ("draft", ["电力局"])
    assert made.order == max(draft.order, issued.order) + 1
    assert AuditEntry.objects.filter(action="task_list.import").count() == 1


def test_an_issued_task_is_not_corrected_without_a_reason(world: Campaign) -> None:
    issued = world.task("issued", title="换阀")
    client = client_of(world, "supervisor")
    head, line = exported(client, world)
    line[head.index("任务")] = "换两个阀"
    preview = handed_in(client, world.task_list, [head, line])
    page = confirmed(client, world.task_list, preview).content.decode()
    assert "请写明更正的理由" in page and "没有写入任何内容" in page
    assert Task.objects.get(pk=issued.pk).title == "换阀"


def test_a_bad_line_is_shown_and_skipped(world: Campaign) -> None:
    draft = world.task("draft", title="清沟")
    client = client_of(world, "editor")
    head, line = exported(client, world)
    bad: list[Any] = [None] * len(head)
    bad[head.index("任务")], bad[head.index("牵头部门")] = "新任务", "无此局"
    line[head.index("任务")] = "清沟两条"
    preview = handed_in(client, world.task_list, [head, line, bad])
    assert "写入 1 行，跳过 1 行" in preview.content.decode()
    assert "没有“无此局”这个部门" in preview.content.decode()
    confirmed(client, world.task_list, preview)
    assert [t.title for t in Task.objects.all()] == ["清沟两条"]
    assert Task.objects.get().pk == draft.pk


def test_a_sheet_that_went_stale_between_preview_and_confirmation_writes_nothing(world: Campaign) -> None:
    first, second = world.task("draft", title="甲"), world.task("draft", title="乙")
    client = client_of(world, "editor")
    head, *lines = exported(client, world)
    for line in lines:
        line[head.index("任务")] += "（改）"
    preview = handed_in(client, world.task_list, [head, *lines])
    Task.objects.filter(pk=second.pk).update(text="别人改了")
    page = confirmed(client, world.task_list, preview).content.decode()
    assert "第 3 行：导出之后这项任务被改过" in page and "没有写入任何内容" in page
    assert Task.objects.get(pk=first.pk).title == "甲"


def test_a_sheet_of_another_list_is_refused_line_by_line(world: Campaign) -> None:
    world.task("draft", title="甲")
    other = TaskListFactory(title="另一份")
    client = client_of(world, "editor")
    head, line = exported(client, world)
    line[head.index("任务")] = "改"
    preview = handed_in(client, other, [head, line])
    (found,) = preview.context["sheet"].bad
    assert "不是本清单的任务" in found.errors[0]


def test_a_preview_of_somebody_else_or_another_list_is_not_written(world: Campaign) -> None:
    world.task("draft", title="甲")
    client, other = client_of(world, "editor"), TaskListFactory()
    head, line = exported(client, world)
    line[head.index("任务")] = "改"
    preview = handed_in(client, world.task_list, [head, line])
    for somebody, found in ((client_of(world, "supervisor"), world.task_list), (client, other)):
        assert "没有写入任何内容" in confirmed(somebody, found, preview).content.decode()
    response = client.post(
        f"/tasks/lists/{world.task_list.pk}/sheet/confirm/", {"payload": "forged"}, follow=True
    )
    assert "预览已经过期" in response.content.decode()
    assert Task.objects.get().title == "甲"


@pytest.mark.parametrize("content", [b"not a workbook", b""])
def test_what_is_no_workbook_is_refused(world: Campaign, content: bytes) -> None:
    upload = SimpleUploadedFile("清单.xlsx", content)
    path = f"/tasks/lists/{world.task_list.pk}/sheet/"
    response = client_of(world, "editor").post(path, {"file": upload})
    assert response.status_code == 400 and response.context["form"].errors


def test_a_confirmation_that_is_sent_twice_adds_once(world: Campaign) -> None:
    client = client_of(world, "editor")
    lines: list[list[Any]] = [["任务", "牵头部门", "完成时限"], ["新任务", "水务局", None]]
    preview = handed_in(client, world.task_list, lines)
    assert "新增 1 项" in confirmed(client, world.task_list, preview).content.decode()
    again = confirmed(client, world.task_list, preview).content.decode()
    assert "没有重复新增" in again and Task.objects.count() == 1
    assert "没有重复新增" in handed_in(client, world.task_list, lines).content.decode()


def test_an_archived_list_takes_no_sheet(world: Campaign) -> None:
    task = world.task("draft")
    TaskList.objects.update(state="archived")
    values = {**values_of(task), "title": "改"}
    line = SheetLine(2, task.pk, mark_of(task.task_list_id, task.pk, values_of(task)), values)
    with pytest.raises(StateConflict, match="已归档"):
        import_lines(actor=world.supervisor, at=NOW, task_list=world.task_list, lines=[line], reason="")


@pytest.mark.parametrize("name", ["lead", "viewer", "nobody"])
def test_the_service_asks_who_imports(world: Campaign, name: str) -> None:
    with pytest.raises(PermissionRefused):
        import_lines(
            actor=world.people[name],
            at=NOW + timedelta(days=1),
            task_list=world.task_list,
            lines=[],
            reason="",
        )
