"""A command post with something to show, for tests of its screen."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from floodresponse.command.board import Board, assemble
from floodresponse.command.facts import gather
from floodresponse.models import (
    DutyShift,
    LevelRecord,
    Obligation,
    Station,
)
from floodresponse.roster.days import duty_day
from floodresponse.services import (
    Decision,
    declare_response,
    record_readings,
)
from floodresponse.services.incidents import IncidentContent, report_incident
from organizations.models import Department, User
from tests.accounts import browser_of, person
from tests.floodresponse.city import department, row
from tests.floodresponse.reporting import drill_on

WHY = "雨势持续，提前处置值守。"


def measured(station: Station, *values: Any, every: int = 5, until: int = 0) -> None:
    """Readings up to ``until`` minutes ago, the last value the latest."""
    now = timezone.now()
    moments = [now - timedelta(minutes=until + every * n, seconds=1) for n in range(len(values))]
    rows = [row(station, moment, value) for moment, value in zip(moments, reversed(values), strict=True)]
    assert record_readings(actor=person("duty_officer"), at=now, rows=rows).accepted == len(values)


def board_of(user: User | None = None, *, exercise: bool = False, now: datetime | None = None) -> Board:
    at = now or timezone.now()
    return assemble(gather(user=user or person("commander"), now=at, exercise=exercise), at)


def declared(level: int = 3, *, exercise: bool = False, minutes: int = 0) -> LevelRecord:
    at = timezone.now() - timedelta(minutes=minutes)
    decision = Decision(level=level, reason=WHY, authorised_by="总指挥")
    response = declare_response(actor=person("commander"), at=at, decision=decision, exercise=exercise)
    found: LevelRecord = response.levels.get()
    return found


def happened(minutes: int = 30, unit: str = "东街街道", **more: Any) -> list[Obligation]:
    now = timezone.now()
    if more.get("exercise"):
        drill_on(now)
    content = IncidentContent(
        unit=department(unit), occurred_at=now - timedelta(minutes=minutes), location="柳桥下", **more
    )
    return list(report_incident(actor=person("commander"), content=content, at=now).obligations.all())


def on_duty(unit: Department, phone: str) -> DutyShift:
    """Somebody of a unit is on duty now, with a number to call."""
    now = timezone.now()
    day = duty_day(timezone.localtime(now))
    return DutyShift.objects.create(
        unit=unit, day=day, role="officer", name="林甲", phone=phone, entered_at=now
    )


def page(role: str = "commander", query: str = "") -> str:
    return browser_of(role).get(f"/flood/{query}").content.decode()


def cost(client: Client, address: str) -> int:
    client.get(address)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
