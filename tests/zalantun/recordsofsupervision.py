"""One record of every kind that supervision leaves behind."""

from datetime import UTC, date, datetime

from django.db import models

from organizations.models import Department, User
from taskboard.models import (
    Finding,
    FindingEvent,
    Inspection,
    InspectionEvent,
    InspectionMember,
    Ledger,
    Listing,
    ListingEvent,
    LookBack,
    ReportingRule,
    Task,
    TaskTransition,
)
from taskboard.models.ledgers import LedgerReport

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
DAY = date(2023, 5, 8)


def supervision(
    task: Task, ledger: Ledger, rule: ReportingRule, department: Department, user: User
) -> list[models.Model]:
    """A look-back with a finding, a listed task, an inspection, a report on a ledger."""
    closing = TaskTransition.objects.create(
        task=task, at=AT, actor=user, action="close", from_state="submitted", to_state="closed"
    )
    look_back = LookBack.objects.create(
        task=task, closing=closing, closed_on=DAY, days=30, due_on=DAY, opened_at=AT
    )
    finding = Finding.objects.create(
        look_back=look_back, task=task, department=department, text="漏水", rectify_by=DAY, found_at=AT
    )
    listing = Listing.objects.create(
        task=task, notice="催办", leader="林副市长", deadline=DAY, listed_at=AT, listed_by=user
    )
    inspection = Inspection.objects.create(
        title="专项督查", purpose="看进度", starts_on=DAY, ends_on=DAY, created_at=AT, created_by=user
    )
    return [
        look_back,
        finding,
        FindingEvent.objects.create(finding=finding, at=AT, actor=user, action="find", text="漏水"),
        listing,
        ListingEvent.objects.create(listing=listing, at=AT, actor=user, action="list", deadline=DAY),
        inspection,
        InspectionEvent.objects.create(inspection=inspection, at=AT, actor=user, action="create"),
        InspectionMember.objects.create(inspection=inspection, department=department, leads=True),
        LedgerReport.objects.create(
            ledger=ledger, rule=rule, department=department, period_start=DAY, period_end=DAY
        ),
    ]
