"""The stalled projects of a ledger with their plans and the stage in which they are."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices

from taskboard import lights
from taskboard.ledgers.cells import Column
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.past import then_of
from taskboard.ledgers.stages import STAGES, stage_of
from taskboard.models.ledgers import DisposalPlan, Ledger, LedgerRow
from taskboard.supervision.lights import Mark

# By when each project has its plan: the end of the stage in which plans are proposed.
PLANNED = "propose"
# The columns of the entries that a plan decides on.
KIND, WAY = "类型", "处置方式"
KEYS = [stage.key for stage in STAGES]


@dataclass(frozen=True, slots=True)
class Disposal:
    """An entry with its plan, and how its stage stands on the day."""

    row: LedgerRow
    plan: DisposalPlan | None
    mark: Mark
    # What the entry's own columns say of kind and way, in words; empty where they say nothing known.
    listed_kind: str = ""
    listed_way: str = ""

    @property
    def title(self) -> str:
        """The project."""
        return self.row.title

    @property
    def department(self) -> str:
        """Who answers for it."""
        return self.row.department.name

    @property
    def kind(self) -> str:
        """One of the two kinds: of the plan, before there is one as the entry says."""
        return self.plan.get_kind_display() if self.plan else self.listed_kind

    @property
    def way(self) -> str:
        """One of the five ways: of the plan, before there is one as the entry says."""
        return self.plan.get_way_display() if self.plan else self.listed_way

    @property
    def stage_order(self) -> int | None:
        """The place of its stage."""
        return KEYS.index(self.plan.stage) if self.plan and self.plan.stage in KEYS else None


def disposals_of(ledger: Ledger, day: date, moment: datetime | None = None) -> list[Disposal]:
    """All entries that were not moved out; two queries.

    Before a ``moment``, the end of a past day, entries and plans are those of then, by one query more.
    """
    rows: Iterable[LedgerRow] = ledger.rows.select_related("department", "ledger")
    columns = columns_of(ledger)
    kinds, ways = _cells(columns, KIND, DisposalPlan.Kind), _cells(columns, WAY, DisposalPlan.Way)
    plans = {plan.row_id: plan for plan in DisposalPlan.objects.filter(row__ledger=ledger)}
    if moment is not None:
        then = then_of(ledger.rows.all(), columns, moment)
        rows = then.rows(rows)
        plans = {row.pk: plan for row in rows if (plan := then.plan(row, plans.get(row.pk)))}
    return [
        Disposal(
            row,
            plans.get(row.pk),
            stage_mark(row.state, plans.get(row.pk), day),
            listed_kind=kinds(row),
            listed_way=ways(row),
        )
        for row in rows
        if row.state != LedgerRow.State.REMOVED
    ]


def _cells(columns: Iterable[Column], name: str, words: type[TextChoices]) -> Callable[[LedgerRow], str]:
    """Reads the cell of a column from an entry, where it holds one of the plan's own words."""
    keys = [column.key for column in columns if column.name == name]

    def read(row: LedgerRow) -> str:
        said = next((str(row.values.get(key) or "") for key in keys), "")
        return said if said in words.labels else ""

    return read


def stage_mark(state: str, plan: DisposalPlan | None, day: date) -> Mark:
    """Closed once it is off the ledger; else by the last day of its stage, which is still in time."""
    if state == LedgerRow.State.CLOSED:
        return Mark("closed", "已盘活销号")
    stage = stage_of(plan.stage if plan else PLANNED)
    if stage is None:
        return Mark(lights.GREY, "未定阶段")
    lit = lights.light(stage.until, "in_progress", day)
    return Mark(lit.colour, stage.name if plan else "未制定方案", lit.remaining)


def count_by(disposals: Iterable[Disposal], name: str) -> list[tuple[str, int]]:
    """How many of each kind, or of each way; those of which neither plan nor entry tells last."""
    found = Counter(getattr(each, name) for each in disposals)
    choices = DisposalPlan.Kind if name == "kind" else DisposalPlan.Way
    return [*((str(label), found[label]) for label in choices.labels), ("未定", found[""])]
