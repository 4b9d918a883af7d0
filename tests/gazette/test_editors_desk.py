"""The editors' desk: doubtful lines first, then drafts, then what waits for a signature."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from directives.models import Directive, DirectiveCorrection, StatusChange
from events.models import Event
from events.services import add_correction, save_event
from foundation.services.audit import record_change
from foundation.services.revisions import Writing
from gazette.models import ImportRun
from gazette.names.merging import propose_merge
from gazette.services import import_texts
from gazette.services.imports import GazetteFile
from gazette.services.issues import create_issue, step_issue
from tests.accounts import browser_of, person, reads_of_the_page
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
DESK = reverse("gazette:desk")


def page_of(role: str, **query: Any) -> str:
    return browser_of(role).get(DESK, query).content.decode()


def written_by(role: str, state: str, title: str, model: Any = EventFactory) -> Event | Directive:
    record: Event | Directive = model(publication=state, title=title)
    name = record._meta.model_name
    record_change(actor=person(role), action=f"{name}.create", target=record, at=AT)
    record_change(actor=person("publisher"), action=f"{name}.return", target=record, at=AT)
    return record


def preview(**report: Any) -> ImportRun:
    return ImportRun.objects.create(
        file_name="八月公报.txt",
        sha256=str(ImportRun.objects.count()) * 64,
        size=9,
        created_at=AT,
        state="done" if report else "preview",
        report=report,
        preview={
            "warnings": [{"line": 12, "code": "bad_date", "message": "日期读不出"}],
            "records": [{"status": "conflict", "line": 3, "label": "召开大会"}, {"status": "new"}],
        },
    )


def test_doubtful_lines_stand_first_then_drafts_then_reviews() -> None:
    preview()
    written_by("editor", "draft", "写了一半的条目")
    written_by("editor", "review", "写完的条目")
    page = page_of("editor")
    places = [page.index(words) for words in ("日期读不出", "写了一半的条目", "写完的条目")]
    assert places == sorted(places)
    assert "第 12 行：" in page and "人工改过，公报又有不同" in page


def test_what_a_written_import_left_open_is_doubtful_until_it_is_settled() -> None:
    run = preview(
        conflicts=["召开大会"], blocked=["召开例会"], unresolved=[{"line": 4, "message": "有同名者"}]
    )
    page = page_of("editor", queue="doubts")
    assert all(words in page for words in ("召开大会", "召开例会", "第 4 行：", "有同名者"))
    ImportRun.objects.create(
        file_name="八月公报.txt",
        sha256=run.sha256,
        size=9,
        created_at=AT,
        state="done",
        report={"updated": 1},
    )
    assert "有同名者" not in page_of("editor", queue="doubts")


def test_every_kind_of_what_waits_is_there_and_leads_to_its_page() -> None:
    published, document = (
        EventFactory(text="甲会议召开。", title="改文字的条目"),
        DirectiveFactory(title="旧文件"),
    )
    writing = Writing(person("editor"), AT, "订正", submits=True)
    save_event(actor=person("editor"), event=published, content={"text": "乙会议召开。"}, writing=writing)
    noticed = EventFactory(text="青合市开会。", title="有误印的条目")
    add_correction(
        actor=person("editor"), at=AT, event=noticed, printed="青合市", corrected="青河市", note="",
        made_on=date(2031, 9, 1),
    )  # fmt: skip
    written_by("editor", "review", "新文件", DirectiveFactory)
    proposed = {"standing": "proposed", "proposed_by": person("editor"), "proposed_at": AT}
    StatusChange.objects.create(
        directive=document, status="repealed", effective_on=date(2031, 9, 1), **proposed
    )
    DirectiveCorrection.objects.create(
        directive=document, printed="甲", corrected="乙", made_on=date(2031, 9, 1), **proposed
    )
    page = page_of("publisher", queue="reviews")
    kinds = ("条目更正稿", "条目更正", "政策文件", "文件更正", "有效性变更")
    assert all(f">{kind}</span>" in page for kind in kinds)
    assert published.get_absolute_url() in page
    assert reverse("events:corrections", args=[noticed.pk]) in page
    assert "等我签发 5" in page and "我提交的 5" in page_of("editor")


def test_issues_and_merges_wait_there_too() -> None:
    months = {"first_month": date(2031, 7, 1), "last_month": date(2031, 8, 1)}
    given: Any = {"actor": person("editor"), "at": AT, "title": "青河市公报", "year": 2031, **months}
    making, handed_in = (create_issue(number=number, **given) for number in (3, 4))
    step_issue(actor=person("editor"), at=AT, issue=handed_in, step="submit")
    merge = propose_merge(
        actor=person("editor"),
        at=AT,
        source=DepartmentFactory(name="粮食局"),
        target=DepartmentFactory(name="发改委"),
        reason="机构改革方案",
    )
    page = page_of("publisher", queue="reviews")
    assert "青河市公报2031年第4期" in page and handed_in.get_absolute_url() in page
    assert "粮食局 并入 发改委" in page and reverse("gazette:merge", args=[merge.pk]) in page
    assert "等我签发 2" in page and "2031年第3期" not in page
    page = page_of("editor", queue="drafts", whose="mine", kind="issue")
    assert "青河市公报2031年第3期" in page and making.get_absolute_url() in page and "第4期" not in page
    table = browser_of("editor").get(reverse("gazette:desk_csv")).content.decode()
    assert "部门合并,粮食局 并入 发改委" in table


def test_mine_to_write_and_mine_to_sign() -> None:
    written_by("editor", "draft", "编辑的草稿"), written_by("publisher", "draft", "签发人的草稿")
    written_by("editor", "review", "编辑的稿"), written_by("publisher", "review", "签发人的稿")
    page = page_of("editor", queue="drafts", whose="mine")
    assert "编辑的草稿" in page and "签发人的草稿" not in page
    page = page_of("publisher", queue="reviews", whose="others")
    assert "编辑的稿" in page and "签发人的稿" not in page and "等我签发 1" in page


def test_it_filters_by_word_and_kind_and_sorts() -> None:
    written_by("editor", "draft", "防汛会议"), written_by("editor", "draft", "抗旱会议")
    written_by("editor", "draft", "防汛预案", DirectiveFactory)
    page = page_of("editor", queue="drafts", q="防汛")
    assert "防汛会议" in page and "防汛预案" in page and "抗旱会议" not in page
    page = page_of("editor", queue="drafts", kind="directive")
    assert "防汛预案" in page and "防汛会议" not in page
    page = page_of("editor", queue="drafts", sort="moved_at")
    assert page.index("防汛会议") < page.index("防汛预案")
    assert "没有符合条件的事项" in page_of("editor", queue="drafts", q="没有的词")
    assert page_of("editor", queue="无", sort="无", kind="无", whose="无", page="x")


def test_it_pages() -> None:
    for number in range(31):
        written_by("editor", "draft", f"第{number:02}件草稿")
    assert "第 1 / 2 页，共 31 条" in page_of("editor", queue="drafts")
    assert "第00件草稿" in page_of("editor", queue="drafts", page=2)
    assert "其余 23 件" in page_of("editor")


def test_an_empty_desk_says_what_would_fill_it() -> None:
    page = page_of("editor")
    assert all(words in page for words in ("没有存疑。", "没有草稿。", "没有待签发的。"))


def test_it_is_handed_out_as_a_table() -> None:
    written_by("editor", "draft", "防汛会议")
    preview()
    client = browser_of("editor")
    table = client.get(reverse("gazette:desk_csv")).content.decode()
    assert "草稿,大事记条目,防汛会议," in table
    table = client.get(reverse("gazette:desk_csv"), {"queue": "doubts"}).content.decode()
    assert "八月公报.txt,12,存疑,日期读不出" in table


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), ("viewer", 403), ("editor", 200), ("publisher", 200)]
)
def test_who_may_use_it(role: str, status: int) -> None:
    client = browser_of(role)
    assert {client.get(reverse(f"gazette:{name}")).status_code for name in ("desk", "desk_csv")} == {status}
    assert (DESK in client.get("/").content.decode()) == (status == 200)


def test_it_costs_the_same_however_much_waits() -> None:
    def cost() -> int:
        client: Client = browser_of("publisher")
        client.get(DESK)
        with CaptureQueriesContext(connection) as captured:
            client.get(DESK)
        return reads_of_the_page(captured)

    written_by("editor", "draft", "甲"), written_by("editor", "review", "乙"), preview()
    before = cost()
    for number in range(4):
        written_by("editor", "draft", f"甲{number}"), written_by("editor", "review", f"乙{number}"), preview()
    assert cost() == before <= 15


def test_doubts_of_an_import_by_command_wait_on_the_desk_until_somebody_has_looked_at_them(
    settings: Any, tmp_path: Path
) -> None:
    options = {**settings.STORAGES["default"]["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    text = "本期责任编辑：陆平\n\n# 2031年8月大事记\n\n**1日** 青河市召开例会。\n"
    file = GazetteFile("八月.txt", text.encode())
    import_texts(files=[file], actor=None, at=timezone.now())
    run = ImportRun.objects.get()
    page = page_of("editor", queue="doubts")
    assert "未经核对" in page and "第 1 行：" in page and "本期责任编辑" in page
    editor = browser_of("editor")
    assert "逐处核对" in editor.get(run.get_absolute_url()).content.decode()
    editor.post(reverse("gazette:import_again", args=[run.pk]))
    again = ImportRun.objects.latest("pk")
    assert again.state == "preview"
    editor.post(reverse("gazette:import_confirm", args=[again.pk]), {"accept": "1"})
    assert "本期责任编辑" not in page_of("editor", queue="doubts")
