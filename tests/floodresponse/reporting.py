"""A small city that reports: a street and a bureau with officers, an office, a commander, a unit without."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from floodresponse.drilling import is_drilled
from floodresponse.models import Incident, IncidentReport, Obligation, Plan, Response
from floodresponse.services.incidents import IncidentContent, report_incident
from floodresponse.services.reports import ReportContent, file_report
from organizations.models import Department, User
from tests.factories import DepartmentFactory, UserFactory

# 15:02 in Shanghai.
T0 = datetime(2023, 7, 26, 7, 2, tzinfo=UTC)


def minute(n: float) -> datetime:
    return T0 + timedelta(minutes=n)


@dataclass(frozen=True)
class City:
    street: Department
    bureau: Department
    unmanned: Department
    street_officer: User
    bureau_officer: User
    office: User
    commander: User


def build_city() -> City:
    street = DepartmentFactory(name="柳河街道", slug="liuhe", kind="street", office_phone="5550111")
    bureau = DepartmentFactory(name="水务局", slug="shuiwu")
    office = DepartmentFactory(name="排涝办", slug="pailao", kind="group")
    return City(
        street=street,
        bureau=bureau,
        unmanned=DepartmentFactory(name="园林局", slug="yuanlin"),
        street_officer=UserFactory(username="street", role="duty_officer", department=street),
        bureau_officer=UserFactory(username="bureau", role="department_officer", department=bureau),
        office=UserFactory(username="office", role="duty_officer", department=office),
        commander=UserFactory(username="commander", role="commander"),
    )


def drill_on(at: datetime) -> None:
    """A drill is on then: without one nothing is reported as of a drill."""
    if is_drilled(at):
        return
    plan, _ = Plan.objects.get_or_create(year=T0.year, defaults={"title": "青河市防内涝方案"})
    Response.objects.create(plan=plan, declared_at=at, exercise=True)


def happen(city: City, *, at: datetime | None = None, actor: User | None = None, **values: Any) -> Incident:
    """An incident of the street at T0, entered five minutes later."""
    given: dict[str, Any] = {"unit": city.street, "occurred_at": T0, "location": "柳桥下"}
    if values.get("exercise"):
        drill_on(at or minute(5))
    content = IncidentContent(**(given | values))
    return report_incident(actor=actor or city.office, content=content, at=at or minute(5))


def report(
    incident: Incident,
    actor: User,
    *,
    at: datetime,
    channel: str = "written",
    stage: str = "first",
    **values: Any,
) -> IncidentReport:
    content = ReportContent(channel=channel, stage=stage, **({"text": "积水在退。"} | values))
    return file_report(actor=actor, incident=incident, content=content, at=at)


def owed(incident: Incident, at: datetime) -> dict[str, tuple[float, str]]:
    """By kind and number: minutes after T0, state at a moment."""
    rows: Any = Obligation.objects.filter(incident=incident).seen_at(at)
    return {
        f"{row.kind}-{row.sequence}": ((row.due_at - T0) / timedelta(minutes=1), row.state_then)
        for row in rows
    }
