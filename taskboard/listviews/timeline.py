"""Tasks and stages along a line of time: pure, places in percent of the width."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taskboard.boards import Row, light_of
from taskboard.models import ListStage, Milestone, Task
from taskboard.plausible import is_plausible

# Up to so many months each is marked, then every third, sixth, twelfth: a phone has room for twelve marks.
MONTHS_APART = ((12, 1), (36, 3), (72, 6))
YEARLY = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """From the first day to the last, both whole months."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days the line is long."""
        return (self.last - self.first).days + 1

    def at(self, day: date) -> str:
        """Where a day begins."""
        inside = min(max(day, self.first), self.last + timedelta(days=1))
        return _percent((inside - self.first).days / self.days)

    def wide(self, start: date, end: date) -> str:
        """How wide the days from start to end are, both included."""
        inside = (min(end, self.last) - max(start, self.first)).days + 1
        return _percent(max(inside, 0) / self.days)

    def holds(self, day: date) -> bool:
        """Whether the line shows the day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month with its name; the year stands above its first mark."""

    x: str
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone."""

    x: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A task's line; without a known start only its due day is shown."""

    row: Row
    x: str
    width: str
    done: str
    due_x: str
    said: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class StageBar:
    """A stage: as planned, and as it came."""

    stage: ListStage
    word: str
    x: str
    width: str
    real_x: str
    real_width: str


def scale_of(days: Iterable[date | None], today: date) -> Scale:
    """Whole months around all days that are shown; a year that was misprinted makes no line longer."""
    known = [day for day in days if day is not None and is_plausible(day)] or [today]
    first, last = min(known).replace(day=1), max(known)
    return Scale(first, last.replace(day=monthrange(last.year, last.month)[1]))


def ticks_of(scale: Scale) -> list[Tick]:
    """Names of months, as many as can be read."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month + 1
    apart = next((step for most, step in MONTHS_APART if months <= most), YEARLY)
    ticks: list[Tick] = []
    day = scale.first
    while day <= scale.last:
        if (day.month - 1) % apart == 0:
            ticks.append(Tick(scale.at(day), f"{day.month}月", _year_word(day, apart, first=not ticks)))
        day = (day + timedelta(days=32)).replace(day=1)
    return ticks


def _year_word(day: date, apart: int, *, first: bool) -> str:
    """The year over January, and over the first mark where the next January leaves it room."""
    room = (13 - day.month) / apart > 1
    return f"{day.year}年" if day.month == 1 or (first and room) else ""


def bar_of(task: Task, issued: Mapping[int, date], scale: Scale, on_day: date) -> Bar:
    """A task from its start (a printed one, else the day of issue) to its due day."""
    milestones = list(task.milestones.all())
    start = next((m.on for m in milestones if m.kind == Milestone.Kind.START), issued.get(task.pk))
    due, row = task.effective_due_on, Row(task, light_of(task, on_day))
    marks = [
        Mark(scale.at(m.on), m.kind, f"{m.get_kind_display()} {_day(m.on)}{m.printed and ' '}{m.printed}")
        for m in milestones
    ]
    if due is None:
        return Bar(row, "", "", "", "", "没有时限", marks)
    if start is None or start > due:
        return Bar(row, "", "", "", scale.at(due), f"{_day(due)}到期", marks)
    done = start + timedelta(days=int(((due - start).days + 1) * task.percent / 100) - 1)
    return Bar(
        row,
        scale.at(start),
        scale.wide(start, due),
        scale.wide(start, done),
        scale.at(due),
        f"{_day(start)}至{_day(due)}，进度 {task.percent}%",
        marks,
    )


def stage_bar_of(stage: ListStage, scale: Scale, on_day: date) -> StageBar:
    """A stage; an open end reaches to the end of the line, a stage under way to the day seen."""
    planned = stage.starts_on or stage.ends_on
    start, end = stage.starts_on or scale.first, stage.ends_on or scale.last
    real_end = stage.left_on or on_day
    real = stage.entered_on is not None and stage.entered_on <= real_end
    return StageBar(
        stage,
        stage.word(on_day),
        scale.at(start) if planned else "",
        scale.wide(start, end) if planned else "",
        scale.at(stage.entered_on) if real and stage.entered_on else "",
        scale.wide(stage.entered_on, real_end) if real and stage.entered_on else "",
    )


def days_of_stages(stages: Iterable[ListStage]) -> list[date | None]:
    """Every day that a stage names."""
    return [day for s in stages for day in (s.starts_on, s.ends_on, s.entered_on, s.left_on)]


def _percent(part: float) -> str:
    return f"{part * 100:.3f}%"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
