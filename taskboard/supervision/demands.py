"""What supervision waits for: of one's departments on their page, of everybody on the supervisor's desk."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from organizations.models import User
from taskboard.models import Finding, Listing
from taskboard.models.ledgers import LedgerReport
from taskboard.supervision.lights import (
    Mark,
    finding_mark,
    ledger_report_mark,
    listing_mark,
    look_back_mark,
)
from taskboard.supervision.past import as_it_stood
from taskboard.supervision.reads import findings_for_desk, listings_for_desk, look_backs_for_desk

SHOWN = 8
Row = TypeVar("Row", Finding, Listing, LedgerReport)


@dataclass(frozen=True, slots=True)
class Demand:
    """One matter with its kind, its light and the day by which it is due."""

    kind: str
    title: str
    url: str
    due: date
    mark: Mark
    who: str = ""


def demands_on(
    user: User, departments: Collection[int], day: date, moment: datetime | None = None
) -> list[Demand]:
    """What departments, by key, owe besides their tasks, or owed just before the moment, at the end of the
    day; the earliest due first; five queries.
    """
    findings = Finding.objects.visible_to(user).rectifying(moment).filter(department__in=departments)
    listings = listings_for_desk(user, moment).of_departments(departments)
    reports = LedgerReport.objects.visible_to(user).open(moment).filter(department__in=departments)
    found = [
        *_findings(_as(Finding.State.RECTIFYING, findings), day),
        *_listings(_as(Listing.State.LISTED, listings), day),
        *_reports(_as(LedgerReport.State.OPEN, reports.select_related("ledger")), day),
    ]
    return sorted(found, key=lambda demand: demand.due)


def _as(state: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows to be shown in the state for which they were read: some have another by now."""
    for row in rows:
        row.state = state
        yield row


def _findings(findings: Iterable[Finding], today: date) -> list[Demand]:
    return [
        Demand("限期整改", row.text[:60], row.get_absolute_url(), row.rectify_by, finding_mark(row, today))
        for row in findings
    ]


def _listings(listings: Iterable[Listing], today: date) -> list[Demand]:
    return [
        Demand(
            "挂牌督办",
            str(row.matter),
            row.get_absolute_url(),
            row.deadline,
            listing_mark(row, today),
            "、".join(unit.name for unit in row.departments),
        )
        for row in listings
    ]


def _reports(reports: Iterable[LedgerReport], today: date) -> list[Demand]:
    return [
        Demand(
            "台账定期报送",
            row.ledger.title,
            row.get_absolute_url(),
            row.period_end,
            ledger_report_mark(row, today),
        )
        for row in reports
    ]


@dataclass(frozen=True, slots=True)
class DeskSection:
    """A kind of matter on the supervisor's desk: how many, the first of them, and where all stand."""

    title: str
    url_name: str
    query: str
    number: int
    rows: Sequence[Demand]
    empty: str


def sections_for_desk(user: User, day: date, moment: datetime | None = None) -> list[DeskSection]:
    """Listed supervision, look-backs that wait, rectifications to confirm or overdue: as they are, or as
    they were just before the moment, at the end of the day; nine queries.
    """
    listings = listings_for_desk(user, moment)
    look_backs = look_backs_for_desk(user, moment).prefetch_related("task__duties__department")
    findings = findings_for_desk(user, moment)
    return [
        DeskSection(
            "挂牌督办",
            "taskboard:listings",
            "state=listed",
            listings.count(),
            _listings(_as(Listing.State.LISTED, listings[:SHOWN]), day),
            "没有挂牌督办的事项。在任务页或台账条目页可以挂牌。",
        ),
        DeskSection(
            "待回头看",
            "taskboard:look_backs",
            "state=open",
            look_backs.count(),
            [
                Demand(
                    "回头看",
                    row.task.title,
                    row.get_absolute_url(),
                    row.inspect_by,
                    look_back_mark(row, day),
                    "、".join(duty.department.name for duty in row.task.leads),
                )
                for row in map(as_it_stood, look_backs[:SHOWN])
            ],
            "没有到期的回头看。任务办结满规定天数后列在这里。",
        ),
        DeskSection(
            "限期整改",
            "taskboard:findings",
            "",
            findings.count(),
            [
                Demand(
                    "限期整改",
                    row.text[:60],
                    row.get_absolute_url(),
                    row.rectify_by,
                    finding_mark(row, day),
                    row.department.name,
                )
                for row in map(as_it_stood, findings[:SHOWN])
            ],
            "没有限期整改的问题。回头看和专项检查登记的问题列在这里。",
        ),
    ]
