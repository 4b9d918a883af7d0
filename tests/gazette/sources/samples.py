"""An invented issue of a gazette, and the kinds of files it may come in."""

import html
import io
import re

import docx
from docx.text.paragraph import Paragraph

from printing import Layout, render_pdf

RUNNING_HEAD = "青河市人民政府公报 2023年第5期"
SAMPLE = """# 2023年8月大事记

**1日** 青河市召开防汛工作调度会。市委书记林海主持会议，副市长陆平通报水库蓄水情况，有关部门负责人参加会议。

☆ 青河市举办第三届群众文化节开幕式。

**8~9日** 副市长陆平到城区低洼易涝点检查排水管网清淤情况，对 12 处积水点逐一提出整改要求。

# 青河市人民政府办公室关于印发《青河市排水管网清淤工作方案》的通知

青政办发〔2023〕18号

各乡镇人民政府、各街道办事处，市直各有关部门：

现将《青河市排水管网清淤工作方案》印发给你们，请结合实际认真贯彻执行，确保主汛期前全面完成清淤任务，保障城区安全度汛。

青河市人民政府办公室

2023年8月3日

（此件公开发布）

# 青河市排水管网清淤工作方案

为切实做好排水管网清淤工作，结合我市实际，制定本方案。

一、总体要求

坚持统一指挥、分级负责，先急后缓、逐段推进，把清淤与雨污分流改造结合起来，做到清一段、查一段、修一段。

二、组织领导

成立青河市排水管网清淤工作领导小组，组成人员如下：

组 长：林 海 市委书记

副组长：陆 平 副市长

成 员：陈 山 住建局局长

周 河 水利局局长

三、工作步骤

（一）摸底阶段（2023年8月10日前）。各单位摸清底数，建立台账。

（二）清淤阶段（2023年8月11日至9月30日）。按照台账逐段清淤。

1.主干管网每周清淤一次，清出的淤泥及时外运，不得在路边堆放。

（1）人员密集路段安排在夜间施工。

四、工作要求

各单位要高度重视，按照《青河市城镇排水条例》和青政发〔2022〕9号文件要求，层层压实责任。
"""


def lines_of(text: str = SAMPLE) -> list[str]:
    """The paragraphs of a plain text."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def as_html(text: str = SAMPLE, *, charset: str = "utf-8", around: str = "{}") -> str:
    """The text as a web page; ``around`` is what the site has about it."""
    blocks = []
    for line in lines_of(text):
        words = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(line.lstrip("# ")))
        blocks.append(f"<h2>{words}</h2>" if line.startswith("#") else f"<p>　　{words}</p>")
    head = f'<head><meta charset="{charset}"><title>公报</title><style>p {{}}</style></head>'
    return f'<!DOCTYPE html>\n<html lang="zh-CN">{head}<body>{around.format("".join(blocks))}</body></html>'


def as_docx(text: str = SAMPLE) -> bytes:
    """The text as a Word file with headings, bold days, a running head and a page number."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = RUNNING_HEAD
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    for line in lines_of(text):
        if line.startswith("#"):
            document.add_heading(line.lstrip("# "), 1)
        else:
            _bold_parts(document.add_paragraph(), line)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _bold_parts(paragraph: Paragraph, line: str) -> None:
    for place, part in enumerate(line.split("**")):
        paragraph.add_run(part).bold = bool(place % 2)


def as_pdf(text: str = SAMPLE, *, running: str = RUNNING_HEAD, layout: Layout = Layout.GAZETTE) -> bytes:
    """The text as a printed gazette: running heads, page numbers, paragraphs cut by pages."""
    page = as_html(text).replace("<p>　　", "<p>").replace("<body>", f'<body data-running="{running}">')
    return render_pdf(page.replace("<h2>", '<h2 class="title">'), layout=layout)
