"""What holds for every text: nothing raises, nothing is lost, reading twice says the same.

The texts are built from the scraps that make up such gazettes, in any order,
with invented tokens between them. A token counts as kept when it stands in a
record, a furniture item or a warning.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.parser import parse_gazette, read_text, to_json
from gazette.parser.dates import whole_date
from gazette.parser.errors import UnreadableGazette
from gazette.parser.lines import strip_markup
from gazette.parser.records import Gazette, Vocabulary

ROOMY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

# Rare characters, the first never equal to a last, so that no token doubles another across a page.
FIRST, MIDDLE, LAST = "沅澧淦浔", "溱洧涪汨", "滹沱濉灞"

SCRAPS = (
    "\n", "\n\n", "\n\n\n", "\r\n", "　", " ", "\t", "。", "，", "；", "：", "、", ",", ";", ":", "？",
    "…", "# ", "## ", "#### ", "**", "***", "- ", "* ", "> ", "|", "☆ ", "★", "△", "◆ ", "●", "※",
    "■", "1日 ", "**16 日** ", "31日", "25~29日", "8月1日", "30日~10月2日", "2023年8月1日", "32日",
    "2月30日", "13月1日", "是日", "同日，", "2023年", "# 2023年8月大事记\n", "大事记", "## 九月\n",
    "二〇二三年八月一日\n", "8月底前", "一、", "十二、", "（一）", "(二)", "1.", "2．", "3、", "（1）",
    "(2)", "- 1.", "第一条 ", "①", "（牵头部门：", "(牵头部门:", "；配合部门：", "；完成时限：",
    "责任单位：", "牵头单位：", "（", "）", "(", ")", "责任领导：", "责任部门：", "《", "》",
    "〔2023〕6号", "[2023]6号", "“", "”", "附件：", "附件 1\n", "附件1.", "附表", "组 长：", "副组长：",
    "成 员：", "组员：", "主要职责：", "总 指 挥：", "主任：", "（兼）", "组成人员如下：\n",
    "领导小组办公室设在", "青河市人民政府关于", "的通知\n", "的意见\n", "印发《", "工作方案》的通知\n",
    "各乡镇，市直：\n", "\n青河市人民政府公报\n", "\n— 12 —\n", "\n- 3 -\n", "\n第 3 页\n",
    "（此件公开发布）", "任务清单\n", "人民政府公报", "市委书记", "市长", "副主任", "主持会议",
    "I 级响应启动条件：", "3 小时雨量达到 100 毫米以上", "积水深度达到 50 厘米", "长鸣防空警报三次",
    "防内涝", "专项工作组", "成员单位职责", "办公室电话 5550123", "<sup>2</sup>", "<sup>", "m<sup>2",
    "\x00", "\ufeff", "\u200b", "\u2028", "\x85", "\x0c", "\U00020000", "\ud800",
)  # fmt: skip

token = st.tuples(st.sampled_from(FIRST), st.text(MIDDLE, min_size=2, max_size=5), st.sampled_from(LAST)).map(
    "".join
)
scrap_texts = st.lists(st.one_of(token, st.sampled_from(SCRAPS)), max_size=60).map("".join)
TOKEN = re.compile(f"[{FIRST}][{MIDDLE}]{{2,5}}[{LAST}]")


def strings_in(value: object) -> Iterator[str]:
    """Every string that a record holds, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings_in(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from strings_in(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings_in(getattr(value, field.name))


def kept_by(value: object) -> str:
    """All that a reading says, without white space."""
    return re.sub(r"\s", "", "\n".join(strings_in(value)))


def read(text: str) -> Gazette | None:
    """The reading, or None where the text is refused in the agreed way."""
    vocabulary = Vocabulary(departments={"水利局": "水利局"}, people={"程远山": "程远山"})
    try:
        return parse_gazette(text, vocabulary)
    except UnreadableGazette:
        return None


@ROOMY
@given(st.text())
def test_no_text_raises_anything_but_the_agreed_refusal(text: str) -> None:
    read(text)
    read("# 2023年8月大事记\n\n3日 青河市召开会议。\n" + text)


@ROOMY
@given(scrap_texts)
def test_no_mixture_of_scraps_raises_or_loses_a_token(scraps: str) -> None:
    text = "# 2023年8月大事记\n\n3日 青河市召开会议。\n\n" + scraps
    gazette = read(text)
    assert gazette is not None
    kept = kept_by(gazette)
    assert [word for word in TOKEN.findall(text) if word not in kept] == []


@ROOMY
@given(scrap_texts)
def test_no_mixture_inside_a_document_raises_or_loses_a_token(scraps: str) -> None:
    head = "# 青河市人民政府关于做好2023年春耕工作的通知\n\n各乡镇：\n\n请落实。\n\n2023年3月6日\n\n"
    text = head + "一、重点任务\n\n（一）整治河道\n\n" + scraps
    gazette = read(text)
    assert gazette is not None
    kept = kept_by(gazette)
    assert [word for word in TOKEN.findall(text) if word not in kept] == []


@ROOMY
@given(scrap_texts)
def test_what_is_kept_is_told_in_the_printed_object(scraps: str) -> None:
    gazette = read("# 2023年8月大事记\n\n3日 青河市召开会议。\n\n" + scraps)
    assert gazette is not None
    told = kept_by(to_json(gazette))
    furniture = kept_by(gazette.furniture)
    assert [word for word in TOKEN.findall(scraps) if word not in told and word not in furniture] == []


@ROOMY
@given(scrap_texts)
def test_reading_twice_says_the_same(scraps: str) -> None:
    assert read(scraps) == read(scraps)


@ROOMY
@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_the_agreed_refusal(data: bytes) -> None:
    try:
        text = read_text(data)
    except UnreadableGazette:
        return
    read(text)


@ROOMY
@given(scrap_texts)
def test_warnings_and_records_point_at_lines_of_the_text(scraps: str) -> None:
    text = "# 2023年8月大事记\n\n3日 青河市召开会议。\n\n" + scraps
    gazette = read(text)
    assert gazette is not None
    last = len(re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text))
    lines = [w.line for w in gazette.warnings] + [e.line for e in gazette.events]
    assert all(1 <= line <= last for line in lines)


@ROOMY
@given(scrap_texts)
def test_entries_are_numbered_without_gaps_and_never_end_before_they_start(scraps: str) -> None:
    gazette = read("# 2023年8月大事记\n\n" + scraps)
    if gazette is None:
        return
    places: dict[tuple[int, int], list[int]] = {}
    for event in gazette.events:
        assert event.start_date <= event.end_date
        places.setdefault((event.start_date.year, event.start_date.month), []).append(event.position)
    assert all(len(set(found)) == len(found) for found in places.values())


SENTENCES = (
    "青河市召开春耕生产调度会，安排部署下一步重点工作",
    "柳湾镇举办第三届农民画展，展出作品二百余幅",
    "河口大桥正式通车，两岸群众出行更加便捷",
    "省农科院专家到云岭村指导苗木嫁接技术",
    "青河中学举行开学典礼，千余名师生参加",
    "市图书馆流动书车开进山区学校",
)
MARKERS = ("☆ ", "△", "◆ ", "●", "※", "★ ")
PAGES = ("\n\n", "\n", "\n\n— 12 —\n\n", "\n- 3 -\n", "\n\n第 3 页\n\n")


@st.composite
def chronicles(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    """A month's text in a random dress, and the entries that it holds: first day, last day, words."""
    entries: list[tuple[int, int, str]] = []
    text, day = "# 2023年8月大事记\n\n", 0
    end = day
    for _ in range(draw(st.integers(1, 8))):
        sentence = draw(st.sampled_from(SENTENCES)) + "。"
        if not entries or draw(st.booleans()):
            day = draw(st.integers(min(day + 1, 28), 28))
            end = day + draw(st.sampled_from((0, 0, 2)))
            dress = draw(st.sampled_from(("**{}日** ", "{}日 ", "8月{}日 ", "## {}日 ", "**{} 日** ")))
            lead = dress.format(day if end == day else f"{day}~{end}")
        else:
            lead = draw(st.sampled_from(MARKERS))
        cut = draw(st.integers(6, len(sentence) - 4))
        page = draw(st.sampled_from(("", "", *PAGES)))
        text += lead + sentence[:cut] + page + sentence[cut:] + draw(st.sampled_from(("\n", "\n\n")))
        entries.append((day, end, sentence))
    return text, entries


@ROOMY
@given(chronicles())
def test_an_invented_chronicle_is_read_entry_by_entry(drawn: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, entries = drawn
    gazette = read(text)
    assert gazette is not None
    told = [(event.start_date.day, event.end_date.day, event.text) for event in gazette.events]
    assert told == entries


@ROOMY
@given(chronicles(), st.integers(18, 40))
def test_hard_wrapping_changes_no_entry(drawn: tuple[str, list[tuple[int, int, str]]], width: int) -> None:
    lines = [f"{day}日 {words}" for day, _, words in drawn[1]]
    wrapped = "\n".join(line[n : n + width] for line in lines for n in range(0, len(line), width))
    gazette = read("# 2023年8月大事记\n\n" + wrapped)
    assert gazette is not None
    assert [event.text for event in gazette.events] == [words for _, _, words in drawn[1]]


# What opens a line and is read as structure: a symbol, the days of an entry, a number.
LEADING = re.compile(r"^(?:[☆△]|\d{1,2}\s*(?:[~～—-]\s*\d{1,2}\s*)?日)\s*")
NUMBER = re.compile(r"^(?:\d{1,3}[.．]|[一二三四五六七八九十]{1,3}、)")
BETWEEN_SCRAPS = re.compile(r"[，。；：、,;:（）()\s“”]")


def lost_lines(text: str, gazette: Gazette) -> list[tuple[int, str]]:
    """Scraps of a text, figures included, that stand more often in it than in the records."""
    printed: Counter[str] = Counter()
    first_at: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for scrap in scraps_of(line):
            printed[scrap] += 1
            first_at.setdefault(scrap, number)
    kept = said_once_by(gazette)
    return [(first_at[scrap], scrap) for scrap, times in printed.items() if kept.count(scrap) < times]


def scraps_of(line: str) -> list[str]:
    """Pieces of a line between sentence marks, without what opens it; a date in the form it is kept in."""
    content, _ = strip_markup(line)
    if day := whole_date(content):
        return [day.isoformat()]
    pieces = BETWEEN_SCRAPS.split(LEADING.sub("", content))
    return [scrap for piece in pieces if len(scrap := NUMBER.sub("", piece)) > 1]


def said_once_by(gazette: Gazette) -> str:
    """All that was read, each sentence as often as it was printed.

    Tasks, stages and citations repeat what sections say; the title of a printed annex stands
    above it and in the list of annexes.
    """
    parts: list[object] = [
        [event.text for event in gazette.events],
        *(gazette.furniture, gazette.headings, gazette.warnings),
    ]
    for directive in gazette.directives:
        parts += [replace(directive, stages=(), citations=()), str(directive.issued_on)]
        parts += [annex.title for annex in directive.annexes if annex.printed]
    return re.sub(r"\s", "", "\n".join(text for part in parts for text in strings_in(part)))


def test_no_line_and_no_figure_of_the_real_gazette_is_lost(seed_text: str, seed: Gazette) -> None:
    assert lost_lines(seed_text, seed) == []


TWICE = (
    "# 2023年8月大事记\n\n3日 青河市召开会议，安排部署防汛工作。\n\n"
    "5日 青河大桥通车，全长320米。\n\n8日 青河市召开会议，安排部署防汛工作。\n"
)


def test_a_lost_repetition_and_a_lost_figure_are_seen() -> None:
    gazette = read(TWICE)
    assert gazette is not None and lost_lines(TWICE, gazette) == []
    first, second, third = gazette.events
    without_repetition = replace(gazette, events=(first, second))
    assert lost_lines(TWICE, without_repetition) == [(3, "青河市召开会议"), (3, "安排部署防汛工作")]
    without_figure = replace(second, text=second.text.replace("320", "32"))
    assert lost_lines(TWICE, replace(gazette, events=(first, without_figure, third))) == [(5, "全长320米")]
