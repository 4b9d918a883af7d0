"""Records for the admin: duty roster, what is kept at hand, what follows a response."""

from datetime import UTC, date, datetime, timedelta

from django.db import models

from floodresponse.models import (
    AfterActionReport,
    AftermathEntry,
    Drill,
    DutyShift,
    DutySwap,
    Expert,
    Household,
    HouseholdMove,
    KeyPlace,
    Plan,
    PlanConfirmation,
    PlanCorrection,
    ReportingUnit,
    ReportSection,
    RescueTeam,
    Response,
    Shelter,
    Supply,
    SupplyMinimum,
    SupplyMove,
)
from organizations.models import Department, User
from taskboard.models import Task

AT = datetime(2023, 5, 8, 1, 30, tzinfo=UTC)
DAY = date(2023, 5, 8)
# As in the other records: a number that nobody who enters the admin may read.
NUMBER = "13000000001"


def readiness(plan: Plan, task: Task, unit: Department, user: User, n: int = 0) -> list[models.Model]:
    """All of it."""
    response = Response.objects.create(plan=plan, declared_at=AT, terminated_at=AT)
    return [
        *_roster(unit, user),
        *_at_hand(plan, unit, user, n),
        *_moved(response, unit, user, n),
        *_after(response, task, unit, user),
    ]


def _roster(unit: Department, user: User) -> list[models.Model]:
    shifts = [
        DutyShift.objects.create(
            unit=unit, day=DAY + timedelta(days=day), role="officer", name="林甲", phone=NUMBER, entered_at=AT
        )
        for day in range(2)
    ]
    swap = DutySwap.objects.create(
        shift=shifts[0],
        other=shifts[1],
        name="林甲",
        other_name="林乙",
        reason="出差",
        asked_at=AT,
        asked_by=user,
    )
    return [shifts[0], swap]


def _at_hand(plan: Plan, unit: Department, user: User, n: int) -> list[models.Model]:
    supply = Supply.objects.create(unit=unit, name="沙袋", measure="只", quantity=9, phone=NUMBER)
    return [
        supply,
        SupplyMinimum.objects.create(unit=unit, name="沙袋", level=4, quantity=50),
        SupplyMove.objects.create(supply=supply, kind="in", change=9, after=9, reason="购入", at=AT, by=user),
        RescueTeam.objects.create(unit=unit, name="抢险一队", phone=NUMBER),
        Expert.objects.create(name="林工", employer=f"设计院{n}", phone=NUMBER),
        KeyPlace.objects.create(name=f"北街桥洞{n}", kind="underpass", phone=NUMBER),
        Shelter.objects.create(name=f"北街小学{n}", phone=NUMBER),
        Drill.objects.create(title=f"桌面推演{n}", held_on=DAY, unit=unit),
        PlanConfirmation.objects.create(
            plan=plan, year=2024, basis="例会", confirmed_at=AT, confirmed_by=user
        ),
        ReportingUnit.objects.create(
            plan=plan, unit=unit, owes=False, reason="例会", decided_at=AT, decided_by=user
        ),
        PlanCorrection.objects.create(plan=plan, texts=[], reason="导入公报", standing="void"),
    ]


def _moved(response: Response, street: Department, user: User, n: int) -> list[models.Model]:
    household = Household.objects.create(
        street=street, head="林户主", address=f"柳巷 {n} 号", people=3, phone=NUMBER
    )
    move = HouseholdMove.objects.create(
        household=household, response=response, people=3, moved_at=AT, moved_by=user
    )
    return [household, move]


def _after(response: Response, task: Task, unit: Department, user: User) -> list[models.Model]:
    entry = AftermathEntry.objects.create(
        response=response,
        kind="rebuilding",
        text="修复箱涵",
        unit=unit,
        task=task,
        entered_at=AT,
        entered_by=user,
    )
    report = AfterActionReport.objects.create(response=response, title="总结报告", written_at=AT)
    section = ReportSection.objects.create(
        report=report, key="lessons", order=1, title="经验教训", written="无", text="无"
    )
    return [entry, report, section, report.history.get(), section.history.get()]
