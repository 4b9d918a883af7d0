"""When reports are due: pure arithmetic, from the facts of an incident and a table that is handed in.

The clock starts when the disaster happens, not when it is entered. A limit
includes its last minute: a report is in time when ``reported_at <= due_at``.
Times are handed in as local ones, so that the sentences can name them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

IMMEDIATE, PHONE, MEDIA, WRITTEN, FOLLOWUP = "immediate", "phone", "media", "written", "followup"
WORDS = {
    IMMEDIATE: "第一时间报告",
    PHONE: "电话报告",
    MEDIA: "图文影像",
    WRITTEN: "书面初报",
    FOLLOWUP: "续报",
}
GRADES = ("ordinary", "serious", "major", "extreme")
GRADE_WORDS = {"ordinary": "一般", "serious": "较大", "major": "重大", "extreme": "特大"}
PROVISIONAL = "（待确认）"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a report may take; ``provisional`` marks our own reading of the plan."""

    minutes: int
    clause: str = ""
    provisional: bool = False

    @property
    def length(self) -> timedelta:
        """As a length of time."""
        return timedelta(minutes=self.minutes)

    @property
    def words(self) -> str:
        """20 分钟, 2 小时."""
        return f"{self.minutes // 60} 小时" if self.minutes % 60 == 0 else f"{self.minutes} 分钟"


