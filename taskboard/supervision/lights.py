"""How look-backs, findings and listed supervision are lit: shape, word and what is left; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from taskboard import lights
from taskboard.models import Finding, Inspection, Listing, LookBack
from taskboard.models.ledgers import LedgerReport

CLOSED = "closed"
# A report is due every fortnight or month: three days are soon.
REPORT_SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape with its word; ``left`` says how much time remains, empty without a clock."""

    shape: str
    word: str
    left: str = ""

    @property
    def text(self) -> str:
        """Both in one."""
        return f"{self.word}，{self.left}" if self.left else self.word


def look_back_mark(look_back: LookBack, day: date, findings: Iterable[Finding] = ()) -> Mark:
    """To be inspected within a week of its day; afterwards its rectification, or how it ended."""
    state = LookBack.State(look_back.state)
    if state == LookBack.State.OPEN:
        return _running(str(state.label), look_back.inspect_by, day)
    if state == LookBack.State.RECTIFYING:
        marks = [finding_mark(finding, day) for finding in findings]
        overdue = next((mark.left for mark in marks if mark.shape == lights.RED), "")
        return Mark(lights.RED if overdue else lights.YELLOW, str(state.label), overdue)
    if state == LookBack.State.REOPENED:
        return Mark(lights.RED, str(state.label))
    return Mark(lights.GREY if state == LookBack.State.VOID else CLOSED, str(state.label))


def finding_mark(finding: Finding, day: date) -> Mark:
    """By the deadline of the rectification; a late report stays red until it is confirmed."""
    state = Finding.State(finding.state)
    if state == Finding.State.RECTIFYING:
        return _running(str(state.label), finding.rectify_by, day)
    late = finding.reported_on is not None and finding.reported_on > finding.rectify_by
    if state == Finding.State.REPORTED:
        return Mark(lights.RED if late else lights.GREEN, str(state.label), lights.LATE_WORD if late else "")
    if state == Finding.State.CONFIRMED:
        return Mark(CLOSED, str(state.label), lights.LATE_WORD if late else "")
    return Mark(lights.GREY, str(state.label))


def listing_mark(listing: Listing, day: date) -> Mark:
    """By the deadline while it stands on the list."""
    state = Listing.State(listing.state)
    if state == Listing.State.LISTED:
        return _running(str(state.label), listing.deadline, day)
    return Mark(CLOSED, str(state.label))


def inspection_mark(inspection: Inspection, day: date) -> Mark:
    """By its last day until the lead has signed."""
    state = Inspection.State(inspection.state)
    if state != Inspection.State.RUNNING:
        return Mark(CLOSED, str(state.label))
    if day < inspection.starts_on:
        return Mark(lights.GREY, "未开始")
    return _running(str(state.label), inspection.ends_on, day)


def ledger_report_mark(report: LedgerReport, day: date) -> Mark:
    """By its last day; a late catch-up stays red."""
    if report.state == LedgerReport.State.OPEN:
        lit = lights.light(report.period_end, "in_progress", day, soon_days=REPORT_SOON_DAYS)
        return Mark(lit.colour, "待报送", lit.remaining)
    late = report.state == LedgerReport.State.MET_LATE
    return Mark(lights.RED if late else CLOSED, report.get_state_display())


def _running(word: str, due: date, day: date) -> Mark:
    lit = lights.light(due, "in_progress", day)
    return Mark(lit.colour, word, lit.remaining)
