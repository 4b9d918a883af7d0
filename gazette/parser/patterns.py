"""What a line can be: numbered heading, title, date, note, annex, roster line.

The heading marks of a converted file are unreliable, so a line is judged by
its wording alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gazette.parser.dates import whole_date

DEPTHS = (
    (1, re.compile(r"^([一二三四五六七八九十百]{1,4})\s*、\s*")),
    (2, re.compile(r"^[（(]\s*([一二三四五六七八九十]{1,4})\s*[）)]\s*[、.．]?\s*")),
    # 1.8月份 is item 1 with a date behind it; 1.8万元 is no item.
    (3, re.compile(r"^(\d{1,3}|[０-９]{1,3})\s*[.．、](?:(?!\d)|(?=\d{1,4}\s{0,4}[年月]))\s*")),
    (4, re.compile(r"^[（(]\s*(\d{1,3}|[０-９]{1,3})\s*[）)]\s*[、.．]?\s*")),
)
TERMINALS = "。！？!?；;：:）)”…"
SENTENCE_ENDS = "。！？!?…"
# A half-width full stop ends a sentence after a Chinese character only: 1. is a list number.
CHINESE_THEN_STOP = re.compile(r"[\u4e00-\u9fff][.．]$")
DOCUMENT_KINDS = (
    "通知|意见|办法|方案|决定|批复|公告|通告|函|报告|请示|规定|细则|规划|通报|议案|纪要|命令|预案|计划|要点"
)
ISSUER = (
    r"[\u4e00-\u9fff]{2,24}?"
    r"(?:人民政府办公室|人民政府|政府办公室|办公室|委员会|指挥部|领导小组|局|院|厅|委|办)"
)
TITLE = re.compile(
    rf"^({ISSUER})?(?:印发|转发)?关于[^。；;！？]{{2,140}}?(?:{DOCUMENT_KINDS})(?:[（(][^（）()]{{1,12}}[）)])?$"
)
ISSUER_LINE = re.compile(rf"^{ISSUER}$")
# Orders and public notices that say no more in their title.
ORDER_ENDINGS = ("令", "公告", "通告")
ORDER = re.compile(r"^([\u4e00-\u9fff]{2,20}?(?:人民政府|人民代表大会常务委员会))(?:命?令|公告|通告)$")
SIGNED = re.compile(rf"^({ISSUER})(\S{{2,4}}年\S{{1,3}}月\S{{1,3}}日)$")
RUBRIC = re.compile(
    r"^[【\[]?(?:[\u4e00-\u9fff]{0,8}(?:市|县|区|旗|省|人民)?政府(?:办公室)?文件|(?:政策|重要|规范性|部门|市委|上级)文件"
    r"|文件选[登编]|人事任免|人事信息|人事工作|政策解读|统计资料|政务要闻|工作动态|领导讲话)[】\]]?$"
)
TITLE_START = re.compile(rf"^({ISSUER})关于")
NUMBER_LINE = re.compile(
    r"^([\u4e00-\u9fff]{1,14})[〔\[（(【［﹝]((?:19|20)\d\d)[〕\]）)】］﹞]第?(\d{1,5})号$"
)
ORDER_NUMBER = re.compile(r"^第[0-9〇○零一二三四五六七八九十百]{1,5}号$")
RELEASE_NOTE = re.compile(r"^[（(]\s*(此件[^（）()]{2,20})\s*[）)]$")
PLAN_ENDING = re.compile(r"(?:方案|办法|规定|预案|细则|意见|规划|要点|计划|制度|章程|清单|名单)$")
ANNEX = re.compile(
    r"^附[ \u3000]{0,3}[件表录][ \u3000]{0,3}([0-9０-９一二三四五六七八九十]{0,3})"
    r"[ \u3000]{0,3}([：:]?)\s*(.*)$"
)
RESPONSIBILITY = (
    r"(?:牵头|责任|配合|协办|协助|主办|承办|主责|完成|办结)(?:部门|单位|领导|时限|时间|期限|科室|人)?"
)
RESPONSIBILITY_BRACKET = re.compile(rf"^[（(]\s*{RESPONSIBILITY}\s*[：:]")
QUOTES = re.compile(r"[\s“”\"'‘’《》〈〉]")
# After these words a date goes on with the sentence.
LEADS_TO_A_DATE = ("于", "在", "自", "至", "到", "从", "截", "和", "与", "及", "、", "，", ",", "月", "年")
CHAPTER = re.compile(r"^第[一二三四五六七八九十百]{1,4}[编章节](?=[ \u3000]|$)")
ARTICLE = re.compile(r"^第[一二三四五六七八九十百]{1,5}条(?=[ \u3000]|$)")
SPACES = re.compile(r"\s+")
# Titles, dates, numbers of documents are shorter than this, spaces included.
MARK_LENGTH = 240


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number at the start of a line: its depth, its normalised form and what follows it."""

    depth: int
    number: str
    rest: str