# What holds where the plan names no limit.
DEFAULTS: Mapping[str, Limit] = {
    IMMEDIATE: Limit(10, provisional=True),
    PHONE: Limit(20),
    MEDIA: Limit(60),
    WRITTEN: Limit(120),
    FOLLOWUP: Limit(120),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an incident; None of ``dead`` or ``missing`` is “not counted yet”.

    ``confirmed_at``: when its grade or its casualties were confirmed.
    ``street``: whether a street reports it, not a member unit.
    """

    occurred_at: datetime
    entered_at: datetime
    severity: str
    confirmed_at: datetime
    unclear: bool = False
    dead: int | None = None
    missing: int | None = None
    street: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that is owed, and why it is due then."""

    kind: str
    due_at: datetime
    basis: str
    provisional: bool = False


def table_of(limits: Mapping[str, Limit]) -> dict[str, Limit]:
    """The plan's limits, completed by the defaults."""
    return {**DEFAULTS, **limits}


def owed_at_first(facts: Facts, table: Mapping[str, Limit]) -> list[Owed]:
    """All that an incident owes when it is entered."""
    owed = [
        _since_it_happened(PHONE, facts, table),
        _since_it_happened(MEDIA, facts, table),
        _since_it_happened(WRITTEN, facts, table),
    ]
    if triggers(facts):
        owed.insert(0, immediate(facts, table))
    if needs_followups(facts):
        written_due = facts.occurred_at + table[WRITTEN].length
        owed.append(followup(facts, table, written_due, since=Since.MISSING))
    return owed


def _since_it_happened(kind: str, facts: Facts, table: Mapping[str, Limit]) -> Owed:
    limit = table[kind]
    due_at = facts.occurred_at + limit.length
    open_question = "街道是否报送图文影像，方案未写明" if kind == MEDIA and facts.street else ""
    basis = (
        f"{_clock(facts.occurred_at)} 发生，{WORDS[kind]}须在 {limit.words}内（含末分钟），"
        f"至迟 {_clock(due_at)}{_source(limit)}。"
    )
    if open_question:
        basis += f"{open_question}{PROVISIONAL}。"
    return Owed(kind, due_at, basis, limit.provisional or bool(open_question))


def triggers(facts: Facts) -> list[str]:
    """What asks for a report at once (第一时间), in words; none for an ordinary incident without victims."""
    found = []
    if GRADES.index(facts.severity) >= GRADES.index("serious"):
        found.append(f"等级为{GRADE_WORDS[facts.severity]}")
    if facts.dead:
        found.append(f"死亡 {facts.dead} 人")
    if facts.missing:
        found.append(f"失踪 {facts.missing} 人")
    return found


def newly_triggered(before: Facts, after: Facts) -> bool:
    """Whether a report at once is owed anew: the grade reached 较大, or more victims were confirmed."""
    serious = GRADES.index("serious")
    graded = GRADES.index(after.severity) >= serious > GRADES.index(before.severity)
    return graded or _more(before.dead, after.dead) or _more(before.missing, after.missing)


def _more(before: int | None, after: int | None) -> bool:
    return (after or 0) > (before or 0)


def immediate(facts: Facts, table: Mapping[str, Limit]) -> Owed:
    """The report at once, counted from the confirmation."""
    limit = table[IMMEDIATE]
    due_at = facts.confirmed_at + limit.length
    basis = (
        f"{_clock(facts.confirmed_at)} 确认{'、'.join(triggers(facts))}，须第一时间报告，"
        f"按确认后 {limit.words}掌握，至迟 {_clock(due_at)}{_source(limit)}。"
    )
    return Owed(IMMEDIATE, due_at, basis, limit.provisional)


class Since(StrEnum):
    """What the next follow-up is counted from, in words."""

    REPORTED = "上一次书面报告或续报"
    MISSING = "上一次书面报告或续报未到，自其时限"
    RAISED = "自调整等级"


def needs_followups(facts: Facts) -> bool:
    """重大 and 特大 as printed; 较大 and what is unclear by our own reading."""
    return facts.unclear or GRADES.index(facts.severity) >= GRADES.index("serious")


def followup(facts: Facts, table: Mapping[str, Limit], previous: datetime, *, since: Since) -> Owed:
    """The next follow-up report.

    ``previous``: when the last written or follow-up report was made, was due
    where it is missing, or when the grade was raised later than either.
    """
    limit = table[FOLLOWUP]
    due_at = previous + limit.length
    printed = GRADES.index(facts.severity) >= GRADES.index("major")
    why = f"等级{GRADE_WORDS[facts.severity]}" if facts.severity != "ordinary" else "情况不明"
    basis = (
        f"{why}，须续报至处置完毕或终报；{since} {_clock(previous)} 起 {limit.words}内，"
        f"至迟 {_clock(due_at)}{_source(limit)}。"
    )
    if not printed:
        basis += f"方案只写明重大以上须续报，较大和情况不明也续报是本平台的理解{PROVISIONAL}。"
    return Owed(FOLLOWUP, due_at, basis, limit.provisional or not printed)


def followup_after_missing(facts: Facts, table: Mapping[str, Limit], missed_due: datetime) -> Owed:
    """The follow-up after one that did not come; none falls before the incident was known here."""
    previous = missed_due
    while previous + table[FOLLOWUP].length <= facts.entered_at:
        previous += table[FOLLOWUP].length
    return followup(facts, table, previous, since=Since.MISSING)


def daily(kind_words: str, due_at: datetime, limit: Limit) -> str:
    """Why a daily report is due then."""
    return f"汛期值守期间每日 {due_at:%H:%M} 前{kind_words}{_source(limit)}。"


def _source(limit: Limit) -> str:
    clause = f"，依据方案{limit.clause}" if limit.clause else ""
    return f"{clause}{PROVISIONAL}" if limit.provisional else clause


def _clock(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def in_time(due_at: datetime, reported_at: datetime) -> bool:
    """Whether a report meets its limit; the last moment belongs to it."""
    return reported_at <= due_at


def minutes_late(due_at: datetime, moment: datetime) -> int:
    """Whole minutes after the limit, rounded up; 0 when there are none."""
    late = moment - due_at
    return max(-(-late // timedelta(minutes=1)), 0)


def reminder_before(kind: str) -> timedelta:
    """How long before the limit the first reminder goes: longer for the longer ones."""
    return timedelta(minutes=5 if kind in (IMMEDIATE, PHONE) else 15)


def acknowledged_for(kind: str) -> timedelta:
    """How long an acknowledgement without a report holds (ours, 待确认); then the reminders go on."""
    return timedelta(minutes=10 if kind in (IMMEDIATE, PHONE) else 30)
