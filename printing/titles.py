"""Long titles broken into lines that look even and keep words whole: pure.

GB/T 9704 asks for titles set as a trapezoid or a rhombus, with words unbroken. A
break costs little after 关于, 印发 or a comma, much inside a word that every
title has; among the cheap ones the evenest lines win.
"""

from functools import cache
from math import ceil, inf

LINE_LENGTH = 20
# Breaking after these reads well.
GOOD_AFTER = ("人民政府", "办公室", "关于", "印发", "关于印发", "开展", "的", "、", "，", "》", "和", "与")
# These stay whole.
WORDS = (
    "人民政府", "办公室", "指挥部", "扎兰屯市", "关于", "印发", "开展", "启动", "进一步", "实施方案",
    "工作方案", "行动方案", "方案", "通知", "意见", "应急预案", "应急响应", "任务清单", "清单",
    "专项行动", "行动", "管理", "精细化", "城市", "工作", "领导小组", "组成人员", "名单", "大事记",
    "公报", "开发区", "项目", "评审意见", "防汛", "抗旱", "防内涝", "内涝", "应急", "终止", "调整",
    "产业园", "集中区", "呼伦贝尔", "城区", "城镇", "街道", "排水", "管网", "供热", "采暖期", "改造",
    "申请", "补助", "资金", "审核意见", "请示", "报告", "决定", "批复",
)  # fmt: skip
NEVER_FIRST = "，、。；：！？》〉）〕】”’的"
NEVER_LAST = "《〈（〔【“‘"
# Between two figures, and after one.
SPAN, COUNTED, DATED = "—－-～~", "年月日号期届次个", "年月"
UNEVEN, INSIDE_WORD, INSIDE_TITLE, PLAIN = 1.0, 40.0, 12.0, 9.0
# A figure or Latin letter is about this wide where a Chinese character is 1.
NARROW = 0.55


def title_lines(title: str, length: int = LINE_LENGTH) -> list[str]:
    """The title in as few lines as it needs, each at most ``length`` characters wide."""
    title = " ".join(title.split())
    if width_of(title) <= length:
        return [title]
    count = ceil(width_of(title) / length)
    lines = _best(title, count, length) or _best(title, count + 1, length)
    return lines or [title[at : at + length] for at in range(0, len(title), length)]


def width_of(text: str) -> float:
    """How wide the text is, in Chinese characters."""
    return sum(NARROW if character.isascii() else 1.0 for character in text)


def _best(title: str, count: int, length: int) -> list[str]:
    """The cheapest way into ``count`` lines; empty when there is none."""
    ideal = width_of(title) / count

    def unevenness(start: int, end: int) -> float:
        width = width_of(title[start:end])
        return (width - ideal) ** 2 * UNEVEN if width <= length else inf

    @cache
    def cheapest(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return unevenness(start, len(title)), (len(title),)
        found: tuple[float, tuple[int, ...]] = (inf, ())
        for end in range(start + 1, len(title) - left + 2):
            own = unevenness(start, end)
            if own == inf and end > start + 1:
                break
            cost, ends = cheapest(end, left - 1)
            found = min(found, (own + cost + break_cost(title, end), (end, *ends)))
        return found

    cost, ends = cheapest(0, count)
    if cost == inf:
        return []
    return [title[start:end].strip() for start, end in zip((0, *ends), ends, strict=False)]


def break_cost(title: str, at: int) -> float:
    """What it costs to end a line before this character; infinite where it may not end."""
    before, after = title[:at], title[at:]
    if after[0] in NEVER_FIRST or before[-1] in NEVER_LAST or _inside_run(before[-1], after[0]):
        return inf
    if any(word in title[max(0, at - len(word) + 1) : at + len(word) - 1] for word in WORDS):
        return INSIDE_WORD
    quoted = INSIDE_TITLE if before.count("《") > before.count("》") else 0.0
    return quoted + (0.0 if before.endswith(GOOD_AFTER) or after.startswith("《") else PLAIN)


def _inside_run(left: str, right: str) -> bool:
    """Whether a number, a span of years or a Latin word would be cut."""
    if right in SPAN or left in SPAN:
        return True
    if left.isdigit() and right in COUNTED:
        return True
    # 11月1日 is one day.
    if left in DATED and right.isdigit():
        return True
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
