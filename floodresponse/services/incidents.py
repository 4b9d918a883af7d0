"""Taking in incidents, changing their grade, closing them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from floodresponse.deadlines import (
    IMMEDIATE,
    immediate,
    needs_followups,
    newly_triggered,
    owed_at_first,
    triggers,
)
from floodresponse.drilling import is_drilled
from floodresponse.models import Incident
from floodresponse.services.owing import begin_chain, facts_of, owe, release_followups, table_for
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User

# Older than this is a slip of the pen, not a report.
OLDEST = timedelta(days=366)
CHANGEABLE = ("severity", "unclear", "dead", "missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentContent:
    """An incident as reported; empty numbers are not counted yet."""

    unit: Department
    occurred_at: datetime
    location: str
    kind: str = Incident.Kind.WATERLOGGING
    severity: str = Incident.Severity.ORDINARY
    found_at: datetime | None = None
    confirmed_at: datetime | None = None
    unclear: bool = False
    depth_cm: int | None = None
    summary: str = ""
    street: Department | None = None
    dead: int | None = None
    missing: int | None = None
    exercise: bool = False
    key: UUID | None = None


def require_acting_for(actor: User, unit: Department, what: str) -> None:
    """Refuse whoever neither belongs to the unit nor keeps the office."""
    if not acts_for(actor, unit):
        raise PermissionRefused(f"您没有权限{what}：只有{unit.name}的人员、防涝办值班员和指挥长可以办理。")


@transaction.atomic
def report_incident(*, actor: User, content: IncidentContent, at: datetime) -> Incident:
    """Take in an incident; all that it owes and all reminders are written with it.

    ``content.key`` names one filled-in form: sent twice, it is taken in once; StateConflict where it is
    somebody else's. InvalidInput for a drill's incident while no drill is on.
    """
    require_acting_for(actor, content.unit, "上报该单位的险情")
    known = Incident.objects.filter(key=content.key, entered_by=actor).first() if content.key else None
    if known is not None:
        return known
    found_at = content.found_at or content.confirmed_at or at
    checked = replace(content, found_at=found_at, confirmed_at=content.confirmed_at or at)
    _check_times(checked, at)
    if content.exercise and not is_drilled(at):
        raise _wrong("exercise", "现在没有进行中的演练，不能按演练上报。请去掉“演练”，或等演练开始后再报。")
    values = {name: getattr(checked, name) for name in IncidentContent.__dataclass_fields__}
    values["location"] = content.location.strip()
    try:
        with transaction.atomic():
            incident = Incident.objects.create(entered_at=at, entered_by=actor, tracker=actor, **values)
    except IntegrityError:
        taken = Incident.objects.filter(key=content.key).first() if content.key else None
        if taken is None:
            raise
        if taken.entered_by_id != actor.pk:
            raise StateConflict("表单编号已被别人用过，没有登记。请打开新的上报页面，重新填写。") from None
        return taken
    owed = owed_at_first(facts_of(incident), table_for(incident.occurred_at))
    owe(incident=incident, owed=owed, at=at)
    after = {
        "unit": incident.unit.name,
        "occurred_at": incident.occurred_at,
        "severity": incident.severity,
        "exercise": incident.exercise,
    }
    record_change(actor=actor, action="incident.report", target=incident, at=at, after=after)
    return incident


def _check_times(content: IncidentContent, at: datetime) -> None:
    for name, label in (("occurred_at", "发生时间"), ("found_at", "发现时间"), ("confirmed_at", "确认时间")):
        moment = getattr(content, name)
        if moment > at:
            raise _wrong(name, f"{label}不能晚于现在，请核对。")
        if moment < content.occurred_at:
            raise _wrong(name, f"{label}不能早于发生时间，请核对。")
    if content.occurred_at < at - OLDEST:
        raise _wrong("occurred_at", "发生时间在一年以前，请核对年份。")
    if not content.location.strip():
        raise _wrong("location", "请填写地点。")


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})


@transaction.atomic
def change_grade(
    *, actor: User, incident: Incident, changes: dict[str, Any], at: datetime, reason: str = ""
) -> Incident:
    """Change grade, clearness or casualties; what is newly owed is added, nothing is taken back.

    Casualties are cumulative: InvalidInput where they fall, or are blanked, without a reason.
    """
    require_acting_for(actor, incident.unit, "调整该单位险情的等级和伤亡")
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.resolved_at is not None:
        raise StateConflict("该险情已处置完毕，不能再调整等级；如有变化请重新上报。")
    _check_fall(locked, changes, reason)
    return apply_changes(actor=actor, incident=locked, changes=changes, at=at, reason=reason)


def _check_fall(incident: Incident, changes: dict[str, Any], reason: str) -> None:
    for name, label in (("dead", "死亡"), ("missing", "失踪")):
        known, told = getattr(incident, name), changes.get(name, getattr(incident, name))
        if known is not None and (told is None or told < known) and not reason.strip():
            raise _wrong("reason", f"{label}人数已报 {known} 人，减少或留空须写明核减原因。")


def apply_changes(
    *, actor: User, incident: Incident, changes: dict[str, Any], at: datetime, reason: str = ""
) -> Incident:
    """Write what differs and add what it owes; ``incident`` is locked by the caller."""
    new = {name: changes[name] for name in CHANGEABLE if name in changes}
    new = {name: value for name, value in new.items() if getattr(incident, name) != value}
    if not new:
        return incident
    facts, before = facts_of(incident), {name: getattr(incident, name) for name in new}
    for name, value in new.items():
        setattr(incident, name, value)
    incident.confirmed_at = at
    Incident.objects.filter(pk=incident.pk).update(confirmed_at=at, **new)
    record_change(
        actor=actor,
        action="incident.change",
        target=incident,
        at=at,
        before=before,
        after={**new, "exercise": incident.exercise},
        reason=reason,
    )
    if newly_triggered(facts, facts_of(incident)):
        _owe_at_once(incident, at)
    if needs_followups(facts_of(incident)) and not needs_followups(facts):
        begin_chain(incident=incident, at=at)
    return incident


def _owe_at_once(incident: Incident, at: datetime) -> None:
    """A report at once; one that still waits takes in what was confirmed meanwhile, its limit stays."""
    owed = immediate(facts_of(incident), table_for(incident.occurred_at))
    waiting = incident.obligations.open().filter(kind=IMMEDIATE, due_at__gte=at).order_by("sequence").first()
    if waiting is None:
        owe(incident=incident, owed=[owed], at=at)
        return
    told = "、".join(triggers(facts_of(incident)))
    waiting.basis += f"{timezone.localtime(at):%-m月%-d日 %H:%M} 又确认：{told}，一并报告，时限不变。"
    waiting.save(update_fields=["basis"])


@transaction.atomic
def resolve_incident(*, actor: User, incident: Incident, at: datetime) -> Incident:
    """It is over: follow-ups that are not due yet are owed no longer."""
    require_acting_for(actor, incident.unit, "确认该单位险情处置完毕")
    claimed = Incident.objects.unresolved().filter(pk=incident.pk)
    if claimed.update(resolved_at=at, resolved_by=actor) != 1:
        raise StateConflict("该险情已经确认处置完毕，无需重复操作。")
    incident.refresh_from_db()
    after = {"exercise": incident.exercise}
    record_change(actor=actor, action="incident.resolve", target=incident, at=at, after=after)
    release_followups(actor=actor, incident=incident, at=at, why="处置完毕，不再续报")
    return incident
