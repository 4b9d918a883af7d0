"""Obligations as people see them: a state in words and how long is left or over. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from floodresponse.command.roster import Line, Roster
from floodresponse.models import Obligation

SOON = timedelta(minutes=10)
# State, word, colour of the light, icon.
LOOKS = {
    "open": ("待报", "green", "clock"),
    "soon": ("临期", "yellow", "alert-triangle"),
    "overdue": ("逾期", "red", "alert-square"),
    "met": ("按时", "green", "check"),
    "met_late": ("迟报", "red", "check"),
    "excused": ("免责", "grey", "circle-minus"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """An obligation at a moment; ``line``: the number to call its unit on, where it was looked up."""

    obligation: Obligation
    at: datetime
    line: Line | None = None

    @property
    def state(self) -> str:
        """As stored, with overdue and 临期 told by the time."""
        obligation = self.obligation
        if obligation.state != Obligation.State.OPEN:
            return obligation.state
        if obligation.due_at < self.at:
            return "overdue"
        return "soon" if obligation.due_at - self.at <= SOON else "open"

    @property
    def running(self) -> bool:
        """Whether it still counts."""
        return self.obligation.state == Obligation.State.OPEN

    @property
    def word(self) -> str:
        """The state in one word."""
        return LOOKS[self.state][0]

    @property
    def colour(self) -> str:
        """The colour of its light."""
        return LOOKS[self.state][1]

    @property
    def icon(self) -> str:
        """The shape beside the word."""
        return LOOKS[self.state][2]

    @property
    def remaining(self) -> str:
        """剩 9 分 before the limit, 12 分 after it; empty where nothing counts."""
        late = self.obligation.minutes_late_at(self.at)
        if self.running and not late:
            return f"剩 {in_words((self.obligation.due_at - self.at) // timedelta(minutes=1))}"
        return in_words(late) if late else ""

    @property
    def called(self) -> str:
        """The last call in words, of an obligation that was asked for ``with_calls``."""
        known: Any = self.obligation
        if not known.times_called:
            return "未叫应"
        return "已接" if known.answered else f"未接，{known.times_called} 次"


def in_words(minutes: int) -> str:
    """9 分, 1 小时 05 分, 2 天 3 小时."""
    if minutes < 60:
        return f"{minutes} 分"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时 {minutes % 60:02} 分"
    return f"{minutes // 1440} 天 {minutes % 1440 // 60} 小时"


def clocks_of(obligations: Iterable[Obligation], at: datetime, roster: Roster | None = None) -> list[Clock]:
    """Each at the moment, in the given order; with the numbers to call of a roster."""
    return [Clock(one, at, roster.line_to(one.unit) if roster else None) for one in obligations]
