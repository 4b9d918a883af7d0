"""New lists: by hand, from a sheet, from an old list, from a document; looked at first, stored as drafts."""

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from openpyxl import Workbook

from directives.models import Annex, Directive, Section
from foundation.errors import PermissionRefused
from notifications.models import Message
from taskboard.listmaking.duewords import dates_in
from taskboard.listmaking.fromdirective import responsible_in, tasks_of
from taskboard.models import Milestone, Task, TaskList, TaskTarget
from taskboard.services.listmaking import make_list
from tests.factories import DirectiveFactory
from tests.taskboard.campaign import NOW, Campaign, campaign

pytestmark = pytest.mark.django_db
NEW, STORE = "/tasks/lists/new/", "/tasks/lists/new/store/"


# -- dates and departments in sentences: pure ------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "due", "others"),
    [
        ("2022年10月底前完成", "2022-10-31", []),
        ("今年 8 月完成排查，10月底整改到位", "2022-10-31", ["2022-08-31"]),
        ("7月26日前报送", "2022-07-26", []),
        ("年底前销号", "2022-12-31", []),
        ("2023年底前全部销号", "2023-12-31", []),
        ("明年6月30日前", "2023-06-30", []),
        ("8月份完工", "2022-08-31", []),
        ("9月1日起施工，至10月底", "2022-10-31", ["2022-09-01"]),
        ("9月1日开工", None, ["2022-09-01"]),
        ("2月30日前", None, []),
        ("全面排查", None, []),
    ],
)
def test_the_last_date_that_nothing_begins_on_is_the_due_date(
    text: str, due: str | None, others: list[str]
) -> None:
    found = dates_in(text, 2022)
    assert (found.due.on.isoformat() if found.due else None) == due
    assert [other.on.isoformat() for other in found.others] == others


def test_a_bracket_at_the_end_says_who_does_it() -> None:
    said = responsible_in("清理河道。（牵头部门：水务局、住建局；配合单位：电力局，林草局）")
    assert (said.text, said.lead, said.support) == ("清理河道。", ("水务局", "住建局"), ("电力局", "林草局"))
    plain = responsible_in("清理河道（含支流）。")
    assert (plain.text, plain.named) == ("清理河道（含支流）。", False)


def sections(*rows: tuple[int, str, str, str]) -> list[Any]:
    return [
        SimpleNamespace(depth=depth, number=number, heading=heading, text=text)
        for depth, number, heading, text in rows
    ]


def test_sections_become_tasks_under_their_headings() -> None:
    rows = tasks_of(
        sections(
            (1, "一", "治水", ""),
            (2, "（一）", "清河", ""),
            (3, "1", "清淤", "6月底前完成。（牵头部门：市水务局）"),
            (3, "2", "", "保持畅通。（责任单位：水务局；配合单位：水务局、电力局）"),
            (1, "二", "要求", "各单位要重视。"),
        ),
        2023,
        lambda name: name.removeprefix("市"),
    )
    assert [(r.keep, r.values["part"], r.values["subsection"], r.values["number"]) for r in rows] == [
        (True, "一、治水", "（一）清河", "1"),
        (True, "一、治水", "（一）清河", "2"),
        (False, "", "", "二"),
    ]
    first, second, _ = rows
    assert (first.values["title"], first.values["text"]) == ("清淤", "清淤。6月底前完成。")
    assert (first.values["lead"], first.values["due_on"]) == ("水务局", "2023-06-30")
    assert (second.values["lead"], second.values["support"]) == ("水务局", "电力局")


def test_where_nobody_is_named_all_paragraphs_are_proposed() -> None:
    rows = tasks_of(sections((1, "一", "甲", ""), (2, "（一）", "乙", "办好乙。")), 2023, str)
    assert [(r.keep, r.values["title"]) for r in rows] == [(True, "乙")]


# -- in the browser ---------------------------------------------------------------------------------


@pytest.fixture
def world() -> Campaign:
    return campaign()


def client_of(world: Campaign, name: str = "supervisor") -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def posted(page: Any, **typed: str) -> dict[str, str]:
    """What a browser would send from the page: all fields as they stand, then what was typed over."""
    plan, given = page.context["plan"], {"payload": page.context["payload"]}
    for at, row in enumerate(plan.rows):
        if row.keep:
            given[f"keep-{at}"] = "1"
        for name in ("part", "title", "text", "lead", "support", "due_on"):
            given[f"{name}-{at}"] = row.values[name]
    head = page.context["head"]
    for name in ("title", "ends_on", "directive", "note"):
        value = head[name].value()
        given[name] = "" if value is None else str(value)
    return {**given, **typed}


def started(client: Client, origin: str, **given: Any) -> Any:
    response = client.post(NEW, {"origin": origin, **given})
    assert response.status_code == 200, response.content.decode()[-2000:]
    return response


