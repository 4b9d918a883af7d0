"""A sheet comes back into a ledger: what is wrong is said line by line, nothing is written twice."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from organizations.models import Role
from taskboard.ledgers.cells import Column
from taskboard.ledgers.sheets import MOST_ROWS, Known, SheetRow, read_sheet
from taskboard.models.ledgers import LedgerRow
from taskboard.services.ledgers import change_row, import_rows
from tests.taskboard.ledgerworld import AT, entry, land_ledger, member, signed_entry, unit

pytestmark = pytest.mark.django_db
COLUMNS = (Column("c1", "项目名称"), Column("c2", "占用面积", "number", "亩"))
HEAD = ["编号", "版次", "项目名称", "占用面积（亩）", "批复时间", "类型"]


def sheet(*lines: list[Any], head: list[str] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    page = book.worksheets[0]
    for line in (head or HEAD, *lines):
        page.append(line)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("台账.xlsx", out.getvalue())


def browser(role: str = "department_officer", department: str = "甲局") -> Client:
    client = Client()
    client.force_login(member(role, department))
    return client


def handed_in(client: Client, ledger: Any, upload: SimpleUploadedFile) -> Any:
    posted = {"department": unit().pk, "file": upload}
    return client.post(f"/tasks/ledgers/{ledger.pk}/import/", posted)


def confirmed(client: Client, ledger: Any, preview: Any) -> Any:
    payload = preview.context["payload"]
    return client.post(f"/tasks/ledgers/{ledger.pk}/import/confirm/", {"payload": payload}, follow=True)


# -- the pure core ------------------------------------------------------------------------------


def known(**values: Any) -> dict[int, Known]:
    row: dict[str, Any] = {"department": 1, "state": "draft", "version": 3}
    row["values"] = {"c1": "甲厂", "c2": "5"}
    return {7: Known(**{**row, **values})}


@pytest.mark.parametrize(
    ("line", "on_record", "error"),
    [
        (["", "", "", "5"], {}, "请填写项目名称。"),
        (["", "", "乙厂", "多"], {}, "占用面积应为数值"),
        (["", "", "乙厂", "\0formula"], {}, "占用面积是公式"),
        (["x", "1", "乙厂", "5"], {}, "编号应为导出时的数字"),
        (["7", "3", "乙厂", "6"], {"department": 2}, "不是本单位"),
        (["8", "3", "乙厂", "6"], {}, "不是本单位"),
        (["7", "3", "乙厂", "6"], {"state": "signed"}, "已签字"),
        (["7", "2", "乙厂", "6"], {}, "在导出之后被改过"),
        (["7", "", "乙厂", "6"], {}, "在导出之后被改过"),
        (["", "", "甲厂", "5.0"], {}, "完全相同"),
    ],
)
def test_what_is_wrong_with_a_line(line: list[str], on_record: dict[str, Any], error: str) -> None:
    head = ["编号", "版次", "项目名称", "占用面积"]
    preview = read_sheet([head, line], COLUMNS, known(**on_record), 1)
    (row,) = preview.rows
    assert len(row.errors) == 1 and error in row.errors[0]
    assert row.line == 2 and preview.good == []


def test_lines_without_a_difference_are_counted_and_left_alone() -> None:
    head = ["编号", "版次", "项目名称", "占用面积（亩）"]
    lines = [head, ["7", "2", "甲厂", "5.00"], [], ["", "", "乙厂", ""]]
    preview = read_sheet(lines, COLUMNS, known(state="signed"), 1)
    assert preview.unchanged == 1
    assert [(row.line, row.number, row.values) for row in preview.good] == [(4, None, {"c1": "乙厂"})]


def test_a_number_that_stands_twice_is_refused_the_second_time() -> None:
    head = ["编号", "版次", "项目名称", "占用面积"]
    lines = [head, ["7", "3", "乙厂", "6"], ["7", "3", "丙厂", "6"]]
    preview = read_sheet(lines, COLUMNS, known(), 1)
    assert [row.errors for row in preview.rows] == [(), ("编号 7 在表中出现了两次。",)]


def test_the_heading_must_hold_the_columns_once() -> None:
    with pytest.raises(InvalidInput, match="占用面积（亩）"):
        read_sheet([["项目名称"]], COLUMNS, {}, 1)
    with pytest.raises(InvalidInput, match="出现了两次"):
        read_sheet([["项目名称", "项目名称", "占用面积"]], COLUMNS, {}, 1)
    with pytest.raises(InvalidInput, match="空的"):
        read_sheet([], COLUMNS, {}, 1)


# -- in the browser -----------------------------------------------------------------------------


def test_a_sheet_is_looked_at_before_it_is_written() -> None:
    ledger, client = land_ledger(), browser()
    upload = sheet(
        ["", "", "乙厂", 12.5, date(2022, 8, 1), "厂房"], ["", "", "丙厂", "约三亩", "去年", "空地"]
    )
    preview = handed_in(client, ledger, upload)
    page = preview.content.decode()
    assert preview.status_code == 200 and not LedgerRow.objects.exists()
    assert "写入 1 行，跳过 1 行" in page
    assert "占用面积应为数值，现在是“约三亩”。" in page and "批复时间应为日期" in page
    after = confirmed(client, ledger, preview).content.decode()
    row = LedgerRow.objects.get()
    assert "新增 1 条，修改 0 条" in after
    assert row.values == {"c1": "乙厂", "c2": "12.5", "c3": "2022-08-01", "c4": "厂房"}
    assert row.department == unit() and row.state == "draft"


def test_pressing_confirm_twice_writes_once() -> None:
    ledger, client = land_ledger(), browser()
    preview = handed_in(client, ledger, sheet(["", "", "乙厂", 1, "", ""]))
    confirmed(client, ledger, preview)
    again = confirmed(client, ledger, preview).content.decode()
    assert "没有重复登记" in again and LedgerRow.objects.count() == 1


def test_an_export_comes_back_as_changes() -> None:
    ledger, client = land_ledger(), browser()
    row, other = entry(ledger, "甲厂", c2="3"), entry(ledger, "乙厂", c2="4", c3="2022-08-01")
    export = client.get(f"/tasks/ledgers/{ledger.pk}/rows.xlsx").content
    book = load_workbook(io.BytesIO(export))
    book.worksheets[0]["D2"] = 3.25
    out = io.BytesIO()
    book.save(out)
    preview = handed_in(client, ledger, SimpleUploadedFile("台账.xlsx", out.getvalue()))
    assert "修改编号" in preview.content.decode()
    assert preview.context["preview"].unchanged == 1
    assert "新增 0 条，修改 1 条" in confirmed(client, ledger, preview).content.decode()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.values["c2"], row.version, other.version) == ("3.25", 2, 1)
    assert [event.action for event in row.events.order_by("pk")] == ["add", "change"]


def test_a_formula_is_never_read() -> None:
    ledger, client = land_ledger(), browser()
    preview = handed_in(client, ledger, sheet(["", "", "乙厂", "=1+1", "", ""]))
    assert "占用面积是公式" in preview.content.decode()
    assert "没有可以写入的行" in preview.content.decode()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b""), "空的"),
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken"), "文件"),
        (SimpleUploadedFile("a.csv", "项目名称\n乙厂".encode()), "请选择 Excel 表格"),
        (sheet(head=["别的"]), "第一行缺少表头"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(upload: SimpleUploadedFile, sentence: str) -> None:
    upload.seek(0)
    response = handed_in(browser(), land_ledger(), upload)
    assert response.status_code == 400
    assert sentence in response.content.decode() and 'role="alert"' in response.content.decode()


@pytest.mark.parametrize(("lines", "status"), [(MOST_ROWS, 200), (MOST_ROWS + 1, 400)])
def test_how_long_a_sheet_may_be(lines: int, status: int) -> None:
    upload = sheet(*(["", "", f"厂{n}", n, "", ""] for n in range(lines)))
    assert handed_in(browser(), land_ledger(), upload).status_code == status


@pytest.mark.parametrize("role", [*Role])
def test_who_may_import(role: Role) -> None:
    ledger = land_ledger()
    rows = [SheetRow(2, None, 0, {"c1": "乙厂"})]
    allowed = role in (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)
    common: dict[str, Any] = {"at": AT, "ledger": ledger, "department": unit(), "rows": rows}
    assert browser(role).get(f"/tasks/ledgers/{ledger.pk}/import/").status_code == (200 if allowed else 403)
    if allowed:
        assert import_rows(actor=member(role), **common) == (1, 0)
    else:
        with pytest.raises(PermissionRefused):
            import_rows(actor=member(role), **common)


def test_one_line_that_fails_keeps_all_back() -> None:
    ledger = land_ledger()
    row = entry(ledger)
    change_row(actor=member("department_officer"), at=AT, row=row, values={"c1": "丁厂"})
    rows = [SheetRow(2, None, 0, {"c1": "乙厂"}), SheetRow(3, row.pk, 1, {"c1": "丙厂"})]
    with pytest.raises(StateConflict, match="第 3 行"):
        import_rows(actor=member("department_officer"), at=AT, ledger=ledger, department=unit(), rows=rows)
    assert list(LedgerRow.objects.values_list("title", flat=True)) == ["丁厂"]


def test_a_sheet_does_not_touch_what_is_signed_or_of_others() -> None:
    ledger = land_ledger()
    signed, other = signed_entry(ledger), entry(ledger, "乙厂", "乙局")
    for row in (signed, other):
        rows = [SheetRow(2, row.pk, row.version, {"c1": "丙厂"})]
        with pytest.raises((StateConflict, InvalidInput), match="第 2 行"):
            import_rows(
                actor=member("department_officer"), at=AT, ledger=ledger, department=unit(), rows=rows
            )
        row.refresh_from_db()
        assert row.title != "丙厂"


def test_a_preview_is_written_only_by_whom_and_where_it_was_made() -> None:
    ledger, other = land_ledger(), land_ledger(title="另一台账")
    preview = handed_in(browser(), ledger, sheet(["", "", "乙厂", 1, "", ""]))
    assert "不是为这本台账做的" in confirmed(browser(), other, preview).content.decode()
    assert "不是为这本台账做的" in confirmed(browser("department_head"), ledger, preview).content.decode()
    spoiled = browser().post(f"/tasks/ledgers/{ledger.pk}/import/confirm/", {"payload": "x"}, follow=True)
    assert "预览已经过期" in spoiled.content.decode()
    assert not LedgerRow.objects.exists()
