"""Payloads, or parts of them, as the services of the rooms take them. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from directives.models import Directive
from gazette.services.payloads import Payload
from taskboard.services import DepartmentDuty, MilestoneContent


def task_values(payload: Payload) -> dict[str, Any]:
    """A task's payload, or part of it, as arguments of ``TaskContent`` and ``order``."""
    convert: dict[str, Callable[[Any], Any]] = {
        "lead": _duties,
        "support": _duties,
        "due_on": _day,
        "milestones": lambda rows: tuple(
            MilestoneContent(_day_of(on), kind, said) for kind, on, said in rows
        ),
    }
    return _converted(payload, convert)


def _duties(rows: list[list[str]]) -> tuple[DepartmentDuty, ...]:
    return tuple(DepartmentDuty(*row) for row in rows)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day_of(text: str) -> date:
    return date.fromisoformat(text)


def _converted(payload: Payload, convert: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: convert.get(name, lambda value: value)(value) for name, value in payload.items()}


KINDS = (
    ("意见", Directive.Kind.OPINION),
    ("决定", Directive.Kind.DECISION),
    ("批复", Directive.Kind.REPLY),
    ("公告", Directive.Kind.ANNOUNCEMENT),
    ("通告", Directive.Kind.ANNOUNCEMENT),
    ("办法", Directive.Kind.MEASURES),
    ("报告", Directive.Kind.REPORT),
    ("方案", Directive.Kind.PLAN),
    ("通知", Directive.Kind.NOTICE),
)


def kind_of(title: str, plan_title: str) -> str:
    """The kind of document: that of the plan it sends out, else that of its own title."""
    for ending, kind in KINDS:
        if (plan_title or title).endswith(ending):
            return kind
    return Directive.Kind.OTHER
