"""The queues of the supervisor's desk: what waits, in the order in which it is worked off. No database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from taskboard.lights import RED, Light
from taskboard.models import Extension, ReportObligation, Task
from taskboard.moves import OWING

OVERDUE, DUE, UNSIGNED, REVIEW, EXTENSIONS, UNREPORTED = KEYS = (
    *("overdue", "due", "unsigned", "review", "extensions", "unreported"),
)
TITLES = {
    OVERDUE: "逾期",
    DUE: "本周到期",
    UNSIGNED: "未签收",
    REVIEW: "待复核",
    EXTENSIONS: "延期申请",
    UNREPORTED: "未报送",
}
HINTS = {
    OVERDUE: "已过完成时限，部门未反馈",
    UNSIGNED: "还有牵头部门没签收",
    REVIEW: "部门已反馈，等您复核",
    EXTENSIONS: "须在到期前答复",
    UNREPORTED: "定期报送已过应报日期",
}
NOTHING = {
    OVERDUE: "没有逾期的任务。",
    DUE: "本周没有到期的任务。",
    UNSIGNED: "下发的任务各牵头部门都已签收。",
    REVIEW: "没有等待复核的反馈。部门反馈后列在这里。",
    EXTENSIONS: "没有待批的延期申请。",
    UNREPORTED: "应报的定期报送都已报送。",
}
LIGHTS = {OVERDUE: "red", DUE: "yellow", UNSIGNED: "grey", UNREPORTED: "red"}
OF_TASKS = (OVERDUE, DUE, UNSIGNED, REVIEW)
URGED = frozenset({OVERDUE, DUE, UNSIGNED, UNREPORTED})
SUNDAY = 6


def week_end(day: date) -> date:
    """The Sunday of the day's week."""
    return day + min(timedelta(days=SUNDAY - day.weekday()), date.max - day)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the desk: its task, or the report that is owed."""

    light: Light
    task: Task | None = None
    extension: Extension | None = None
    obligation: ReportObligation | None = None
    issued_at: datetime | None = None
    urged: int = 0
    urged_on: date | None = None
    evidence: int = 0
    bulletin: int | None = None
    # Names of the leads that have not signed.
    unsigned: tuple[str, ...] = ()

    @property
    def matter(self) -> Task | ReportObligation | None:
        """What can be urged."""
        return self.obligation or self.task

    @property
    def field(self) -> str:
        """The name under which a form sends it."""
        return "obligation" if self.obligation else "task"

    @property
    def due_before_issue(self) -> bool:
        """Whether it was due before it was issued: nobody could be in time."""
        due = self.task.effective_due_on if self.task else None
        return bool(due and self.issued_at and due < timezone.localdate(self.issued_at))


@dataclass(slots=True)
class Queue:
    """One queue: how many wait, and the rows that are shown."""

    key: str
    total: int
    hint: str
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.key]

    @property
    def number(self) -> int:
        """Its place on the desk, from 1."""
        return KEYS.index(self.key) + 1

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)

    @property
    def empty(self) -> str:
        """What is said where nothing waits."""
        return NOTHING[self.key]

    @property
    def light(self) -> str:
        """The shape beside its title; empty for none."""
        return LIGHTS.get(self.key, "")

    @property
    def urges(self) -> bool:
        """Whether its rows can be urged."""
        return self.key in URGED


def hint_of(key: str, day: date) -> str:
    """What a queue holds, in a few words."""
    if key != DUE:
        return HINTS[key]
    end = week_end(day)
    return f"{day.month}月{day.day}日至{end.month}月{end.day}日"


@dataclass(frozen=True, slots=True)
class Stood:
    """A task of a past day: its state, its due date, the day of its result."""

    pk: int
    state: str
    due: date | None
    handed_in: date | None
    # A lead had not signed although another had.
    unsigned: bool = False

    def belongs(self, key: str, day: date) -> bool:
        """Whether it stood in a queue; the same as ``reading`` asks of the database for today."""
        if key == REVIEW:
            return self.state == Task.State.SUBMITTED
        if self.state not in OWING:
            return False
        if key == UNSIGNED:
            return self.state == Task.State.ISSUED or self.unsigned
        if self.due is None:
            return False
        return self.due < day if key == OVERDUE else day <= self.due <= week_end(day)


def in_queue(key: str, tasks: Iterable[Stood], day: date) -> list[Stood]:
    """What stood in a queue, in its order."""
    found = [task for task in tasks if task.belongs(key, day)]
    first = "handed_in" if key == REVIEW else "due"
    return sorted(found, key=lambda task: (getattr(task, first) or date.max, task.pk))


def belongs(key: str, row: Row, day: date) -> bool:
    """Whether a task's row stands in a queue; the same as the database says in ``reading``."""
    task = row.task
    if task is None:
        return False
    if key == REVIEW:
        return task.state == Task.State.SUBMITTED
    if task.state not in OWING:
        return False
    due = task.effective_due_on
    if key == OVERDUE:
        return row.light.colour == RED
    if key == DUE:
        return due is not None and day <= due <= week_end(day)
    return task.state == Task.State.ISSUED or bool(row.unsigned)


def order_of(key: str, row: Row) -> tuple[object, ...]:
    """How rows follow each other: the longest overdue first, results by the day they were handed in."""
    task = row.task
    assert task is not None
    first = task.submitted_on if key == REVIEW else task.effective_due_on
    return (first or date.max, task.pk)


def sorted_into(key: str, rows: Iterable[Row], day: date, most: int) -> list[Row]:
    """The first rows of a queue out of those of all queues."""
    found = [row for row in rows if belongs(key, row, day)]
    return sorted(found, key=lambda row: order_of(key, row))[:most]


STATES = ("issued", "signed", "in_progress", "submitted", "returned", "closed")
HEADINGS = ("未签收", "已签收", "办理中", "待复核", "退回", "办结")
SHADES = (0, 0.1, 0.25, 0.5)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number, and how dark it is drawn: 0 to 4."""

    state: str
    number: int
    shade: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A lead department and how many of its tasks stand in each state."""

    slug: str
    name: str
    cells: tuple[Cell, ...]
    total: int
    red: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Lead department × state; a task with two leads is counted for both."""

    rows: Sequence[MatrixRow]
    totals: tuple[int, ...]
    total: int
    red: int
    headings: tuple[str, ...] = HEADINGS


def matrix_of(counted: Iterable[tuple[str, str, str, int, int]]) -> Matrix:
    """From rows of slug, name, state, number, how many of them red; the busiest department first."""
    names: dict[str, str] = {}
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    red: Counter[str] = Counter()
    for slug, name, state, number, late in counted:
        if state in STATES:
            names[slug] = name
            by_state[slug][state] += number
            red[slug] += late
    largest = max((max(own.values()) for own in by_state.values()), default=0)
    rows = [_matrix_row(slug, names[slug], own, red[slug], largest) for slug, own in by_state.items()]
    rows.sort(key=lambda row: (-row.total, row.name))
    totals = tuple(sum(own[state] for own in by_state.values()) for state in STATES)
    return Matrix(rows, totals, sum(totals), red.total())


def _matrix_row(slug: str, name: str, own: Counter[str], red: int, largest: int) -> MatrixRow:
    cells = tuple(
        Cell(state, own[state], sum(own[state] > largest * part for part in SHADES)) for state in STATES
    )
    return MatrixRow(slug, name, cells, own.total(), red)