def numbering(text: str) -> Numbering | None:
    """How a line is numbered: 一、 is depth 1, （一） 2, 1. 3, （1） 4; None when it is not."""
    for depth, pattern in DEPTHS:
        if found := pattern.match(text):
            digits = found[1].translate(str.maketrans("０１２３４５６７８９", "0123456789"))
            number = f"（{digits}）" if depth in (2, 4) else digits
            return Numbering(depth, number, text[found.end() :].strip())
    return None


def is_terminated(text: str) -> bool:
    """Whether the text ends a sentence or a clause that may stand at the end of a paragraph."""
    bare = text.rstrip()
    return not bare or bare[-1] in TERMINALS or bool(CHINESE_THEN_STOP.search(bare[-2:]))


def ends_sentence(text: str) -> bool:
    """Whether the text ends a whole sentence, quotation marks and brackets after it aside."""
    bare = text.rstrip()[-6:].rstrip('）)”’》"')
    return not bare or bare[-1] in SENTENCE_ENDS or bool(CHINESE_THEN_STOP.search(bare[-2:]))


def is_title(text: str) -> bool:
    """Whether a line is the title of a document."""
    if len(text) > MARK_LENGTH:
        return False
    if "关于" not in text:
        return text.endswith(ORDER_ENDINGS) and bool(ORDER.match(SPACES.sub("", text)))
    bare = SPACES.sub("", text)
    return 6 <= len(bare) <= 160 and bool(TITLE.match(bare)) and _balanced(bare)


def begins_title(text: str) -> bool:
    """Whether a line may be the first of a title that is printed in several lines."""
    if len(text) > MARK_LENGTH or "关于" not in text:
        return False
    bare = SPACES.sub("", text)
    outside = re.sub(r"《[^》]*(?:》|$)", "", bare)
    return bool(TITLE_START.match(bare)) and not re.search(r"[，。；：,;:]", outside)


def plain(title: str) -> str:
    """A title without spaces and quotation marks, for comparing."""
    return QUOTES.sub("", title)


def names_no_issuer(text: str) -> bool:
    """Whether a title begins with 关于 and leaves the issuer out."""
    return SPACES.sub("", text).startswith(("关于", "印发", "转发"))


def is_issuer(text: str) -> bool:
    """Whether a line is the name of an issuer and nothing else."""
    return len(text) <= MARK_LENGTH and bool(ISSUER_LINE.match(SPACES.sub("", text)))


def issuer_of(title: str) -> str:
    """The issuer that a title begins with; "" when it names none."""
    bare = SPACES.sub("", title)[:MARK_LENGTH]
    found = TITLE.match(bare) or ORDER.match(bare)
    return (found[1] or "") if found else ""


def signed_date(text: str) -> tuple[str, str]:
    """Signature and date of a line that holds both; both "" for any other line."""
    found = SIGNED.match(SPACES.sub("", text)) if len(text) <= MARK_LENGTH else None
    return (found[1], found[2]) if found and whole_date(found[2]) else ("", "")


def is_rubric(text: str) -> bool:
    """Whether a line is the name of a part of the issue (市政府文件, 人事任免)."""
    return len(text) <= MARK_LENGTH and bool(RUBRIC.match(SPACES.sub("", text)))


def _balanced(text: str) -> bool:
    return text.count("《") == text.count("》") and text.count("（") == text.count("）")


def document_number(text: str) -> str:
    """A document number alone on its line, its year in 〔〕; empty when the line is something else."""
    bare = SPACES.sub("", text)
    if ORDER_NUMBER.match(bare):
        return bare
    found = NUMBER_LINE.match(bare)
    return f"{found[1]}〔{found[2]}〕{int(found[3])}号" if found else ""


def release_note(text: str) -> str:
    """此件公开发布 and its like, without the brackets; empty when the line is something else."""
    found = RELEASE_NOTE.match(text)
    return SPACES.sub("", found[1]) if found else ""


def annex_line(text: str) -> re.Match[str] | None:
    """附件 1, 附件：某某清单 and their like; a sentence about annexes is none."""
    found = ANNEX.match(text) if text.startswith("附") else None
    if not found or (found[3] and (not (found[1] or found[2]) or ends_sentence(found[3]))):
        return None
    return found


def starts_something(text: str) -> bool:
    """Whether a line opens a part of its own and so never continues the line before it."""
    if text[:1] in "|<" or numbering(text) or annex_line(text) or ARTICLE.match(text) or CHAPTER.match(text):
        return True
    return len(text) <= MARK_LENGTH and bool(
        is_title(text) or whole_date(text) or release_note(text) or document_number(text)
    )


def labelled(label: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each label with the words behind it, up to the next label or the end."""
    found = list(label.finditer(text))
    ends = [*(following.start() for following in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        yield match, text[match.end() : end]
