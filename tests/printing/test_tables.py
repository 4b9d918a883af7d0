"""Tables over pages, annexes, footnotes."""

import re

from printing import Layout, render_pdf
from tests.printing.measure import reader_of, run_with, runs_of, text_of

HEAD = '<html lang="zh-CN"><head><title>名单</title></head>'


def table_of(rows: int) -> str:
    lines = "".join(
        f'<tr><td class="role">成员</td><td class="name">林某{n:03d}</td>'
        f"<td>青河市第{n:03d}局党组书记、局长，市防汛指挥部成员，包联第{n:03d}街道</td></tr>"
        for n in range(rows)
    )
    return (
        '<table class="roster"><caption>组成人员名单</caption>'
        "<thead><tr><th>职责</th><th>姓名</th><th>职务</th></tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def test_500_rows_break_between_rows_and_repeat_their_head_on_each_page() -> None:
    pdf = render_pdf(f"{HEAD}<body>{table_of(500)}</body></html>")
    pages = ["".join(page.extract_text().split()) for page in reader_of(pdf).pages]
    assert len(pages) > 10
    assert all(page.count("职责姓名职务") == 1 for page in pages)
    seen: list[str] = []
    for page in pages:
        names = re.findall(r"林某(\d{3})", page)
        # A row's name and both halves of its post are on the same page.
        assert names == re.findall(r"青河市第(\d{3})局", page) == re.findall(r"包联第(\d{3})街道", page)
        seen += names
    assert seen == [f"{n:03d}" for n in range(500)]


def test_rows_stay_inside_the_type_area() -> None:
    pdf = render_pdf(f"{HEAD}<body>{table_of(120)}</body></html>")
    for page in range(len(reader_of(pdf).pages)):
        rows = [run for run in runs_of(pdf, page) if "—" not in run.text]
        assert all(37 < run.y < 262 and 28 < run.x < 184 for run in rows)


def test_a_row_longer_than_a_page_loses_nothing() -> None:
    text = "".join(f"第{n}句。" for n in range(900))
    pdf = render_pdf(
        f'{HEAD}<body><table><tbody><tr class="long"><td>{text}</td></tr></tbody></table></body></html>',
        layout=Layout.REPORT,
    )
    found = re.sub(r"—\d—", "", text_of(pdf))
    assert len(reader_of(pdf).pages) > 1
    assert all(f"第{n}句。" in found for n in range(900))


def test_each_annex_begins_a_page_with_its_label() -> None:
    annex = (
        '<section class="annex"><p class="annex-label">附件{0}</p>'
        '<h1 class="title">清单{0}</h1><p>无。</p></section>'
    )
    pdf = render_pdf(f"{HEAD}<body><p>正文。</p>{annex.format(1)}{annex.format(2)}</body></html>")
    assert len(reader_of(pdf).pages) == 3
    for page in (1, 2):
        label = run_with(pdf, f"附件{page}", page)
        assert label.font == "Noto-Sans-CJK-SC" and abs(label.x - 28) < 0.1 and label.y < 37 + 10.3
        # The title stands on the third line.
        assert 37 + 20 < run_with(pdf, f"清单{page}", page).y < 37 + 33


def test_footnotes_stand_at_the_foot_of_their_page_with_circled_numbers() -> None:
    paragraph = '<p>青河市召开会议{}<span class="footnote">原文如此，应为{}</span>。</p>'
    filler = "<p>青河市开展检查。</p>" * 25
    body = paragraph.format("甲", "甲一") + filler + paragraph.format("乙", "乙一")
    pdf = render_pdf(f"{HEAD}<body>{body}</body></html>")
    for page, name, number in ((0, "甲一", "①"), (1, "乙一", "②")):
        note = run_with(pdf, f"原文如此，应为{name}", page)
        assert 245 < note.y < 262 and note.size < 11
        assert number in "".join(run.text for run in runs_of(pdf, page))
