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
from taskboard.workdays import Count, Passed

WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
PRINTED_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
COMMON_TERMS = ("含当日", "临期")
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


def reckon_trigger(count: Count, clause: str) -> Reckoning:
    """The day on which working days after a trigger are over; ``clause`` are the words that say so."""
    first = count.trigger + timedelta(days=1)
    steps = [
        Step("依据", f"“{clause}”"),
        Step("起算", f"{_day(count.trigger)}收到，当日不计，从{first.month}月{first.day}日起算"),
        Step("天数", f"{count.days} 个工作日，含最后一日"),
    ]
    if count.skipped:
        steps.append(Step("跳过", f"{_passed(count.skipped)}，共 {len(count.skipped)} 天"))
    if count.made_up:
        steps.append(Step("补班", f"{_passed(count.made_up)}，计为工作日"))
    return Reckoning(count.due, False, (*steps, *_common_steps(count.due)))


def in_a_sentence(count: Count, clause: str) -> str:
    """How the date was reckoned, with the clause and the days skipped."""
    said = [f"依据“{clause}”，{_day(count.trigger)}收到（当日不计），{count.days} 个工作日"]
    if count.skipped:
        said.append(f"跳过{_passed(count.skipped)}共 {len(count.skipped)} 天")
    if count.made_up:
        said.append(f"{_passed(count.made_up)}上班，计为工作日")
    return "，".join([*said, f"于{_day(count.due)}届满（含当日）。"])


def _passed(days: Sequence[Passed]) -> str:
    """Days in runs: 10月1日至7日（国庆节）、10月15日（周末）."""
    runs: list[list[Passed]] = []
    for passed in days:
        last = runs[-1][-1] if runs else None
        if last and last.name == passed.name and last.day + timedelta(days=1) == passed.day:
            runs[-1].append(passed)
        else:
            runs.append([passed])
    return "、".join(_run_of_days(run[0].day, run[-1].day, run[0].name) for run in runs)


def _run_of_days(first: date, last: date, name: str) -> str:
    start = f"{first.month}月{first.day}日"
    if first == last:
        return f"{start}（{name}）"
    end = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{start}至{end}（{name}）"


def extended(before: Reckoning, until: date, reason: str) -> Reckoning:
    """The date after an extension was granted; how the one before came about stays readable."""
    steps = [step for step in before.steps if step.term not in COMMON_TERMS]
    if before.due is not None and not any(step.term == "延期" for step in steps):
        steps.append(Step("原时限", _day(before.due)))
    steps.append(Step("延期", f"同意延至 {_day(until)}：{reason}"))
    return Reckoning(until, False, (*steps, *_common_steps(until)))


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
