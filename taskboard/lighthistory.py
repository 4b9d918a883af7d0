"""The history of a light as a strip: runs of days with the same light, placed in a picture: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from taskboard.lights import CLOSED_WORD, GREY, LATE_WORD, Light

WIDTH = 1000
NONE, NO_WORD = "none", "无记录"
SHAPE_AT = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """The light of a day as it was kept."""

    day: date
    colour: str
    word: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row with the same light; ``x`` and ``width`` are its place in the picture."""

    start: date
    end: date
    colour: str
    word: str
    x: int
    width: int

    @property
    def shape(self) -> str:
        """How the light is drawn."""
        return NONE if self.colour == NONE else Light(self.colour, self.word).shape

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.end - self.start).days + 1

    @property
    def roomy(self) -> bool:
        """Whether its word finds room in the picture."""
        return self.width >= SHAPE_AT * len(self.word)

    @property
    def middle(self) -> int:
        """Where its word stands."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole picture."""

    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> date:
        """The first day that was kept."""
        return self.stretches[0].start

    @property
    def end(self) -> date:
        """The last day of the picture."""
        return self.stretches[-1].end

    def __bool__(self) -> bool:
        return bool(self.stretches)


def strip_of(kept: Iterable[Kept], until: date) -> Strip:
    """The strip from the first kept day to ``until``.

    A day between without a record is 无记录, never taken from its neighbour;
    only a closed task, which is kept once, stays closed until the next record.
    """
    rows = sorted((row for row in kept if row.day <= until), key=lambda row: row.day)
    runs = _runs(rows, until)
    if not runs:
        return Strip(())
    first, total = runs[0][0], (runs[-1][1] - runs[0][0]).days + 1
    stretches = []
    for start, end, colour, word in runs:
        x = (start - first).days * WIDTH // total
        right = ((end - first).days + 1) * WIDTH // total
        stretches.append(Stretch(start, end, colour, word, x, right - x))
    return Strip(tuple(stretches))


Run = tuple[date, date, str, str]


def _runs(rows: Sequence[Kept], until: date) -> list[Run]:
    runs: list[Run] = []
    for place, row in enumerate(rows):
        next_day = rows[place + 1].day if place + 1 < len(rows) else until + timedelta(days=1)
        last = next_day - timedelta(days=1)
        stays = _is_closed(row)
        _extend(runs, (row.day, last if stays else row.day, row.colour, row.word))
        if not stays and row.day < last and place + 1 < len(rows):
            runs.append((row.day + timedelta(days=1), last, NONE, NO_WORD))
    return runs


def _is_closed(row: Kept) -> bool:
    return row.colour == GREY and row.word in {CLOSED_WORD, LATE_WORD}


def _extend(runs: list[Run], run: Run) -> None:
    """Add a run, or lengthen the last one where the light is the same."""
    start, end, colour, word = run
    if runs and runs[-1][2:] == (colour, word) and runs[-1][1] + timedelta(days=1) == start:
        runs[-1] = (runs[-1][0], end, colour, word)
    else:
        runs.append(run)
