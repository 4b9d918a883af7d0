"""Which units owe daily reports, line by line: found, sorted, as a table for a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from floodresponse.members import member_units
from floodresponse.models import Plan, ReportingUnit
from floodresponse.readiness import assemble
from organizations.models import Department

HEADER = ("单位", "在名单", "印有职责", "应报", "待确认", "依据", "确认人", "确认时间")
FROM_THE_PLAN = "方案名单"
STATES = [("", "全部"), ("owes", "应报"), ("not", "不报"), ("gap", "待确认"), ("settled", "已由防涝办确认")]


@dataclass(frozen=True, slots=True)
class Line:
    """A unit: whether it has a seat and a printed duty, what was settled; ``gap`` where the lists differ."""

    unit: Department
    seat: bool
    duty: bool
    gap: bool
    settled: ReportingUnit | None

    @property
    def owes(self) -> bool:
        """As settled, else as the lists say."""
        return self.settled.owes if self.settled else True

    @property
    def basis(self) -> str:
        """On what it rests that the unit reports or does not."""
        return self.settled.reason if self.settled else FROM_THE_PLAN

    def is_in(self, state: str) -> bool:
        """Whether the line is in one of ``STATES``."""
        held = {"owes": self.owes, "not": not self.owes, "gap": self.gap, "settled": self.settled is not None}
        return held.get(state, True)


ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "unit": lambda line: line.unit.name,
    "seat": lambda line: line.seat,
    "duty": lambda line: line.duty,
    "owes": lambda line: line.owes,
    "basis": lambda line: line.basis,
}


class ReportingFilter(forms.Form):
    """Words of the unit or the ground, and where it stands."""

    q = forms.CharField(label="单位或依据", required=False, max_length=60)
    state = forms.ChoiceField(label="应报", required=False, choices=STATES)


def lines_of(plan: Plan) -> list[Line]:
    """All units of the plan and those that the office added, the open ones first."""
    post = assemble(list(plan.members.select_related("unit")), list(plan.duties.prefetch_related("units")))
    gaps = {unit.pk for unit in (*post.units_without_duty, *post.units_without_seat)}
    seated = {seat.member.unit_id for seat in post.seats} | {head.unit_id for head in post.heads}
    unprinted = {unit.pk for unit in post.units_without_duty}
    settled = {one.unit_id: one for one in plan.reporting_units.select_related("unit", "decided_by")}
    members = list(member_units(plan))
    known = {unit.pk for unit in members}
    added = [one.unit for one in settled.values() if one.unit_id not in known]
    lines = [
        Line(
            unit=unit,
            seat=unit.pk in seated,
            duty=unit.pk in known and unit.pk not in unprinted,
            gap=unit.pk in gaps and unit.pk not in settled,
            settled=settled.get(unit.pk),
        )
        for unit in (*members, *added)
    ]
    return sorted(lines, key=lambda line: not line.gap)


def asked(lines: list[Line], chosen: Mapping[str, str], order: str) -> list[Line]:
    """Those that fit the conditions of ``ReportingFilter``, in the order named; else as they came."""
    for word in chosen.get("q", "").split():
        lines = [line for line in lines if word in line.unit.name or word in line.basis]
    lines = [line for line in lines if line.is_in(chosen.get("state", ""))]
    if key := ORDERS.get(order.removeprefix("-")):
        return sorted(lines, key=key, reverse=order.startswith("-"))
    return lines


def row_of(line: Line) -> tuple[str, ...]:
    """A line of the workbook."""
    settled = line.settled
    decided = f"{timezone.localtime(settled.decided_at):%Y-%m-%d %H:%M}" if settled else ""
    return (
        line.unit.name,
        "是" if line.seat else "否",
        "是" if line.duty else "否",
        "应报" if line.owes else "不报",
        "待确认" if line.gap else "",
        line.basis,
        str(settled.decided_by) if settled else "",
        decided,
    )
