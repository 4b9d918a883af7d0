"""What stood in a ledger just before a moment that is past, out of the history of its entries.

Rows, cases and plans that come from here are to be shown, never to be saved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from organizations.models import User
from taskboard.ledgers.cells import NUMBER, Column
from taskboard.ledgers.stages import STAGES
from taskboard.models.ledgers import ApprovalCase, DisposalPlan, LedgerRow, LedgerRowEvent

Action, State = LedgerRowEvent.Action, LedgerRow.State
# Steps that keep the cells as they were before.
REWRITING = frozenset({Action.CHANGE, Action.CORRECT, Action.REMOVE})
NO_VERSION = 0
# Of the words in the history the names of days of a case.
CASE_DAYS = {
    "受理日期": "received_on",
    "承诺时限": "promised_on",
    "初审日期": "reviewed_on",
    "办结日期": "outcome_on",
}


def count_then(state: str, moment: datetime) -> Coalesce:
    """Of an annotated ledger how many entries stood in the state."""
    after = LedgerRowEvent.objects.filter(row=OuterRef("pk"), at__gte=moment).order_by("at", "pk")
    rows = LedgerRow.objects.filter(ledger=OuterRef("pk"), created_at__lt=moment)
    # An empty one says nothing of the state, as in ``_put_back``.
    before = NullIf(Subquery(after.values("from_state")[:1]), Value(""))
    stood = rows.annotate(stood=Coalesce(before, F("state")))
    counted = stood.filter(stood=state).order_by().values("ledger").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), Value(0))


@dataclass(frozen=True, slots=True)
class Then:
    """The history of entries, and the moment just before which they are looked at."""

    moment: datetime
    columns: Sequence[Column]
    steps: Mapping[int, Sequence[LedgerRowEvent]]

    def rows(self, rows: Iterable[LedgerRow]) -> list[LedgerRow]:
        """Those that had been entered, each as it stood."""
        return [self._put_back(row) for row in rows if row.created_at < self.moment]

    def _put_back(self, row: LedgerRow) -> LedgerRow:
        before, after = self._parted(row)
        if after:
            row.state = after[0].from_state or row.state
        rewritten = next((step for step in after if step.action in REWRITING), None)
        if rewritten is not None:
            names = {column.name: column.key for column in self.columns}
            row.values = {names[name]: value for name, value in rewritten.before.items() if name in names}
            row.title = row.values.get(self.columns[0].key, row.title)
        signed = row.signed_at is not None and row.signed_at < self.moment
        if not signed:
            row.signed_at = row.signed_by = None
        closing = [step.at for step in before if step.action == Action.CLOSE]
        row.closed_at = closing[-1] if closing and row.state == State.CLOSED else None
        # A sheet of a past day, handed back in, must not pass for one of today.
        row.version = NO_VERSION
        return row

    def _parted(self, row: LedgerRow) -> tuple[list[LedgerRowEvent], list[LedgerRowEvent]]:
        steps = self.steps.get(row.pk, ())
        return [s for s in steps if s.at < self.moment], [s for s in steps if s.at >= self.moment]

    def case(self, row: LedgerRow, now: ApprovalCase | None) -> ApprovalCase | None:
        """How the approval was dealt with until then."""
        words = self._words(row, Action.CASE)
        if words is None:
            return now
        return case_of(row, words) if words else None

    def plan(self, row: LedgerRow, now: DisposalPlan | None) -> DisposalPlan | None:
        """The plan as it was then."""
        words = self._words(row, Action.PLAN)
        if words is None:
            return now
        return plan_of(row, words, now) if words else None

    def _words(self, row: LedgerRow, action: str) -> Mapping[str, Any] | None:
        """What was on record by the last such step; empty before the first one, None where there is none."""
        before, after = self._parted(row)
        kept = [step.after for step in before if step.action == action]
        lost = [step.before for step in after if step.action == action]
        return kept[-1] if kept else lost[0] if lost else None


def then_of(rows: "QuerySet[LedgerRow]", columns: Sequence[Column], moment: datetime) -> Then:
    """The history of the rows: one query."""
    steps: dict[int, list[LedgerRowEvent]] = defaultdict(list)
    for step in LedgerRowEvent.objects.filter(row__in=rows.order_by().values("pk")).order_by("at", "pk"):
        steps[step.row_id].append(step)
    return Then(moment, columns, steps)


def case_of(row: LedgerRow, words: Mapping[str, Any]) -> ApprovalCase:
    """A case out of the words in which the history keeps it; the approver as he was named."""
    outcomes = {str(choice.label): choice.value for choice in ApprovalCase.Outcome}
    days = {
        field: date.fromisoformat(words[name]) if words.get(name) else None
        for name, field in CASE_DAYS.items()
    }
    name = words.get("审批人", "")
    return ApprovalCase(
        row=row,
        approver=User(display_name=name, username=name) if name else None,
        to_forward=bool(words.get("审批权限")),
        offline=bool(words.get("办理渠道")),
        outcome=outcomes.get(words.get("去向", ""), ""),
        **days,
    )


def plan_of(row: LedgerRow, words: Mapping[str, Any], now: DisposalPlan | None) -> DisposalPlan:
    """A plan out of the words in which the history keeps it; its paper is the one on file."""
    return DisposalPlan(
        row=row,
        kind=_value(DisposalPlan.Kind, words.get("类型", "")),
        way=_value(DisposalPlan.Way, words.get("处置方式", "")),
        measures=words.get("处置措施", ""),
        stage=next((stage.key for stage in STAGES if stage.name == words.get("阶段")), ""),
        file=now.file if now else None,
    )


def _value(choices: Any, label: str) -> str:
    return next((choice.value for choice in choices if str(choice.label) == label), "")


def matching(
    rows: Iterable[LedgerRow], columns: Sequence[Column], *, state: str, department: str, words: str
) -> list[LedgerRow]:
    """Rows in the state, of the department (its slug), that hold every word; what is empty asks nothing."""
    wanted = words.lower().split()
    return [
        row
        for row in rows
        if (not state or row.state == state)
        and (not department or row.department.slug == department)
        and all(word in _said(row, columns) for word in wanted)
    ]


def _said(row: LedgerRow, columns: Sequence[Column]) -> str:
    cells = (row.values.get(column.key, "") for column in columns)
    return "\n".join((row.title, row.department.name, *cells)).lower()


def in_order(rows: Iterable[LedgerRow], column: Column, *, falling: bool) -> list[LedgerRow]:
    """By a column; rows without a value last."""
    known: list[LedgerRow] = []
    unknown: list[LedgerRow] = []
    for row in rows:
        (known if row.values.get(column.key) else unknown).append(row)
    number = column.type == NUMBER

    def place(row: LedgerRow) -> Any:
        value = row.values[column.key]
        return Decimal(value) if number else value

    return [*sorted(known, key=place, reverse=falling), *unknown]
