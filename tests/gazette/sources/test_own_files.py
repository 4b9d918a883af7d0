"""What the portal itself printed or wrote as Word, read back without what it added."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from directives.docx import word_file
from directives.models import Annex, Directive
from directives.printing import printout_of
from gazette.parser import parse_gazette
from gazette.services.imports import GazetteFile, import_texts
from gazette.services.planning import plan_import
from gazette.services.vocabulary import current_vocabulary
from gazette.sources import read_text
from gazette.sources.own import without_additions
from printing import render_pdf
from tests.gazette.sources.samples import SAMPLE

SOURCE = "（来源：《青河市人民政府公报》2023年8月）"


def pdf_file(directive: Directive, viewer: Any) -> bytes:
    printout = printout_of(directive, viewer)
    return render_pdf(printout.html, layout=printout.layout)


@pytest.fixture
def stored(db: None) -> Directive:
    """The document of the sample, with an annex that a sentence names and a post too long for its cell."""
    text = SAMPLE.replace(
        "陈 山 住建局局长", "陈 山 住房和城乡建设局党组书记、局长兼城市管理综合行政执法局局长"
    )
    text = f"青河市人民政府公报 2023年8月\n\n{text}"
    import_texts(actor=None, files=[GazetteFile("sample.txt", text.encode())], at=timezone.now())
    return Directive.objects.get()


def changes_of(data: bytes) -> list[tuple[str, list[str]]]:
    plan = plan_import(parse_gazette(read_text(data), current_vocabulary()))
    return [(r.status, [*r.take, *r.conflicts]) for r in plan.records if r.kind == "directive"]


@pytest.mark.parametrize("written", [word_file, pdf_file])
def test_a_document_that_is_read_back_is_unchanged(stored: Directive, written: Any) -> None:
    assert stored.source and stored.rosters.exists() and stored.citations.exists()
    assert changes_of(written(stored, AnonymousUser())) == [("unchanged", [])]


def test_a_change_in_the_portal_is_a_difference_all_the_same(stored: Directive) -> None:
    stored.preamble = "另一句前言。"
    assert changes_of(word_file(stored, AnonymousUser())) == [("changed", ["preamble"])]


def test_annexes_that_only_a_sentence_names_get_no_number_on_paper(stored: Directive) -> None:
    Annex.objects.create(directive=stored, order=1, label="附件1", title="职责分工表", text="水利局负责。")
    Annex.objects.create(directive=stored, order=2, label="附表", title="避险场所", printed=False)
    text = read_text(pdf_file(stored, AnonymousUser()))
    assert "1.职责分工表" in text and "避险场所" not in text and "附件2" not in text


def test_the_source_becomes_a_running_head_and_everything_from_the_notes_on_is_left_out() -> None:
    text = (
        f"{SOURCE}\n\n正文。\n\n附件：1.清单（原文未附）\n\n以下由某某门户附注。\n\n引用文件\n\n1. 《办法》"
    )
    assert without_additions(text).strip().split("\n\n") == [
        "青河市人民政府公报2023年8月",
        "正文。",
        "附件：1.清单",
    ]
    assert "引用文件" not in without_additions(text)


def test_a_roster_set_as_a_table_is_lines_again_and_its_posts_are_whole() -> None:
    rows = [
        "职责  姓名  职务",
        "组长  林海  市委书记",
        "副组长  陆 平  原文未印（兼）",
        "成员  陈 山  住建局党组 书记、",
        "局长",
    ]
    text = "\n\n".join([SOURCE, "组成人员如下：", "某某领导小组", *rows, "# 一、要求", "按期完成。"])
    assert [line for line in without_additions(text).split("\n") if line][1:] == [
        "组成人员如下：",
        "组长：林海 市委书记",
        "副组长：陆平 （兼）",
        "成员：陈山 住建局党组书记、局长",
        "# 一、要求",
        "按期完成。",
    ]


@pytest.mark.parametrize(
    "line", ["来源：本报记者", "以下由某某补充。", "职责  姓名  职务", "清单（原文未附）"]
)
def test_other_files_are_left_as_they_are(line: str) -> None:
    text = f"标题\n\n{line}\n\n组长  林海  市委书记"
    assert without_additions(text) == text
