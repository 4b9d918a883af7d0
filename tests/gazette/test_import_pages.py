"""Importing a gazette in the browser: for whom, step by step, and what refuses.

The reader has tests of its own; here it is replaced, so that a page's test
says which records and which doubts it is about.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directives.models import Directive
from events.models import Event
from gazette import tasks, views
from gazette.models import ImportRun
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Annex, ChronicleEntry, Furniture, Gazette, ParseWarning, Task
from gazette.parser.records import Directive as ReadDirective
from gazette.services import imports, start_import
from tests.accounts import browser_of, reads_of_the_page

pytestmark = pytest.mark.django_db
TEXT = "2031年8月大事记\n3日 召开会议。\n## 4日 检查管网。\n— 7 —\n"
Reads = Callable[..., None]


def entry(day: int, text: str, line: int = 2) -> ChronicleEntry:
    return ChronicleEntry(date(2031, 8, day), date(2031, 8, day), day, text, line, line)


ORDINARY: dict[str, Any] = {
    "events": (entry(3, "召开会议。"), entry(4, "检查管网。", 3)),
    "warnings": (ParseWarning(3, "mark", "日期行多了符号"),),
    "furniture": (Furniture(4, "— 7 —"),),
}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Sets what the reader finds in any file from now on."""

    def set_gazette(**content: Any) -> None:
        gazette = Gazette("青河市公报", **content)
        monkeypatch.setattr(imports, "read_text", lambda data, limit_bytes: data.decode())
        monkeypatch.setattr(imports, "parse_gazette", lambda text, vocabulary: gazette)

    set_gazette(**ORDINARY)
    return set_gazette


def upload(client: Client, data: bytes = TEXT.encode(), name: str = "八月公报.txt") -> Any:
    return client.post("/gazette/imports/new/", {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, data: bytes = TEXT.encode()) -> ImportRun:
    response = upload(client, data)
    assert response.status_code == 302, response.content.decode()
    return ImportRun.objects.latest("pk")


def confirm(client: Client, run: ImportRun, **fields: str) -> Any:
    return client.post(f"{run.get_absolute_url()}confirm/", fields, follow=True)


# -- for whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "new/", "{run}/", "{run}/progress/"])
@pytest.mark.parametrize(
    ("role", "status"),
    [("anonymous", 302), (None, 403), ("viewer", 403), ("editor", 200), ("publisher", 200)],
)
def test_imports_are_for_editors(address: str, role: str | None, status: int, reads: Reads) -> None:
    run = start_import(actor=None, name="八月.txt", data=TEXT.encode(), at=timezone.now())
    response = browser_of(role).get("/gazette/imports/" + address.format(run=run.pk))
    assert response.status_code == status
    if status == 302:
        assert response["Location"].startswith("/accounts/login/?next=/gazette/imports/")


@pytest.mark.parametrize("step", ["confirm", "discard"])
@pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("viewer", 403)])
def test_only_editors_confirm_and_discard(step: str, role: str, status: int, reads: Reads) -> None:
    run = uploaded(browser_of("editor"))
    response = browser_of(role).post(f"{run.get_absolute_url()}{step}/", {"accept": "1"})
    assert response.status_code == status
    run.refresh_from_db()
    assert run.state == "preview" and not Event.objects.exists()


@pytest.mark.parametrize("step", ["confirm", "discard"])
def test_a_link_alone_confirms_and_discards_nothing(step: str, reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    assert client.get(f"{run.get_absolute_url()}{step}/").status_code == 405


# -- handing in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "limit", "words"), [(b"", 1000, "文件是空的"), (b"x" * 11, 10, "请分期上传")]
)
def test_an_empty_or_oversized_file_is_refused_with_a_sentence(
    data: bytes, limit: int, words: str, settings: Any, reads: Reads
) -> None:
    settings.UPLOAD_MAX_BYTES = limit
    response = upload(browser_of("editor"), data)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not ImportRun.objects.exists()


def test_forgetting_the_file_is_said() -> None:
    response = browser_of("editor").post("/gazette/imports/new/", {})
    assert response.status_code == 400
    assert "请选择公报文件" in response.content.decode()


