"""The text of a bulletin out of the figures of a period: pure, no database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

# How many overdue tasks and departments are named before a count says the rest.
NAMED_TASKS, NAMED_UNITS = 10, 3
GOOD_SCORE = 80
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A department's line in the annex; ``score`` is text with two places, empty without one."""

    name: str
    rank: int | None
    score: str
    signed: str
    reported: str
    closed: str
    late: int
    red: int
    returned: int


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task that is overdue at the end of the period; ``task`` is its key."""

    title: str
    units: str
    due: str
    days: int
    task: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What was counted; it is kept with the bulletin as it is."""

    list_title: str
    total: int = 0
    closed: int = 0
    submitted: int = 0
    working: int = 0
    unsigned: int = 0
    overdue: int = 0
    late_tasks: Sequence[LateTask] = ()
    units: Sequence[UnitLine] = ()
    unreported: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Composed:
    """A text ready to be edited; ``sections`` are heading and text, a paragraph a line."""

    title: str
    opening: str
    sections: Sequence[tuple[str, str]]
    closing: str


def compose(facts: Facts, start: date, end: date, issuer: str, counted_on: date) -> Composed:
    """Every sentence says a figure; what has no case is left out.

    States are those of the day on which they were counted, what is overdue is so on the period's last day.
    """
    span = span_words(start, end)
    about = f"《{facts.list_title}》" if facts.list_title else "督查"
    sections = [
        ("总体进展", _progress(facts, end, counted_on)),
        ("办理较好的部门", _good(facts)),
        ("逾期任务", _late(facts)),
        ("未按期报送", _unreported(facts)),
        ("下步要求", _demands(facts)),
    ]
    return Composed(
        title=f"{issuer}关于{span}{about}任务办理情况的通报",
        opening=f"{span}，{issuer}对{about}任务办理情况进行了督查。现将有关情况通报如下。",
        sections=[(heading, text) for heading, text in sections if text],
        closing="特此通报。",
    )


def span_words(start: date, end: date) -> str:
    """A whole month or year by its name, else from day to day."""
    whole_months = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole_months and start.year == end.year:
        if (start.month, end.month) == (1, 12):
            return f"{start.year}年"
        if start.month == end.month:
            return f"{start.year}年{start.month}月"
        return f"{start.year}年{start.month}月至{end.month}月"
    last = f"{end.month}月{end.day}日" if start.year == end.year else _day(end)
    return _day(start) if start == end else f"{_day(start)}至{last}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _progress(facts: Facts, end: date, counted_on: date) -> str:
    if not facts.total:
        return f"截至{_day(counted_on)}，没有已下发的任务。"
    parts = [
        f"已办结{facts.closed}项，占{facts.closed * 100 / facts.total:.1f}%",
        f"已反馈待复核{facts.submitted}项",
        f"正在办理{facts.working}项",
        f"尚未签收{facts.unsigned}项",
    ]
    numbers = (1, facts.submitted, facts.working, facts.unsigned)
    shown = "；".join(part for part, number in zip(parts, numbers, strict=True) if number)
    since = "其中" if end >= counted_on else f"到{_day(end)}"
    late = f"{since}已过完成时限、至今未反馈的{facts.overdue}项。" if facts.overdue else "没有逾期任务。"
    return f"截至{_day(counted_on)}，纳入督查的任务共{facts.total}项，{shown}。{late}"


def _good(facts: Facts) -> str:
    good = [unit for unit in facts.units if unit.score and Decimal(unit.score) >= GOOD_SCORE]
    named = [unit for unit in good if unit.rank is not None and unit.rank <= NAMED_UNITS]
    if not named:
        return ""
    words = "、".join(f"{unit.name}（{unit.score}分）" for unit in named)
    return f"按签收、报送、完成、红灯和复核情况综合计算，{words}办理较好，予以表扬。"


def _late(facts: Facts) -> str:
    if not facts.late_tasks:
        return ""
    lines = [
        f"{task.units or '未定牵头部门'}：{task.title}，时限{task.due}，逾期{task.days}天。"
        for task in facts.late_tasks[:NAMED_TASKS]
    ]
    rest = facts.overdue - len(lines)
    if rest > 0:
        lines.append(f"另有{rest}项逾期任务，由督查部门另行通知。")
    return "\n".join(lines)


def _unreported(facts: Facts) -> str:
    if not facts.unreported:
        return ""
    words = "、".join(f"{name}{number}期" for name, number in facts.unreported.items())
    return f"定期报送到期未报的有：{words}。"


def _demands(facts: Facts) -> str:
    lines = []
    if facts.late_tasks:
        lines.append("有逾期任务的部门要逐项查明原因，倒排工期，尽快补报办理结果，补报记为逾期补报。")
    if facts.unsigned:
        lines.append("尚未签收的部门要立即签收，明确经办人。")
    if facts.unreported:
        lines.append("未按期报送的部门要在收到本通报后补报。")
    lines.append("各部门要对照完成时限推进工作，确需延期的在到期前提出申请并说明理由。")
    return "\n".join(lines)


def numbered(place: int) -> str:
    """The numeral of a section, from 1: 一, 十, 十一."""
    if place <= len(NUMERALS):
        return NUMERALS[place - 1]
    return f"十{NUMERALS[place - 11]}"