def test_a_list_by_hand_is_a_draft_that_starts_no_clock(world: Campaign) -> None:
    client = client_of(world)
    page = started(client, "hand", rows="2")
    typed = {
        "title": "春季行动",
        "ends_on": "2023-06-30",
        "title-0": "清沟",
        "lead-0": "水务局",
        "support-0": "电力局，林草局",
        "text-1": "更换老化阀门，排查管网。",
        "lead-1": "水务局",
        "due_on-1": "2023-05-31",
    }
    response = client.post(STORE, posted(page, **typed), follow=True)
    made = TaskList.objects.get(title="春季行动")
    assert "已建立清单，2 项任务，未下发" in response.content.decode()
    assert (made.state, made.origin, made.made_by) == ("draft", "hand", world.supervisor)
    first, second = made.tasks.all()
    assert [d.department.name for d in first.supporters] == ["电力局", "林草局"]
    assert (first.state, first.due_on, second.title) == ("draft", None, "更换老化阀门")
    assert second.due_on == date(2023, 5, 31)
    assert not Message.objects.exists()


def test_more_rows_keep_what_was_typed(world: Campaign) -> None:
    client = client_of(world)
    page = started(client, "hand", rows="1")
    more = client.post(STORE, posted(page, **{"title": "行动", "title-0": "清沟", "more": "1"}))
    rows = more.context["plan"].rows
    assert [row.values["title"] for row in rows] == ["清沟", "", "", "", "", ""]
    assert more.context["head"]["title"].value() == "行动"
    assert not TaskList.objects.filter(title="行动").exists()


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"title-0": "清沟", "lead-0": "无此局"}, "没有“无此局”这个部门"),
        ({"title-0": "清沟"}, "请填写牵头部门"),
        ({}, "请至少填写并勾选一项任务"),
        ({"title": "", "title-0": "清沟", "lead-0": "水务局"}, "请写明清单标题"),
        ({"title": "清沟行动", "title-0": "清沟", "lead-0": "水务局"}, "已有一份“清沟行动”"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    world: Campaign, typed: dict[str, str], error: str
) -> None:
    client = client_of(world)
    page = started(client, "hand", rows="1")
    response = client.post(STORE, posted(page, **{"title": "新行动", **typed}))
    assert response.status_code in {400, 409}
    assert error in response.content.decode()
    assert TaskList.objects.count() == 1


def test_a_left_out_row_is_not_stored_and_not_asked(world: Campaign) -> None:
    client = client_of(world)
    page = started(client, "hand", rows="2")
    given = posted(
        page,
        **{"title": "行动", "title-0": "清沟", "lead-0": "水务局", "title-1": "错的", "lead-1": "无此局"},
    )
    del given["keep-1"]
    client.post(STORE, given)
    assert [t.title for t in TaskList.objects.get(title="行动").tasks.all()] == ["清沟"]


def test_an_old_list_is_copied_with_dates_shifted(world: Campaign) -> None:
    task = world.task("closed", title="清沟", due_on=date(2023, 5, 31), due_text="5月底")
    Milestone.objects.create(task=task, kind="start", on=date(2023, 3, 1), printed="3月1日")
    TaskTarget.objects.create(task=task, name="长度", value="120.5", unit="米")
    world.task("issued", title="无自己时限")
    client = client_of(world)
    page = started(client, "template", source=world.task_list.pk, ends_on="2024-10-31")
    assert page.context["plan"].title == "清沟行动（新）"
    client.post(STORE, posted(page))
    made = TaskList.objects.get(title="清沟行动（新）")
    first, second = made.tasks.all()
    # 366 days: the leap day lies between the two ends.
    assert (first.due_on, first.due_text, first.state) == (date(2024, 5, 31), "", "draft")
    assert [(m.on, m.kind) for m in first.milestones.all()] == [(date(2024, 3, 1), "start")]
    assert [(t.name, t.unit) for t in first.targets.all()] == [("长度", "米")]
    assert (second.due_on, made.ends_on, made.origin) == (None, date(2024, 10, 31), "template")
    assert [d.department.name for d in first.leads] == ["水务局"]


def test_an_endless_list_wants_the_days(world: Campaign) -> None:
    world.task("draft", due_on=date(2023, 5, 31))
    TaskList.objects.update(ends_on=None)
    client = client_of(world)
    given = {"origin": "template", "source": world.task_list.pk, "ends_on": "2024-10-31"}
    response = client.post(NEW, given)
    assert response.status_code == 400 and "请填写顺延天数" in response.content.decode()
    page = started(client, "template", **{k: v for k, v in given.items() if k != "origin"}, shift="7")
    assert page.context["plan"].rows[0].values["due_on"] == "2023-06-07"


