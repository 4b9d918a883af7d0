"""The stalled projects of a ledger with their plans and the stage in which they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from taskboard import lights
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.past import then_of
from taskboard.ledgers.stages import STAGES, stage_of
from taskboard.models.ledgers import DisposalPlan, Ledger, LedgerRow
from taskboard.supervision.lights import Mark

# By when each project has its plan: the end of the stage in which plans are proposed.
PLANNED = "propose"
KEYS = [stage.key for stage in STAGES]


@dataclass(frozen=True, slots=True)
class Disposal:
    """An entry with its plan, and how its stage stands on the day."""

    row: LedgerRow
    plan: DisposalPlan | None
    mark: Mark

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
        """One of the two kinds."""
        return self.plan.get_kind_display() if self.plan else ""

    @property
    def way(self) -> str:
        """One of the five ways."""
        return self.plan.get_way_display() if self.plan else ""

    @property
    def stage_order(self) -> int | None:
        """The place of its stage."""
        return KEYS.index(self.plan.stage) if self.plan and self.plan.stage in KEYS else None


def disposals_of(ledger: Ledger, day: date, moment: datetime | None = None) -> list[Disposal]:
    """All entries that were not moved out; two queries.

    Before a ``moment``, the end of a past day, entries and plans are those of then, by one query more.
    """
    rows: Iterable[LedgerRow] = ledger.rows.select_related("department", "ledger")
    plans = {plan.row_id: plan for plan in DisposalPlan.objects.filter(row__ledger=ledger)}
    if moment is not None:
        then = then_of(ledger.rows.all(), columns_of(ledger), moment)
        rows = then.rows(rows)
        plans = {row.pk: plan for row in rows if (plan := then.plan(row, plans.get(row.pk)))}
    return [
        Disposal(row, plans.get(row.pk), stage_mark(row.state, plans.get(row.pk), day))
        for row in rows
        if row.state != LedgerRow.State.REMOVED
    ]


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
    """How many of each kind, or of each way; those without a plan last."""
    found = Counter(getattr(each.plan, name) if each.plan else "" for each in disposals)
    choices = DisposalPlan.Kind if name == "kind" else DisposalPlan.Way
    return [*((str(choice.label), found[choice.value]) for choice in choices), ("未定", found[""])]
