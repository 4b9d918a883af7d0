"""A document issued in the portal as a Word file: the layout of official documents."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from directives.models import Annex, Directive, Roster, RosterMember
from tests.accounts import browser_of
from tests.directives.test_official_paper import TITLE, issued
from tests.factories import DirectiveFactory
from tests.printing.measure import reader_of, run_with, text_of

pytestmark = pytest.mark.django_db


def written(directive: Directive, role: str = "anonymous") -> bytes:
    response = browser_of(role).get(f"/directives/{directive.pk}/document.docx")
    assert response.status_code == 200
    return bytes(response.content)


def opened(directive: Directive, role: str = "anonymous") -> Any:
    return docx.Document(BytesIO(written(directive, role)))


def with_annexes() -> Directive:
    directive = issued()
    Annex.objects.create(directive=directive, order=1, label="", title="职责分工表", text="水利局负责。")
    annex = Annex.objects.create(directive=directive, order=2, label="", title="值班安排")
    roster = Roster.objects.create(directive=directive, annex=annex, order=1, name="防汛指挥部")
    RosterMember.objects.create(roster=roster, order=0, role="总指挥", printed_name="林海", post="")
    return directive


def test_the_file_has_head_text_signature_annexes_and_imprint_in_order() -> None:
    document = opened(with_annexes())
    lines = [p.text.replace("\n", "") for p in document.paragraphs if p.text]
    assert lines == [
        "青河市人民政府文件",
        "青政发〔2023〕8号",
        TITLE,
        "各街道办事处，各有关部门：",
        "为做好防汛工作，通知如下。",
        "一、总体要求",
        "统一指挥。",
        "（一）分工。各负其责。",
        "1.每日报告。",
        "（1）早晚各一次。",
        "附件：1.职责分工表",
        "2.值班安排",
        "青河市人民政府",
        "2023年5月8日",
        "（此件公开发布）",
        "附件1",
        "职责分工表",
        "水利局负责。",
        "附件2",
        "值班安排",
        "防汛指挥部",
    ]
    roster, imprint = document.tables
    assert [cell.text for cell in roster.rows[1].cells] == ["总指挥", "林海", ""]
    assert imprint.rows[0].cells[0].text == "青河市人民政府办公室" and "印发" in imprint.rows[0].cells[1].text


def test_tables_that_follow_each_other_stay_apart() -> None:
    body = opened(with_annexes()).element.body
    tables = [n for n, part in enumerate(body) if part.tag == qn("w:tbl")]
    assert len(tables) == 2 and tables[1] - tables[0] == 2


def test_the_mark_is_red_and_the_number_stands_on_a_red_rule() -> None:
    mark, number = opened(issued()).paragraphs[:2]
    assert str(mark.runs[0].font.color.rgb) == "D7000F" and mark.runs[0].font.size.pt == 44
    assert round(mark.paragraph_format.space_before.mm) == 35
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "D7000F"


def test_an_enclosed_plan_begins_a_page_after_the_signature() -> None:
    document = opened(issued(plan_title="青河市防汛工作方案"))
    plan = next(p for p in document.paragraphs if p.text == "青河市防汛工作方案")
    assert plan.paragraph_format.page_break_before
    lines = [p.text for p in document.paragraphs]
    assert lines.index("2023年5月8日") < lines.index("青河市防汛工作方案")


def test_a_draft_says_so_and_gazette_text_has_no_red_head() -> None:
    draft = opened(issued(publication="draft"), "editor").sections[0]
    assert draft.header.paragraphs[0].text == draft.even_page_header.paragraphs[0].text == "草稿"
    gazette = opened(DirectiveFactory(title="通知", number="青政发〔2023〕9号"))
    assert "青河市人民政府文件" not in [p.text for p in gazette.paragraphs] and not gazette.tables


def test_the_same_document_is_the_same_file() -> None:
    directive = with_annexes()
    assert written(directive) == written(directive)


def has_writer() -> bool:
    """Whether LibreOffice is there with its part for texts; on servers it often comes without."""
    program = shutil.which("soffice")
    return bool(program) and (Path(program or "").resolve().parent / "libswlo.so").exists()


@pytest.mark.skipif(not has_writer(), reason="no LibreOffice Writer on this machine")
@pytest.mark.parametrize("issued_here", [True, False])
def test_an_office_program_opens_the_file_and_sets_every_line(tmp_path: Path, issued_here: bool) -> None:
    directive = with_annexes()
    if not issued_here:
        Directive.objects.update(source="《青河市公报》2023年5月")
    file = tmp_path / "document.docx"
    file.write_bytes(written(directive))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run([*command, "pdf", "--outdir", str(tmp_path), str(file)], check=True, capture_output=True)
    pdf = (tmp_path / "document.pdf").read_bytes()
    text = text_of(pdf)
    assert TITLE in text and "（1）早晚各一次。" in text and "职责分工表水利局负责。" in text
    assert len(reader_of(pdf).pages) >= 3
    assert run_with(pdf, "总体要求").size == pytest.approx(16, abs=0.1)
    assert ("印发" in text.split("值班安排")[-1]) is issued_here
