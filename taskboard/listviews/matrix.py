"""Departments against states: how many tasks each leads or supports in which state."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from taskboard.lights import RED, WORDS
from taskboard.listviews.board import ORDER
from taskboard.models import Task, TaskDepartment
from taskboard.querysets import TaskQuerySet

ROLES = {role.value: str(role.label) for role in TaskDepartment.Role}
NAME, TOTAL, LIT = "name", "total", "red"


@dataclass(frozen=True, slots=True)
class Cell:
    """How many tasks of a department are in a state."""

    state: str
    count: int

    @property
    def word(self) -> str:
        """The state in words."""
        return str(Task.State(self.state).label)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A department with its counts in the order of the columns."""

    slug: str
    name: str
    cells: Sequence[Cell]
    total: int
    # Of them with a red light.
    red: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows; ``columns`` are the states that occur, with their words.

    A task with two departments in the role counts for each of them, in the totals too.
    """

    columns: Sequence[tuple[str, str]]
    rows: Sequence[MatrixRow]

    @property
    def totals(self) -> list[Cell]:
        """The sum of each column."""
        return [
            Cell(state, sum(row.cells[place].count for row in self.rows))
            for place, (state, _) in enumerate(self.columns)
        ]

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum(row.total for row in self.rows)

    @property
    def red(self) -> int:
        """How many are red."""
        return sum(row.red for row in self.rows)

    def header(self, role: str) -> list[str]:
        """The heading of the sheet."""
        return [f"{ROLES[role]}部门", *(word for _, word in self.columns), "合计", WORDS[RED]]

    def lines(self) -> list[list[str | Decimal]]:
        """The rows of the sheet."""
        lines: list[tuple[str, list[int]]] = [
            (row.name, [*(cell.count for cell in row.cells), row.total, row.red]) for row in self.rows
        ]
        if lines:
            lines.append(("合计", [*(cell.count for cell in self.totals), self.total, self.red]))
        return [[name, *map(Decimal, numbers)] for name, numbers in lines]


def matrix_of(tasks: TaskQuerySet, role: str, sort: str, moment: datetime | None = None) -> Matrix:
    """Counts by department and state; ``sort`` is ``name``, ``total``, ``red`` or a state, the largest first.

    A task that others have signed is ``issued`` for a lead that has not.
    ``tasks`` say how they are lit and where they stood, those of a past day just before ``moment``.
    """
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    red: Counter[str] = Counter()
    of = "own" if role == TaskDepartment.Role.LEAD else "stood"
    for slug, name, _, _, state, light, number in tasks.count_by_department(
        of, "light", role=role, moment=moment
    ):
        counts[slug, name][state] += number
        red[slug] += number if light == RED else 0
    used = {state for counted in counts.values() for state in counted}
    columns = [(state.value, str(state.label)) for state in ORDER if state.value in used]
    rows = []
    for (slug, name), counted in counts.items():
        cells = [Cell(state, counted[state]) for state, _ in columns]
        rows.append(MatrixRow(slug, name, cells, counted.total(), red[slug]))
    return Matrix(columns, _sorted(rows, [state for state, _ in columns], sort))


def _sorted(rows: list[MatrixRow], states: Sequence[str], sort: str) -> list[MatrixRow]:
    by_name = sorted(rows, key=lambda row: row.name)
    if sort == NAME:
        return by_name
    if sort == LIT:
        return sorted(by_name, key=lambda row: -row.red)
    if sort in states:
        place = states.index(sort)
        return sorted(by_name, key=lambda row: -row.cells[place].count)
    return sorted(by_name, key=lambda row: -row.total)
