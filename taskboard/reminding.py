"""Which reminder of a due date falls on a day, and who is told: pure (domain.md 4).

Before the due date 7, 3 and 1 days, on the day itself, afterwards after 1 and
3 days and then every week. Between two of these days the earlier one still
stands: a morning that was missed is made up by the latest tier alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

BEFORE = (7, 3, 1)
AFTER = (1, 3)
WEEK = 7
HEAD_AFTER, SUPERVISOR_AFTER = 1, 3
NAMED = 10


@dataclass(frozen=True, slots=True)
class Tier:
    """One of the reminders of a due date; ``offset`` counts from the due date, negative before it."""

    offset: int

    @property
    def code(self) -> str:
        """Its name in the outbox."""
        if self.offset == 0:
            return "due"
        return f"before-{-self.offset}" if self.offset < 0 else f"after-{self.offset}"

    @property
    def to_head(self) -> bool:
        """Whether the department's head is told as well."""
        return self.offset >= HEAD_AFTER

    @property
    def to_supervisor(self) -> bool:
        """Whether the supervisors are told as well."""
        return self.offset >= SUPERVISOR_AFTER

    @property
    def days_to_next(self) -> int:
        """How many days it stands before the next one takes its place."""
        fixed = (*(-days for days in BEFORE), 0, *AFTER)
        later = [offset for offset in fixed if offset > self.offset]
        return later[0] - self.offset if later else WEEK


def tier_on(due: date, on_day: date) -> Tier | None:
    """The reminder that stands on the day; None while the due date is further ahead than the first one."""
    past = (on_day - due).days
    if past < -BEFORE[0]:
        return None
    if past > AFTER[-1]:
        return Tier(past - (past - AFTER[-1]) % WEEK)
    fixed = (*(-days for days in BEFORE), 0, *AFTER)
    return Tier(max(offset for offset in fixed if offset <= past))


def stands_until(due: date, tier: Tier) -> date:
    """The day on which the next reminder takes the place of this one."""
    return due + timedelta(days=tier.offset + tier.days_to_next)


def subject_of(list_title: str, number: int, due: date, on_day: date) -> str:
    """One line: how many tasks, how far from their due date."""
    left = (due - on_day).days
    when = f"还有 {left} 天到期" if left > 0 else "今天到期" if left == 0 else f"已逾期 {-left} 天"
    ending = f"：{number} 项任务{when}"
    return f"{list_title[: 120 - len(ending)]}{ending}"


def body_of(titles: Sequence[str], due: date) -> str:
    """The due date, up to ten tasks by name and how many there are."""
    lines = [f"完成时限 {due.year}年{due.month}月{due.day}日，共 {len(titles)} 项："]
    lines += [f"{place}. {title}" for place, title in enumerate(titles[:NAMED], start=1)]
    if len(titles) > NAMED:
        lines.append(f"另有 {len(titles) - NAMED} 项，请打开清单查看。")
    return "\n".join(lines)
