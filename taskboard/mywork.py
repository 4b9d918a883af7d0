"""What a department has to do now, in order: pure, over rows that the page has read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from taskboard.boards import Row, light_of
from taskboard.lights import RED, YELLOW
from taskboard.models import Bulletin, ProgressReport, Task
from taskboard.urgency import GOING, OVERDUE, RETURNED, SIGN, SOON

# How many titles of a list are named before a count says the rest.
TITLES = 5


@dataclass(slots=True)
class SignCard:
    """The tasks of one list that wait for the department's signature: one press takes all."""

    list_id: int
    title: str
    number: int = 0
    leads: int = 0
    overdue: int = 0
    soon: int = 0
    tasks: list[Task] = field(default_factory=list)

    @property
    def rank(self) -> int:
        """As urgent as the most urgent of its tasks."""
        return OVERDUE if self.overdue else SOON if self.soon else SIGN

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.tasks)


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task that waits for the department, and what it reported last."""

    row: Row
    rank: int
    report: ProgressReport | None


# List, its title, whether led, whether unsigned, light, state, number of tasks.
Count = tuple[int, str, bool, bool, str, str, int]


def sign_cards(counts: Iterable[Count], unsigned: Iterable[Task]) -> list[SignCard]:
    """One a list, counted in full, with the first tasks named."""
    cards: dict[int, SignCard] = {}
    for pk, title, leads, waits, light, _, number in counts:
        if not waits:
            continue
        card = cards.setdefault(pk, SignCard(pk, title))
        card.number += number
        card.leads += number if leads else 0
        card.overdue += number if light == RED else 0
        card.soon += number if light == YELLOW else 0
    for task in unsigned:
        named = cards[task.task_list_id].tasks
        if len(named) < TITLES:
            named.append(task)
    return list(cards.values())


def in_order(
    signing: Sequence[SignCard],
    tasks: Iterable[Task],
    reports: Iterable[ProgressReport],
    named: Mapping[int, Bulletin],
    today: date,
) -> list[SignCard | TaskCard]:
    """Overdue, due soon, to sign, returned."""
    latest = {report.task_id: report for report in reports}
    cards = [
        TaskCard(row_of(task, named, today), rank_of(task, today), latest.get(task.pk)) for task in tasks
    ]
    return sorted([*cards, *signing], key=lambda card: card.rank)


def row_of(task: Task, named: Mapping[int, Bulletin], today: date) -> Row:
    """A task with its light and the bulletin that names it."""
    return Row(task, light_of(task, today), named.get(task.pk))


def rank_of(task: Task, today: date) -> int:
    """What is handed in waits for the supervisor, not for the department."""
    if task.state == Task.State.SUBMITTED:
        return GOING
    colour = light_of(task, today).colour
    if colour in {RED, YELLOW}:
        return OVERDUE if colour == RED else SOON
    return RETURNED if task.state == Task.State.RETURNED else GOING
