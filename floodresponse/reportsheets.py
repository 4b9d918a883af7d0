"""Incidents and what is owed as workbooks, and the orders in which their lists stand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpResponse
from django.utils import timezone

from floodresponse.downloads import workbook_response
from floodresponse.models import Incident, Obligation

MOST_ROWS = 20_000
DRILL = "【演练】"
SEVERITIES = {severity: rank for rank, severity in enumerate(Incident.Severity.values)}
INCIDENT_SORTS = {"occurred_at": "发生早的在前", "-severity": "等级高的在前", "unit": "按单位"}
OBLIGATION_SORTS = {"due_at": "时限早的在前", "-due_at": "时限晚的在前", "unit": "按单位"}
INCIDENT_HEADER = (
    "演练", "单位", "类型", "等级", "情况不明", "地点", "积水（厘米）", "发生", "发现", "录入", "死亡",
    "失踪", "情况", "跟踪人", "处置完毕",
)  # fmt: skip
OBLIGATION_HEADER = (
    "演练", "单位", "报告", "次序", "事件", "时限", "状态", "报告时间", "迟报（分钟）", "发现时已超时",
    "依据", "免责理由",
)  # fmt: skip


def sorted_incidents(rows: QuerySet[Incident], order: str) -> QuerySet[Incident]:
    """In one of ``INCIDENT_SORTS``; without one the newest first."""
    if order == "-severity":
        ranks = [When(severity=name, then=Value(rank)) for name, rank in SEVERITIES.items()]
        return rows.order_by(Case(*ranks, default=Value(0)).desc(), "-occurred_at", "-pk")
    if order == "unit":
        return rows.order_by("unit__order", "unit__name", "-occurred_at", "-pk")
    return rows.order_by("occurred_at", "pk") if order == "occurred_at" else rows


def sorted_obligations(rows: Any, order: str) -> Any:
    """In one of ``OBLIGATION_SORTS``; without one what is overdue first, then what runs out next."""
    if order == "unit":
        return rows.order_by("unit__order", "unit__name", "due_at", "pk")
    return rows.order_by(order, "pk") if order in OBLIGATION_SORTS else rows.urgent_first()


def incidents_workbook(rows: QuerySet[Incident]) -> HttpResponse:
    """The incidents asked for; those of drills are marked in each line."""
    lines = (_incident(one) for one in rows.select_related("unit", "tracker")[:MOST_ROWS])
    return workbook_response("涝情险情灾情", "flood-incidents", INCIDENT_HEADER, lines)


def obligations_workbook(rows: Iterable[Obligation], at: datetime) -> HttpResponse:
    """What is owed, as of a moment; that of drills is marked in each line."""
    lines = (_obligation(one, at) for one in rows)
    return workbook_response("报告时限", "flood-obligations", OBLIGATION_HEADER, lines)


def _incident(one: Incident) -> Sequence[str]:
    return (
        DRILL if one.exercise else "",
        one.unit.name,
        one.get_kind_display(),
        one.get_severity_display(),
        "是" if one.unclear else "",
        one.location,
        _number(one.depth_cm),
        _when(one.occurred_at),
        _when(one.found_at),
        _when(one.entered_at),
        _number(one.dead),
        _number(one.missing),
        one.summary,
        str(one.tracker or ""),
        _when(one.resolved_at),
    )


def _obligation(one: Obligation, at: datetime) -> Sequence[str]:
    states = dict(Obligation.State.choices)
    return (
        DRILL if one.incident and one.incident.exercise else "",
        one.unit.name,
        one.get_kind_display(),
        str(one.sequence),
        str(one.incident or ""),
        _when(one.due_at),
        str(states[one.state_then]),  # type: ignore[attr-defined]  # added by ``seen_at``
        _when(one.met_at),
        str(one.minutes_late_at(at) or ""),
        "是" if one.found_too_late else "",
        one.basis,
        one.excuse_reason,
    )


def _number(value: int | None) -> str:
    """Not counted yet is empty, and nobody is 0."""
    return "" if value is None else str(value)


def _when(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