def test_a_file_that_cannot_be_read_says_why_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, reads: Reads
) -> None:
    def refuse(text: str, vocabulary: object) -> Gazette:
        raise UnreadableGazette("找不到年份。", 1)

    monkeypatch.setattr(imports, "parse_gazette", refuse)
    client = browser_of("editor")
    run = uploaded(client)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "第 1 行：找不到年份。" in page and "没有写入" in page


def test_a_name_with_markup_is_shown_as_text(reads: Reads) -> None:
    client = browser_of("editor")
    assert upload(client, name="<script>alert(1)</script>.txt").status_code == 302
    page = client.get(ImportRun.objects.get().get_absolute_url()).content.decode()
    assert "<script>alert" not in page


# -- the preview --------------------------------------------------------------------------------


def test_the_preview_writes_nothing_and_shows_doubts_beside_their_lines(reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    response = client.get(run.get_absolute_url())
    page = response.content.decode()
    assert not Event.objects.exists()
    for words in ("日期行多了符号", "## 4日 检查管网。", "2031-08-04", "确认写入 2 条", "未看的存疑照此写入"):
        assert words in page
    (doubt,) = response.context["review"].doubts
    assert doubt.record.label.endswith("检查管网")


def test_what_the_gazette_does_not_give_is_listed(reads: Reads) -> None:
    document = ReadDirective(
        "审核意见",
        "",
        "青河市人民政府",
        None,
        (),
        True,
        "",
        5,
        9,
        annexes=(Annex("附件", "评分表", False, 9),),
    )
    reads(directives=(document,), furniture=(Furniture(4, "— 7 —"),))
    client = browser_of("editor")
    page = client.get(uploaded(client).get_absolute_url()).content.decode()
    for words in ("没有取到的", "评分表", "第 4 行", "1 件未印"):
        assert words in page


def test_a_corrected_edition_shows_what_it_changes_side_by_side(reads: Reads) -> None:
    client = browser_of("editor")
    confirm(client, uploaded(client), accept="1")
    reads(events=(entry(3, "召开大会议。"), entry(4, "检查管网。", 3)))
    response = client.get(uploaded(client).get_absolute_url())
    review = response.context["review"]
    assert (len(review.changed), len(review.unchanged), len(review.new)) == (1, 1, 0)
    assert "<ins>大</ins>" in response.content.decode()


def test_a_day_that_does_not_exist_is_said_to_be_written_nowhere(reads: Reads) -> None:
    warning = ParseWarning(3, "bad_date", "“31日”不是有效的日期，未收录：检查管网。")
    reads(events=(entry(3, "召开会议。"),), warnings=(warning,))
    client = browser_of("editor")
    run = uploaded(client)
    page = client.get(run.get_absolute_url()).content.decode()
    assert ">不写入</span>" in page and "不会成为任何记录" in page and "确认写入 1 条" in page
    confirm(client, run, accept="1")
    assert Event.objects.get().text == "召开会议。"


def test_entries_that_only_move_are_one_line_and_written(reads: Reads) -> None:
    client = browser_of("editor")
    confirm(client, uploaded(client), accept="1")
    moved = [replace(entry(3, "召开会议。"), position=4), replace(entry(4, "检查管网。", 3), position=5)]
    reads(events=tuple(moved))
    run = uploaded(client)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "另有 2 条内容没有变化，只是前后次序随公报顺移" in page
    assert "imp-changed" not in page and "确认写入 2 条" in page
    confirm(client, run, accept="1")
    assert list(Event.objects.order_by("start_date").values_list("position", flat=True)) == [4, 5]


# -- confirming ---------------------------------------------------------------------------------


def test_confirmed_records_become_drafts_and_the_report_counts_them(reads: Reads) -> None:
    reads(
        **ORDINARY,
        directives=(ReadDirective("治水方案", "", "青河市人民政府", date(2031, 8, 1), (), True, "", 5, 9),),
        tasks=(Task("治水方案", "一、管", "（一）旧管", "1", "疏通旧管。", ("住建局",), (), None, "", 7),),
    )
    client = browser_of("editor")
    run = uploaded(client)
    page = confirm(client, run, **{"seen:1": "1"}).content.decode()
    assert set(Event.objects.values_list("publication", flat=True)) == {"draft"}
    directive = Directive.objects.get()
    assert directive.publication == "draft"
    assert directive.task_lists.get().tasks.get().state == "draft"
    assert "公报已写入" in page and "<b>4</b>" in page
    assert browser_of("anonymous").get(directive.get_absolute_url()).status_code == 404


def test_a_doubt_that_nobody_looked_at_holds_the_import_back(reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    response = confirm(client, run)
    assert response.status_code == 409
    assert "还有 1 处存疑未看，未写入任何内容" in response.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("field", ["seen:1", "accept"])
def test_looking_at_each_doubt_or_accepting_them_lets_it_through(field: str, reads: Reads) -> None:
    client = browser_of("editor")
    confirm(client, uploaded(client), **{field: "1"})
    assert Event.objects.count() == 2


@pytest.fixture
def conflict(reads: Reads) -> tuple[Client, ImportRun, Event]:
    """An entry that an editor has changed and that the next edition gives differently."""
    client = browser_of("editor")
    confirm(client, uploaded(client), accept="1")
    event = Event.objects.get(start_date=date(2031, 8, 3))
    Event.objects.filter(pk=event.pk).update(text="召开专题会议。")
    reads(events=(entry(3, "召开大会。"), entry(4, "检查管网。", 3)))
    return client, uploaded(client), event


def test_a_conflict_is_never_decided_beforehand(conflict: tuple[Client, ImportRun, Event]) -> None:
    client, run, event = conflict
    response = client.get(run.get_absolute_url())
    ((record, choice),) = response.context["conflicts"]
    assert (record.key, choice) == (f"event:{event.pk}", "")
    assert "checked" not in response.content.decode()
    refused = confirm(client, run)
    assert refused.status_code == 409
    assert "还有 1 条人工改过的记录没有选择" in refused.content.decode()


@pytest.mark.parametrize(("choice", "text"), [("mine", "召开专题会议。"), ("file", "召开大会。")])
def test_a_conflict_ends_as_the_person_chose(
    choice: str, text: str, conflict: tuple[Client, ImportRun, Event]
) -> None:
    client, run, event = conflict
    confirm(client, run, **{f"decision:event:{event.pk}": choice})
    event.refresh_from_db()
    assert event.text == text


def test_a_choice_that_does_not_exist_is_no_choice(conflict: tuple[Client, ImportRun, Event]) -> None:
    client, run, event = conflict
    assert confirm(client, run, **{f"decision:event:{event.pk}": "both"}).status_code == 409


def test_what_was_chosen_stays_chosen_when_something_else_is_missing(
    conflict: tuple[Client, ImportRun, Event], reads: Reads
) -> None:
    client, _, event = conflict
    reads(events=(entry(3, "召开大会。"),), warnings=(ParseWarning(2, "odd", "存疑"),))
    run = uploaded(client)
    response = confirm(client, run, **{f"decision:event:{event.pk}": "file"})
    assert [choice for _, choice in response.context["conflicts"]] == ["file"]


def test_confirming_twice_writes_once(reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    confirm(client, run, accept="1")
    again = confirm(client, run, accept="1")
    assert "未重复写入" in again.content.decode()
    assert Event.objects.count() == 2


def test_a_preview_that_has_gone_stale_is_made_anew(reads: Reads) -> None:
    client = browser_of("editor")
    one, other = uploaded(client), uploaded(client)
    confirm(client, one, accept="1")
    response = confirm(client, other, accept="1")
    assert "按最新内容重新比对" in response.content.decode()
    assert len(response.context["review"].unchanged) == 2


def test_a_discarded_preview_is_closed_and_wrote_nothing(reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    page = client.post(f"{run.get_absolute_url()}discard/", follow=True).content.decode()
    assert "已放弃，未写入任何内容" in page
    assert "已放弃" in client.get(run.get_absolute_url()).content.decode()
    assert not Event.objects.exists()


# -- large files --------------------------------------------------------------------------------


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was given to the background, which does not run here; every file is large."""
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(views, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(tasks.read_gazette, "delay", lambda *args: given.append(("read", *args)))
    monkeypatch.setattr(tasks.write_gazette, "delay", lambda *args: given.append(("write", *args)))
    return given


def test_a_large_file_is_read_in_the_background_with_its_progress_shown(
    reads: Reads, handed_over: list[tuple[Any, ...]]
) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    assert handed_over == [("read", run.pk)]
    page = client.get(run.get_absolute_url()).content.decode()
    assert "等待开始" in page and "hx-get" in page and "刷新" in page
    assert "HX-Refresh" not in client.get(f"{run.get_absolute_url()}progress/")
    tasks.read_gazette(run.pk)
    assert client.get(f"{run.get_absolute_url()}progress/")["HX-Refresh"] == "true"
    assert "先看存疑" in client.get(run.get_absolute_url()).content.decode()


def test_a_large_file_is_written_in_the_background(reads: Reads, handed_over: list[tuple[Any, ...]]) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    tasks.read_gazette(run.pk)
    page = confirm(client, run, accept="1").content.decode()
    assert "已交后台" in page and not Event.objects.exists()
    name, *arguments = handed_over[-1]
    assert name == "write" and views.is_busy(run)
    tasks.write_gazette(*arguments)
    run.refresh_from_db()
    assert run.state == "done" and not views.is_busy(run)
    assert Event.objects.count() == 2


def test_a_refusal_in_the_background_is_shown_on_the_preview(
    reads: Reads, handed_over: list[tuple[Any, ...]]
) -> None:
    client = browser_of("editor")
    first, second = uploaded(client), uploaded(client)
    for run in (first, second):
        tasks.read_gazette(run.pk)
        confirm(client, run, accept="1")
    for name, *arguments in handed_over:
        if name == "write":
            tasks.write_gazette(*arguments)
    assert "按最新内容重新比对" in client.get(second.get_absolute_url()).content.decode()


def test_the_share_that_is_written_is_shown(reads: Reads) -> None:
    client = browser_of("editor")
    run = uploaded(client)
    ImportRun.objects.filter(pk=run.pk).update(state="writing", progress=0)
    cache.set(imports.progress_key(run.pk), 40)
    assert "40%" in client.get(f"{run.get_absolute_url()}progress/").content.decode()


# -- the list -----------------------------------------------------------------------------------


def test_the_list_names_file_person_and_outcome(reads: Reads) -> None:
    client = browser_of("editor")
    confirm(client, uploaded(client), accept="1")
    page = client.get("/gazette/imports/").content.decode()
    for words in ("八月公报.txt", "a-editor", "已写入", "新增 2"):
        assert words in page


def test_an_empty_list_shows_the_way_on() -> None:
    assert "还没有导入过公报" in browser_of("editor").get("/gazette/imports/").content.decode()


def test_pages_cost_the_same_queries_however_much_there_is(reads: Reads) -> None:
    client = browser_of("editor")
    client.get("/gazette/imports/")  # what all pages share is in the cache from here on

    def cost(number: int) -> list[int]:
        events = tuple(entry(3, f"召开第{n}次会议。", n) for n in range(1, number))
        warnings = tuple(ParseWarning(n, "odd", "存疑") for n in range(1, number))
        reads(events=events, warnings=warnings)
        at = datetime(2031, 9, 1, tzinfo=timezone.get_current_timezone())
        for _ in range(number):
            start_import(actor=None, name="旧.txt", data=TEXT.encode(), at=at)
        run = uploaded(client)
        counts = []
        for address in ("/gazette/imports/", run.get_absolute_url()):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(reads_of_the_page(captured))
        return counts

    few = cost(2)
    assert cost(12) == few
    assert max(few) <= 15


def test_an_import_by_command_has_no_person(reads: Reads) -> None:
    imports.import_texts(
        files=[imports.GazetteFile("九月.txt", TEXT.encode())], actor=None, at=timezone.now()
    )
    page = browser_of("editor").get("/gazette/imports/").content.decode()
    assert "命令行" in page and "a-editor" not in page.split("<main")[1]


def test_the_command_refuses_a_file_above_the_limit_of_the_settings(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    large = imports.GazetteFile("八月.txt", b"a" * (1024 * 1024 + 1))
    with pytest.raises(UnreadableGazette, match="1 MB"):
        imports.import_texts(files=[large], actor=None, at=timezone.now())
