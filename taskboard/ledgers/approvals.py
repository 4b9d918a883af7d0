"""The pending approvals of a ledger with their clocks: for its page, its workbook and the red lights."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models.functions import TruncDate

from taskboard.ledgers.clocks import Clock, MonthCount, clocks_of, count_by_month, worst
from taskboard.ledgers.columns import columns_of
from taskboard.ledgers.past import then_of
from taskboard.lights import GREY, RED
from taskboard.models.ledgers import ApprovalCase, Ledger, LedgerRow, LedgerRowEvent
from taskboard.workcalendar import current_calendar
from taskboard.workdays import WorkCalendar

# Complaints come in by the hotline; a ledger shows those of its entries.
COMPLAINT, REPLY = LedgerRowEvent.Action.COMPLAINT, LedgerRowEvent.Action.REPLY


@dataclass(frozen=True, slots=True)
class Approval:
    """An entry with its case, clocks and how many complaints there were; ``due`` is the next open limit."""

    row: LedgerRow
    case: ApprovalCase | None
    clocks: tuple[Clock, ...]
    shape: str
    word: str
    complaints: int
    unanswered: int

    @property
    def title(self) -> str:
        """The project."""
        return self.row.title

    @property
    def department(self) -> str:
        """Who approves."""
        return self.row.department.name

    @property
    def approver(self) -> str:
        """Who is responsible."""
        return str(self.case.approver) if self.case and self.case.approver else ""

    @property
    def received_on(self) -> date | None:
        """The day of receipt."""
        return self.case.received_on if self.case else None

    @property
    def outcome(self) -> str:
        """What became of it."""
        return self.case.get_outcome_display() if self.case else ""

    @property
    def due(self) -> date | None:
        """The next limit that is still open."""
        return min((clock.due for clock in self.clocks if clock.due and clock.done_on is None), default=None)


def approvals_of(ledger: Ledger, day: date, moment: datetime | None = None) -> list[Approval]:
    """All entries that were not moved out, with their clocks as of a day; three queries and the calendar.

    Before a ``moment``, the end of a past day, entries and cases are those of then, by one query more.
    """
    rows: Iterable[LedgerRow] = ledger.rows.select_related("department", "ledger")
    cases = {
        case.row_id: case
        for case in ApprovalCase.objects.filter(row__ledger=ledger).select_related("approver")
    }
    if moment is not None:
        then = then_of(ledger.rows.all(), columns_of(ledger), moment)
        rows = then.rows(rows)
        cases = {row.pk: case for row in rows if (case := then.case(row, cases.get(row.pk)))}
    told, waiting = _complaints_of(ledger, moment)
    calendar = current_calendar()
    return [
        _approval(row, cases.get(row.pk), (told[row.pk], waiting[row.pk]), calendar, day)
        for row in rows
        if row.state != LedgerRow.State.REMOVED
    ]


def _complaints_of(ledger: Ledger, moment: datetime | None) -> tuple[Counter[int], Counter[int]]:
    """By entry how many complaints there were, and how many came after the last answer."""
    told: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    events = LedgerRowEvent.objects.filter(row__ledger=ledger, action__in=[COMPLAINT, REPLY])
    if moment is not None:
        events = events.filter(at__lt=moment)
    for row, action in events.order_by("pk").values_list("row", "action"):
        told[row] += action == COMPLAINT
        waiting[row] = waiting[row] + 1 if action == COMPLAINT else 0
    return told, waiting


def _approval(
    row: LedgerRow, case: ApprovalCase | None, told: tuple[int, int], calendar: WorkCalendar, day: date
) -> Approval:
    if case is None:
        return Approval(row, None, (), GREY, "未登记受理", *told)
    clocks = clocks_of(case, calendar)
    return Approval(row, case, clocks, *worst(clocks, day), *told)


def by_light(approvals: Iterable[Approval]) -> Counter[str]:
    """How many in which light."""
    return Counter(approval.shape for approval in approvals)


def by_outcome(approvals: Iterable[Approval]) -> list[tuple[str, int]]:
    """How many went which way; the undecided last."""
    found = Counter(approval.case.outcome if approval.case else "" for approval in approvals)
    decided = [(str(outcome.label), found[outcome.value]) for outcome in ApprovalCase.Outcome]
    return [*decided, ("未定", found[""])]


def months_of(
    ledger: Ledger, approvals: Sequence[Approval], day: date, moment: datetime | None = None
) -> list[MonthCount]:
    """The count of overdue approvals and of complaints month by month since the first receipt, to the day."""
    first = min((each.case.received_on for each in approvals if each.case), default=None)
    if first is None:
        return []
    told = LedgerRowEvent.objects.filter(row__ledger=ledger, action=COMPLAINT)
    if moment is not None:
        told = told.filter(at__lt=moment)
    days = told.annotate(day=TruncDate("at")).values_list("day", flat=True)
    return count_by_month([approval.clocks for approval in approvals], days, first, day)


def red_approvals(day: date) -> list[Approval]:
    """Everything that shows a red light on the day, in all ledgers of pending approvals."""
    ledgers = Ledger.objects.filter(kind=Ledger.Kind.PENDING_APPROVAL)
    return [each for ledger in ledgers for each in approvals_of(ledger, day) if each.shape == RED]
