"""Task lists laid out for pages: groups, counts, the plot by department. No database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from taskboard import lights
from taskboard.models import Bulletin, Task, TaskDepartment


@dataclass(frozen=True, slots=True)
class Row:
    """A task with its light on the day, and the bulletin that names it where the page shows one."""

    task: Task
    light: lights.Light
    bulletin: Bulletin | None = None


@dataclass(slots=True)
class Subsection:
    """Tasks under one heading of the second order."""

    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """Tasks under one heading of the first order; ``continued`` when an earlier page began it."""

    title: str
    continued: bool = False
    subsections: list[Subsection] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many tasks of the part are shown."""
        return sum(len(subsection.rows) for subsection in self.subsections)


def grouped(tasks: Iterable[Task], on_day: date, last_part: str | None = None) -> list[Part]:
    """Tasks in printed order under their headings; ``last_part`` is where the page before ended."""
    parts: list[Part] = []
    for task in tasks:
        if not parts or parts[-1].title != task.part:
            parts.append(Part(task.part, continued=not parts and task.part == last_part))
        subsections = parts[-1].subsections
        if not subsections or subsections[-1].title != task.subsection:
            subsections.append(Subsection(task.subsection))
        subsections[-1].rows.append(Row(task, light_of(task, on_day)))
    return parts


def light_of(task: Task, on_day: date) -> lights.Light:
    """The light of a task; its own date or its list's end."""
    return lights.light(task.effective_due_on, task.state, on_day, submitted_on=task.submitted_on)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, with its place on a bar of 100 units."""

    key: str
    word: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks there are, by light and by state."""

    total: int
    by_light: tuple[Share, ...]
    by_state: tuple[Share, ...]

    @property
    def drafts(self) -> int:
        """Tasks that have not been issued."""
        return next((share.count for share in self.by_state if share.key == Task.State.DRAFT), 0)


def counts_of(rows: Iterable[tuple[str, str, int]]) -> Counts:
    """Counts from rows of light, state, number."""
    by_light: Counter[str] = Counter()
    by_state: Counter[str] = Counter()
    for colour, state, number in rows:
        # A closed task is counted as closed, not among those whose clock has not started.
        by_light["closed" if state == Task.State.CLOSED else colour] += number
        by_state[state] += number
    words = {**{c: lights.WORDS[c] for c in lights.COLOURS}, "closed": lights.CLOSED_WORD}
    return Counts(
        by_state.total(),
        shares([(key, word, by_light[key]) for key, word in words.items()]),
        shares([(state.value, str(state.label), by_state[state.value]) for state in Task.State]),
    )


def shares(counts: Sequence[tuple[str, str, int]]) -> tuple[Share, ...]:
    """Neighbouring parts of a bar."""
    total = sum(count for _, _, count in counts) or 1
    start, placed = 0.0, []
    for key, word, count in counts:
        width = round(count * 100 / total, 3)
        placed.append(Share(key, word, count, round(start, 3), width))
        start += width
    return tuple(placed)


@dataclass(frozen=True, slots=True)
class DepartmentBar:
    """How many tasks a department leads and supports; widths of a bar of 100 units."""

    slug: str
    name: str
    lead: int
    support: int
    lead_width: float
    support_width: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Tasks by department, leads first."""

    leading: tuple[DepartmentBar, ...]
    supporting: tuple[DepartmentBar, ...]
    leads: int
    tasks: int
    double_led: int

    @property
    def by_support(self) -> list[DepartmentBar]:
        """Departments that support, the most often named first."""
        supporting = [bar for bar in (*self.leading, *self.supporting) if bar.support]
        return sorted(supporting, key=lambda bar: -bar.support)


def plot_of(rows: Iterable[tuple[str, str, str, int]], tasks: int, double_led: int) -> Plot:
    """The plot from rows of slug, name, role, number."""
    names: dict[str, str] = {}
    numbers: Mapping[str, Counter[str]] = defaultdict(Counter)
    for slug, name, role, number in rows:
        names[slug] = name
        numbers[slug][role] += number
    longest = max((counted.total() for counted in numbers.values()), default=1)
    lead, support = TaskDepartment.Role.LEAD.value, TaskDepartment.Role.SUPPORT.value
    bars = [
        DepartmentBar(
            slug,
            names[slug],
            counted[lead],
            counted[support],
            round(counted[lead] * 100 / longest, 2),
            round(counted[support] * 100 / longest, 2),
        )
        for slug, counted in numbers.items()
    ]
    bars.sort(key=lambda bar: (-bar.lead, -bar.support, bar.name))
    return Plot(
        tuple(bar for bar in bars if bar.lead),
        tuple(bar for bar in bars if not bar.lead),
        sum(bar.lead for bar in bars),
        tasks,
        double_led,
    )
