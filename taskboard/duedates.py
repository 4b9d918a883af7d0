"""How a due date came about, in words: pure.

The reader turns printed words into a date; this says which rule did it, so
that a person can check it against the sentence (domain.md 4).
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taskboard.lights import SOON_DAYS

WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
PRINTED_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
MONTH_ONLY = re.compile(r"月(?!\s*\d)(?!.*日)")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reckoning."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A due date, whether it is the list's, and the steps that lead to it."""

    due: date | None
    inherited: bool
    steps: tuple[Step, ...]

    @property
    def weekday(self) -> str:
        """The day of the week."""
        return WEEKDAYS[self.due.weekday()] if self.due else ""

    @property
    def soon_from(self) -> date | None:
        """The first day on which the light is yellow."""
        return self.due - timedelta(days=SOON_DAYS) if self.due else None


def reckon_own(due: date, printed: str, issued_on: date | None) -> Reckoning:
    """The date that the task's own words give."""
    steps = [Step("原文", f"“{printed}”" if printed else "原文时限词语未记录")]
    if printed and not PRINTED_YEAR.search(printed):
        steps.append(Step("年份", _year_step(due, issued_on)))
    if printed and (last := _end_step(due, printed)):
        steps.append(last)
    return Reckoning(due, False, (*steps, *_common_steps(due)))


def reckon_inherited(ends_on: date | None, note: str, *, provisional: bool) -> Reckoning:
    """The list's end, for a task that prints no date."""
    if ends_on is None:
        return Reckoning(None, True, (Step("原文", "未写时限"), Step("清单", "清单也没有期限，不计时")))
    said = f"沿用清单期限，{_day(ends_on)}" + ("（待确认）" if provisional else "")
    steps = [Step("原文", "未写时限"), Step("沿用", said)]
    if note:
        steps.append(Step("依据", note))
    return Reckoning(ends_on, True, (*steps, *_common_steps(ends_on)))


def _year_step(due: date, issued_on: date | None) -> str:
    if issued_on and issued_on.year == due.year:
        return f"原文未写，取文件成文年份 {due.year}"
    return f"原文未写，按上下文取 {due.year} 年"


def _end_step(due: date, printed: str) -> Step | None:
    if "年底" in printed or "年末" in printed:
        return Step("年底", "12月最后一天，31日")
    last = due.day == monthrange(due.year, due.month)[1]
    if last and ("月底" in printed or "月末" in printed):
        return Step("月底", f"{due.month}月最后一天，{due.day}日")
    if last and MONTH_ONLY.search(printed):
        return Step("整月", f"只写到月，取{due.month}月最后一天，{due.day}日")
    return None


def _common_steps(due: date) -> Sequence[Step]:
    soon = due - timedelta(days=SOON_DAYS)
    return (
        Step("含当日", f"{due.month}月{due.day}日 24:00 前办结为按时"),
        Step("临期", f"到期前 {SOON_DAYS} 天起，即 {soon.month}月{soon.day}日"),
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a sentence; ``mark`` is due, milestone or empty."""

    text: str
    mark: str = ""


def mark_dates(text: str, due_text: str, milestones: Sequence[str]) -> tuple[Run, ...]:
    """The sentence in runs, with the words of the due date (the last place) and of earlier dates marked."""
    spans: list[tuple[int, int, str]] = []
    if due_text and (at := text.rfind(due_text)) >= 0:
        spans.append((at, at + len(due_text), "due"))
    for words in milestones:
        at = text.find(words) if words else -1
        if at >= 0 and all(at + len(words) <= start or end <= at for start, end, _ in spans):
            spans.append((at, at + len(words), "milestone"))
    runs, place = [], 0
    for start, end, mark in sorted(spans):
        runs += [Run(text[place:start]), Run(text[start:end], mark)]
        place = end
    return tuple(run for run in (*runs, Run(text[place:])) if run.text)
