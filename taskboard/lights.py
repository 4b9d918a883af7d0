"""The light of a task (红绿灯): pure rules, no database, no clock.

Green on time, yellow near the due date, red overdue, grey while no clock runs
(domain.md 4). A draft has no clock until a supervisor issues it; a suspended
or closed task has none any more. The due day itself is still on time.
"""

from dataclasses import dataclass
from datetime import date

GREEN, YELLOW, RED, GREY = "green", "yellow", "red", "grey"
COLOURS = (RED, YELLOW, GREEN, GREY)
WORDS = {RED: "逾期", YELLOW: "临期", GREEN: "正常", GREY: "未计时"}
CLOSED_WORD, LATE_WORD = "已办结", "逾期补报"
SOON_DAYS = 7
WITHOUT_CLOCK = frozenset({"draft", "suspended"})


@dataclass(frozen=True, slots=True)
class Light:
    """Colour and word; ``days_left`` is negative after the due day, None without a clock.

    ``late`` marks what was handed in after its due day (逾期补报), counted apart.
    """

    colour: str
    word: str
    days_left: int | None = None
    late: bool = False

    @property
    def shape(self) -> str:
        """How it is drawn: its colour, or ``closed`` for what is done."""
        return "closed" if self.word == CLOSED_WORD else self.colour

    @property
    def remaining(self) -> str:
        """How much time is left or has passed, in words; empty without a running clock."""
        if self.days_left is None or self.late:
            return ""
        if self.days_left < 0:
            return f"逾期 {-self.days_left} 天"
        return "今天到期" if self.days_left == 0 else f"剩 {self.days_left} 天"


def light(
    due: date | None,
    state: str,
    on_day: date,
    *,
    submitted_on: date | None = None,
    soon_days: int = SOON_DAYS,
) -> Light:
    """The light of a task as seen on a day.

    ``submitted_on`` is the day on which the department handed in its result:
    from then on the department's clock stands still while it is reviewed.
    """
    handed_in = submitted_on is not None and submitted_on <= on_day
    late = handed_in and due is not None and submitted_on is not None and submitted_on > due
    if state == "closed":
        return Light(GREY, LATE_WORD if late else CLOSED_WORD, late=late)
    if due is None or state in WITHOUT_CLOCK:
        return Light(GREY, WORDS[GREY])
    days_left = (due - on_day).days
    if state == "submitted" and handed_in:
        return Light(RED, LATE_WORD, days_left, late=True) if late else Light(GREEN, WORDS[GREEN])
    colour = _running(days_left, soon_days)
    return Light(colour, WORDS[colour], days_left)


def _running(days_left: int, soon_days: int) -> str:
    if days_left < 0:
        return RED
    return YELLOW if days_left <= soon_days else GREEN
