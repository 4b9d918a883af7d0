"""The same gazette as text, web page, Word file and PDF gives the same records."""

import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.management import call_command
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gazette.parser import parse_gazette, to_json
from gazette.parser.records import Vocabulary
from gazette.sources import read_text
from printing import render_pdf
from tests.gazette.sources.samples import RUNNING_HEAD, SAMPLE, as_docx, as_html, as_pdf

SITE = """<nav><a href="/">首页</a></nav><script>document.write("2日 假的条目。")</script>
<div style="display:none">3日 看不见的条目。</div><article>{}</article><footer>版权所有</footer>"""
SEED = Path("seeds", "000_12842e03b5917e95.txt")


def without_places(value: Any, *, spaces: bool = True) -> Any:
    """Records without the lines on which they stand; on paper a space at the end of a line is lost."""
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key not in ("line", "last_line", "furniture")}
        return {key: without_places(item, spaces=spaces) for key, item in kept.items()}
    if isinstance(value, list | tuple):
        return [without_places(item, spaces=spaces) for item in value]
    return re.sub(r"\s", "", value) if isinstance(value, str) and not spaces else value


def records_of(data: bytes, *, spaces: bool = True) -> Any:
    vocabulary = Vocabulary(departments={"住建局": "住建局", "水利局": "水利局"})
    return without_places(to_json(parse_gazette(read_text(data), vocabulary)), spaces=spaces)


def test_the_sample_holds_entries_and_a_document_with_all_its_parts() -> None:
    records = records_of(SAMPLE.encode())
    assert len(records["events"]) == 3 and records["warnings"] == []
    (document,) = records["directives"]
    assert document["number"] == "青政办发〔2023〕18号" and document["release_note"] == "此件公开发布"
    assert len(document["sections"]) == 8 and len(document["rosters"][0]["members"]) == 4
    assert len(document["stages"]) == 2 and len(document["citations"]) >= 2


@pytest.mark.parametrize(
    "data",
    [
        SAMPLE.encode("gb18030"),
        SAMPLE.encode("utf-16"),
        SAMPLE.replace("\n", "\r\n").encode("utf-8-sig"),
        as_html().encode(),
        as_html(charset="gb2312").encode("gb18030"),
        as_html(charset="utf-8").encode("gb18030"),
        as_html(around=SITE).encode(),
        ('<?xml version="1.0" encoding="utf-8"?>\n' + as_html()).encode(),
        as_docx(),
    ],
    ids=["gb18030", "utf-16", "crlf", "html", "html-gb", "html-says-utf8", "site", "xhtml", "docx"],
)
def test_every_kind_of_file_gives_the_records_of_the_plain_text(data: bytes) -> None:
    assert records_of(data) == records_of(SAMPLE.encode())


def test_a_pdf_gives_them_too_without_running_heads_and_page_numbers() -> None:
    pdf = as_pdf()
    assert records_of(pdf, spaces=False) == records_of(SAMPLE.encode(), spaces=False)
    text = read_text(pdf)
    assert text.count(RUNNING_HEAD) <= 1 and "— 1 —" not in text and "— 2 —" not in text


def test_the_name_of_the_gazette_in_a_running_head_becomes_the_source() -> None:
    assert parse_gazette(read_text(as_pdf()), Vocabulary()).title == "《青河市人民政府公报》"


def test_a_paragraph_cut_by_the_end_of_a_page_is_one_again() -> None:
    long = (
        f"**9日** 青河市召开会议，{'研究部署下半年重点任务，听取各单位进展情况汇报，' * 60}会议强调抓好落实。"
    )
    text = f"# 2023年8月大事记\n\n{long}\n\n**10日** 青河市开展检查。\n"
    pdf = as_pdf(text)
    first, second = records_of(pdf)["events"]
    assert first["text"] == long.removeprefix("**9日** ") and second["text"] == "青河市开展检查。"


def test_a_draft_across_the_page_and_heads_that_differ_do_not_get_into_the_text() -> None:
    page = as_html().replace(
        "<body>", '<body data-running="大事记 · 2023年8月"><div class="watermark">草稿</div>'
    )
    text = read_text(render_pdf(page))
    assert "草稿" not in text and "大事记 · 2023年8月" not in text


def test_two_columns_are_read_one_after_the_other() -> None:
    page = as_html().replace("<style>", "<style>body { columns: 2; column-gap: 12mm; font-size: 10pt }")
    text = "".join(read_text(render_pdf(page)).split())
    order = ["防汛工作调度会", "群众文化节", "逐一提出整改要求", "青政办发", "各单位摸清底数", "层层压实责任"]
    places = [text.find(words) for words in order]
    assert -1 not in places and places == sorted(places)


def test_rows_of_a_table_are_lines_and_deleted_words_are_gone() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("职务", "姓名", "组长", "林海"), strict=True
    ):
        cell.text = text
    paragraph = document.add_paragraph("留下的字")
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删去的字</w:delText></w:r></w:del>")
    )
    made = io.BytesIO()
    document.save(made)
    assert [line for line in read_text(made.getvalue()).split("\n") if line] == [
        "职务  姓名",
        "组长  林海",
        "留下的字",
    ]
    head, row = "<tr><th>职务</th><th>姓名</th></tr>", "<tr><td>组长</td><td><b>林海</b></td></tr>"
    page = f"<html><body><table>{head}{row}</table></body></html>"
    assert [line for line in read_text(page.encode()).split("\n") if line] == ["职务  姓名", "组长  林海"]


def test_numbers_that_word_counts_by_itself_are_written_out() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(
            (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
        )
    )
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for depth, text in (
        (0, "总体要求"),
        (1, "分工"),
        (2, "每日报告"),
        (2, "每周汇总"),
        (1, "督查"),
        (0, "保障"),
    ):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
        )
    made = io.BytesIO()
    document.save(made)
    assert [line for line in read_text(made.getvalue()).split("\n") if line] == [
        "一、总体要求", "（一）分工", "1.每日报告", "2.每周汇总", "（二）督查", "二、保障",
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_command_reads_every_kind_by_its_first_bytes_and_not_by_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for data in (SAMPLE.encode(), as_docx(), as_html().encode()):
        file = tmp_path / "gazette.bin"
        file.write_bytes(data)
        call_command("import_gazette", str(file), "--dry-run", "--json")
        found.append(without_places(json.loads(capsys.readouterr().out)))
    assert found[0]["events"] and found[0] == found[1] == found[2]


@pytest.mark.parametrize("kind", ["docx", "html", "pdf"])
def test_the_real_gazette_in_another_kind_of_file_gives_its_own_records(
    shared_folder: Path, kind: str
) -> None:
    seed = (shared_folder / SEED).read_bytes()
    text = read_text(seed)
    data = {"docx": as_docx, "html": lambda t: as_html(t).encode(), "pdf": as_pdf}[kind](text)
    spaces = kind != "pdf"
    assert records_of(data, spaces=spaces) == records_of(seed, spaces=spaces)
