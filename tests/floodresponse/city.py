"""A plan, stations and people of an invented city, for tests of observations and responses."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone
from rest_framework.test import APIClient

from floodresponse.models import (
    CommandPostMember,
    Criterion,
    Duty,
    Measure,
    Plan,
    Sign,
    SirenRule,
    Station,
)
from organizations.models import Department, User
from tests.accounts import token_for
from tests.factories import DepartmentFactory, UserFactory

CRITERIA: list[tuple[int, str, int, int | None, dict[str, Any]]] = [
    (1, "rain_3h", 100, None, {}),
    (1, "ponding", 50, None, {}),
    (2, "rain_3h", 50, None, {}),
    (2, "ponding", 30, 50, {}),
    (3, "rain_6h", 50, None, {}),
    (3, "ponding", 20, 30, {"lower_inclusive": False}),
    (4, "rain_6h", 20, None, {}),
    (4, "ponding", 20, 20, {"upper_inclusive": True}),
]


def make_plan(year: int | None = None) -> Plan:
    """A plan with the whole matrix, sirens, two units with duties, the streets, measures by level."""
    plan = Plan.objects.create(
        title="青河市防内涝方案", year=year or timezone.localdate().year, office_phone="5550100"
    )
    for level, kind, lower, upper, more in CRITERIA:
        Criterion.objects.create(
            plan=plan, level=level, kind=kind, lower=lower, upper=upper, **{"clause": "五", **more}
        )
    Sign.objects.create(plan=plan, code="road_cut", label="主干道中断", level=2)
    for level, minutes in ((3, 1), (2, 2), (1, 2)):
        SirenRule.objects.create(plan=plan, level=level, minutes=minutes)
    drains, police = department("排水局"), department("治安局")
    streets = department("街道办事处", Department.Kind.COLLECTIVE)
    for name in ("东街街道", "西街街道"):
        department(name, Department.Kind.STREET, parent=streets)
    for order, (unit, summary) in enumerate(
        ((drains, "抽排积水"), (police, "疏导交通"), (streets, "巡查辖区")), 1
    ):
        Duty.objects.create(plan=plan, order=order, printed_unit=unit.name, summary=summary).units.set([unit])
        if unit != streets:
            CommandPostMember.objects.create(
                plan=plan, order=order, role="成员", printed_name=f"林某{order}", unit=unit
            )
    Measure.objects.create(plan=plan, situation="response", order=1, from_level=4, summary="全天值守")
    wide = Measure.objects.create(
        plan=plan, situation="response", order=2, from_level=3, summary="队伍全部到位"
    )
    wide.units.set([streets])
    return plan


def department(name: str, kind: str = Department.Kind.GOVERNMENT, parent: Model | None = None) -> Department:
    """A department by its name, made once."""
    known = Department.objects.filter(name=name).first()
    found: Department = known or DepartmentFactory(name=name, slug=name, kind=kind, parent=parent)
    return found


def gauge(code: str = "R1", **more: Any) -> Station:
    """An urban rain gauge."""
    values = {"name": f"雨量{code}", "kind": "rain", "is_urban": True, **more}
    return Station.objects.create(code=code, **values)


def low_spot(code: str = "P1", **more: Any) -> Station:
    """A point on the list of low spots."""
    values = {"name": f"桥洞{code}", "kind": "ponding", "is_low_spot": True, **more}
    return Station.objects.create(code=code, **values)


def row(station: Station, at: datetime, value: Any) -> dict[str, Any]:
    """A reading as it is sent."""
    return {"station": station.code, "kind": station.kind, "observed_at": at.isoformat(), "value": value}


class Phone:
    """Somebody with a token who calls the flood interface; the same person when asked again."""

    def __init__(self, role: str | None, unit: Department | None = None) -> None:
        self.http = APIClient()
        self.user: User | None = None
        if role != "anonymous":
            name = f"p-{role}-{unit or ''}"
            known = User.objects.filter(username=name).first()
            self.user = known or UserFactory(username=name, role=role or "", department=unit)
            self.http.credentials(HTTP_AUTHORIZATION=f"Token {token_for(self.user)}")

    def post(self, path: str, data: Any = None, status: int = 201) -> Any:
        """The answer; the status is as expected."""
        response = self.http.post(f"/api/v1/flood/{path}", {} if data is None else data, format="json")
        assert response.status_code == status, (response.status_code, response.content.decode()[:400])
        return response.json()

    def get(self, path: str, status: int = 200) -> Any:
        """The answer; the status is as expected."""
        response = self.http.get(f"/api/v1/flood/{path}")
        assert response.status_code == status, (response.status_code, response.content.decode()[:400])
        return response.json()


def rained(station: Station, mm: str, *, ago: timedelta = timedelta(minutes=1)) -> None:
    """What a gauge reports through the interface."""
    answer = Phone("duty_officer").post("readings/", [row(station, timezone.now() - ago, mm)])
    assert answer["accepted"] == 1, answer