def sheet(*lines: list[Any]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(out)
    return SimpleUploadedFile("夏季行动.xlsx", out.getvalue())


def test_a_sheet_becomes_a_list(world: Campaign) -> None:
    client = client_of(world)
    upload = sheet(
        ["编号", "校验码", "任务", "牵头部门", "完成时限"],
        [7, "abc", "清沟", "水务局", date(2023, 7, 1)],
        [None, None, "换阀", "无此局", "七月"],
    )
    page = started(client, "sheet", file=upload)
    shown = page.content.decode()
    assert "没有“无此局”这个部门" in shown and "完成时限应为日期" in shown
    response = client.post(STORE, posted(page))
    assert response.status_code == 400 and not TaskList.objects.filter(title="夏季行动").exists()
    client.post(STORE, posted(page, **{"lead-1": "电力局", "due_on-1": "2023-07-31"}))
    made = TaskList.objects.get(title="夏季行动")
    assert [t.title for t in made.tasks.all()] == ["清沟", "换阀"] and made.origin == "sheet"


@pytest.fixture
def document() -> Directive:
    directive: Directive = DirectiveFactory(title="关于治水的通知", issued_on=date(2023, 4, 1), number="")
    annex = Annex.objects.create(directive=directive, order=1, title="任务清单")
    rows = (
        (None, 1, "一", "总体要求", "各单位要重视。"),
        (annex, 1, "一", "治水", ""),
        (annex, 2, "（一）", "清淤", "6月底前完成。（牵头部门：水务局；配合部门：电力局）"),
        (annex, 2, "（二）", "护岸", "（牵头部门：无此局）"),
    )
    for order, (held, depth, number, heading, text) in enumerate(rows, start=1):
        Section.objects.create(
            directive=directive,
            annex=held,
            order=order,
            depth=depth,
            number=number,
            heading=heading,
            text=text,
            anchor=f"s{order}",
        )
    return directive


def test_an_annex_becomes_a_list(world: Campaign, document: Directive) -> None:
    client = client_of(world, "editor")
    page = started(client, "directive", directive=document.pk)
    assert "没有“无此局”这个部门" in page.content.decode()
    response = client.post(STORE, posted(page, **{"lead-1": "林草局", "due_on-0": "2023-07-15"}), follow=True)
    assert response.status_code == 200
    made = TaskList.objects.get(directive=document)
    first, second = made.tasks.all()
    assert (first.title, first.part, first.due_on, first.due_text) == (
        "清淤",
        "一、治水",
        date(2023, 7, 15),
        "",
    )
    assert [d.department.name for d in second.leads] == ["林草局"]
    assert (made.origin, made.state, made.title) == ("directive", "draft", "关于治水的通知任务清单")


def test_the_body_can_be_chosen_instead(world: Campaign, document: Directive) -> None:
    page = started(client_of(world), "directive", directive=document.pk, scope="body")
    assert [row.values["title"] for row in page.context["plan"].rows] == ["总体要求"]


@pytest.mark.parametrize(
    ("origin", "said"), [("gazette", "公报原文还没有导入"), ("portal", "这份文件没有正文和附件")]
)
@pytest.mark.parametrize("heading_only", [False, True])
def test_a_document_without_text_says_why_and_what_to_do(
    world: Campaign, origin: str, said: str, heading_only: bool
) -> None:
    client = client_of(world)
    empty = DirectiveFactory(title="空", origin=origin, source="")
    if heading_only:
        Section.objects.create(directive=empty, order=1, depth=1, heading="治水", text="", anchor="s1")
    response = client.post(NEW, {"origin": "directive", "directive": empty.pk})
    page = response.content.decode()
    assert response.status_code == 400 and said in page and "手工建立" in page


def test_a_draft_document_is_not_offered_to_who_may_not_read_it(world: Campaign) -> None:
    hidden = DirectiveFactory(title="未发布", publication="draft")
    response = client_of(world).post(NEW, {"origin": "directive", "directive": hidden.pk})
    assert response.status_code == 400


def test_an_altered_or_foreign_page_stores_nothing(world: Campaign) -> None:
    page = started(client_of(world), "hand", rows="1")
    typed = posted(page, **{"title": "行动", "title-0": "清沟", "lead-0": "水务局"})
    for client, given in (
        (client_of(world, "editor"), typed),
        (client_of(world), {**typed, "payload": typed["payload"][:-1] + "x"}),
    ):
        page = client.post(STORE, given, follow=True)
        assert "没有建立清单" in page.content.decode()
    assert TaskList.objects.count() == 1


@pytest.mark.parametrize("name", ["lead", "head", "viewer", "nobody"])
def test_who_keeps_no_lists_makes_none(world: Campaign, name: str) -> None:
    assert client_of(world, name).get(NEW).status_code == 403
    with pytest.raises(PermissionRefused):
        make_list(actor=world.people[name], at=NOW, origin=TaskList.Origin.HAND, title="行动", rows=[])


def test_the_real_annex_gives_the_tasks_that_the_gazette_lists(shared_folder: Path) -> None:
    """The reader of gazettes and the sections of the document agree on tasks and departments."""
    call_command("load_fixtures", verbosity=0)
    (seed,) = (shared_folder / "seeds").glob("000_*.txt")
    call_command("import_gazette", str(seed), verbosity=0)
    found = TaskList.objects.exclude(directive=None).order_by("-tasks__pk").first()
    assert found is not None
    own = {**{d.name: d.name for t in found.tasks.all() for d in t.departments.all()}}
    rows = tasks_of(
        list(Section.objects.filter(directive=found.directive, annex__isnull=False).order_by("order")),
        2022,
        lambda name: own.get(name, name),
    )
    kept = [row for row in rows if row.keep]
    assert len(kept) == Task.objects.filter(task_list=found).count() == 107
