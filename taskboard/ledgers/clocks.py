"""The clocks of a pending approval (待批项目): pure, the calendar of working days is handed in.

First review within 5 working days of receipt; a return with all reasons at
once within 5; forwarding to the higher authority within 7; the limit that was
promised; everything by the end of 2022. The day of receipt is not counted,
the last day is still on time (domain.md 4).
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from taskboard import lights
from taskboard.duedates import in_a_sentence
from taskboard.workdays import OutsideCalendar, WorkCalendar, count_workdays

REVIEW_DAYS, RETURN_DAYS, FORWARD_DAYS = 5, 5, 7
ALL_DONE_BY = date(2022, 12, 31)
ONLINE_FROM = date(2022, 10, 1)
# A clock of working days is short: it turns yellow when this many days are left.
SOON_DAYS = 2
RETURNED, FORWARDED = "returned", "forwarded"
ORDER = (lights.RED, lights.YELLOW, lights.GREEN)


class Case(Protocol):
    """An approval with the days on which something happened."""

    received_on: date
    promised_on: date | None
    reviewed_on: date | None
    outcome: str
    outcome_on: date | None
    to_forward: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit, when it was kept, and how the day came about; without a day the calendar does not reach."""

    key: str
    name: str
    due: date | None
    done_on: date | None
    sentence: str

    def overdue(self, day: date) -> bool:
        """Whether on the day the limit is over and nothing was done before it."""
        if self.due is None or self.due >= day:
            return False
        return self.done_on is None or self.done_on >= day

    def shape(self, day: date) -> str:
        """As lights are drawn."""
        if self.due is None:
            return lights.GREY
        if self.done_on is not None:
            return "closed"
        return lights.light(self.due, "in_progress", day, soon_days=SOON_DAYS).colour

    def word(self, day: date) -> str:
        """What goes with the shape."""
        if self.due is None:
            return "无法推算"
        if self.done_on is None:
            return lights.light(self.due, "in_progress", day, soon_days=SOON_DAYS).remaining
        late = (self.done_on - self.due).days
        return f"超期 {late} 天办理" if late > 0 else "按时办理"


def clocks_of(case: Case, calendar: WorkCalendar) -> tuple[Clock, ...]:
    """The clocks that run or ran for a case."""
    return tuple(_clocks(case, calendar))


def _clocks(case: Case, calendar: WorkCalendar) -> Iterator[Clock]:
    reviewed = min((day for day in (case.reviewed_on, case.outcome_on) if day), default=None)
    yield _counted("review", "初审", REVIEW_DAYS, "5个工作日内完成初审", case, reviewed, calendar)
    if case.outcome == RETURNED:
        clause = "5个工作日内一次性告知"
        yield _counted("return", "退回告知", RETURN_DAYS, clause, case, case.outcome_on, calendar)
    if case.to_forward or case.outcome == FORWARDED:
        clause = "7个工作日内转报上级"
        yield _counted("forward", "转报上级", FORWARD_DAYS, clause, case, case.outcome_on, calendar)
    if case.promised_on:
        said = f"按审批事项承诺的时限，{_day(case.promised_on)}（含当日）。"
        yield Clock("promise", "承诺时限", case.promised_on, case.outcome_on, said)
    if case.received_on <= ALL_DONE_BY:
        said = f"{_day(ALL_DONE_BY)}前基本办完。"
        yield Clock("all", "总时限", ALL_DONE_BY, case.outcome_on, said)


def _counted(
    key: str, name: str, days: int, clause: str, case: Case, done_on: date | None, calendar: WorkCalendar
) -> Clock:
    try:
        count = count_workdays(case.received_on, days, calendar)
    except OutsideCalendar as unknown:
        return Clock(key, name, None, done_on, unknown.message)
    return Clock(key, name, count.due, done_on, in_a_sentence(count, clause))


def worst(clocks: Iterable[Clock], day: date) -> tuple[str, str]:
    """Shape and word of a case: its most pressing open clock; closed when none is open."""
    running = [clock for clock in clocks if clock.done_on is None]
    known = [clock for clock in running if clock.due is not None]
    if not running:
        return "closed", "已办结"
    if not known:
        return lights.GREY, "无法推算"
    first = min(known, key=lambda clock: (ORDER.index(clock.shape(day)), clock.due or date.max))
    return first.shape(day), f"{first.name}{first.word(day)}"


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many approvals were overdue when a month ended, and how many complaints came in it."""

    month: date
    overdue: int
    complaints: int
    running: bool


def count_by_month(
    cases: Iterable[tuple[Clock, ...]], complaints: Iterable[date], first: date, today: date
) -> list[MonthCount]:
    """From the month of the first day to that of today, which is counted as it stands today; newest first."""
    told, known = list(complaints), list(cases)
    months, month = [], first.replace(day=1)
    while month <= today:
        end = month.replace(day=monthrange(month.year, month.month)[1])
        after = end + timedelta(days=1)
        day = min(after, today)
        months.append(
            MonthCount(
                month,
                sum(any(clock.overdue(day) for clock in clocks) for clocks in known),
                sum(month <= each <= end for each in told),
                running=after > today,
            )
        )
        month = after
    return months[::-1]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
