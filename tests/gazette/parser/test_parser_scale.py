"""Long and hostile texts: the work grows with the length, never with its square.

Processor time of a text is compared with that of one four times as long; a
quadratic reader needs sixteen times as long, a linear one four. It is measured up to
three times, for a machine that does other work: a quadratic reader fails each time.
"""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from gazette.parser import parse_gazette, read_text
from gazette.parser.errors import UnreadableGazette
from gazette.parser.records import Vocabulary

pytestmark = pytest.mark.slow

HEAD = "# 2023年8月大事记\n\n3日 青河市召开会议。\n\n"
DOCUMENT = (
    "# 青河市人民政府关于做好2023年春耕工作的通知\n\n各乡镇：\n\n请落实。\n\n2023年3月6日\n\n一、任务\n\n"
)
SHORT, FACTOR, SLACK = 120_000, 4, 0.6
GROWTH = 9

HOSTILE = {
    "open brackets": "（",
    "half-width brackets": "(",
    "open titles": "《",
    "spaces": " ",
    "line breaks": "\n",
    "page breaks in a sentence": "青河市\n\n",
    "markers": "☆\n",
    "stars": "*",
    "hashes": "#",
    "dashes": "—",
    "tildes": "1~",
    "digits": "1",
    "dates": "1日",
    "dates in lines": "1日 \n",
    "ranges": "1日~",
    "labels": "（牵头部门：",
    "label and separators": "牵头部门：水利局；",
    "list numbers": "1.",
    "spaced names": "组 长：程 ",
    "roster lines": "程远山 市长\n\n",
    "annexes": "附件 1\n\n",
    "annex mentions": "（见附件）",
    "titles cited": "《农业法》",
    "numbers cited": "〔2023〕",
    "posts": "市委副书记、",
    "stages": "（2023年8月1日-",
    "titles of documents": "青河市人民政府关于",
    "sentences on one line": "青河市召开春耕调度会，市长程远山主持会议。",
    "rain": "3 小时雨量达到 ",
    "sup": "<sup>2",
    "running heads": "青河市人民政府公报\n",
    "unfinished bold": "**1日",
    "lines that never end a sentence": "各乡镇和街道要认真做好本辖区内的春耕备耕工作并按要求报送情况\n",
    "lines with an open bracket": "各乡镇和街道要认真做好本辖区内的春耕（备耕工作并按要求报送情况\n",
    "tasks that never close": "1.清理河段（牵头部门：水利局；配合部门：\n\n",
    "entries": "5日 青河市召开会议，市长程远山讲话。\n",
    "sections": "（一）做好工作。各乡镇要抓好落实。\n\n",
    "chinese numerals": "一",
    "rules": "- ",
    "table of contents": "…",
}


@contextmanager
def no_collecting() -> Iterator[None]:
    """Garbage of the tests before is not cleared away in the measured time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(text: str) -> float:
    """Processor time of one reading."""
    with no_collecting(), suppress(UnreadableGazette):
        start = time.process_time()
        parse_gazette(text, Vocabulary(departments={"水利局": "水利局"}, people={"程远山": "程远山"}))
    return time.process_time() - start


def grows_with_the_length(short: str, long: str) -> bool:
    return any(seconds(long) <= GROWTH * seconds(short) + SLACK for _ in range(3))


OPENINGS = {
    "superscript": "m<sup>",
    "date": "5日",
    "range": "5~",
    "label": "（牵头部门：",
    "roster": "组",
    "title": "《",
}


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("filler", [" ", "\u3000", "\t"], ids=["space", "wide space", "tab"])
def test_white_space_after_an_opening_costs_no_more(opening: str, filler: str) -> None:
    short = HEAD + OPENINGS[opening] + filler * SHORT
    long = HEAD + OPENINGS[opening] + filler * (FACTOR * SHORT)
    assert grows_with_the_length(short, long)


@pytest.mark.parametrize("head", [HEAD, DOCUMENT], ids=["chronicle", "document"])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_grows_with_the_length(name: str, head: str) -> None:
    scrap = HOSTILE[name]
    short = head + scrap * (SHORT // len(scrap))
    long = head + scrap * (FACTOR * SHORT // len(scrap))
    assert grows_with_the_length(short, long)


def test_a_long_gazette_is_read_whole() -> None:
    months = [
        f"# {year}年{month}月大事记\n\n"
        + "".join(
            f"**{day}日** 青河市召开第{day}次春耕调度会，市长程远山主持会议并讲话。\n\n☆ 柳湾镇举办画展。\n\n"
            for day in range(1, 29)
        )
        for year in range(1950, 2025)
        for month in range(1, 13)
    ]
    data = "".join(months).encode()
    assert len(data) > 2_000_000
    gazette = parse_gazette(read_text(data), Vocabulary(people={"程远山": "程远山"}))
    assert len(gazette.events) == 75 * 12 * 28 * 2
    assert gazette.warnings == ()
