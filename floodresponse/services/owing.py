"""Making reports owed, and settling them: what incidents, reports and the daily round share."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from floodresponse.deadlines import (
    FOLLOWUP,
    WRITTEN,
    Facts,
    Limit,
    Owed,
    Since,
    followup,
    in_time,
    minutes_late,
    needs_followups,
    table_of,
)
from floodresponse.models import Incident, IncidentReport, Obligation, Plan
from floodresponse.services.reminders import cancel_reminders, queue_reminders
from foundation.services.audit import record_change
from organizations.models import Department, User

State = Obligation.State


def table_for(moment: datetime) -> Mapping[str, Limit]:
    """The limits of the plan that holds in the year of a moment."""
    plan = Plan.objects.holding_in(timezone.localtime(moment).year)
    rows = plan.deadlines.exclude(minutes=None) if plan else ()
    return table_of({row.kind: Limit(row.minutes or 0, row.clause, row.provisional) for row in rows})


def facts_of(incident: Incident) -> Facts:
    """What the limits are counted from, in local time."""
    return Facts(
        occurred_at=timezone.localtime(incident.occurred_at),
        entered_at=timezone.localtime(incident.entered_at),
        confirmed_at=timezone.localtime(incident.confirmed_at),
        severity=incident.severity,
        unclear=incident.unclear,
        dead=incident.dead,
        missing=incident.missing,
        street=incident.unit.kind == Department.Kind.STREET,
    )


def owe(*, incident: Incident, owed: Iterable[Owed], at: datetime) -> list[Obligation]:
    """Write obligations with their reminders; the number of each counts on from those of its kind."""
    made = []
    for one in owed:
        last = incident.obligations.filter(kind=one.kind).order_by("-sequence").first()
        made.append(
            Obligation.objects.create(
                incident=incident,
                unit=incident.unit,
                kind=one.kind,
                sequence=last.sequence + 1 if last else 1,
                due_at=one.due_at,
                basis=one.basis,
                provisional=one.provisional,
                created_at=at,
            )
        )
    queue_reminders(obligations=made, at=at)
    return made


def meet(
    *, obligation: Obligation, reported_at: datetime, report: IncidentReport | None, at: datetime
) -> bool:
    """Settle an open obligation; returns whether it was this call that did. Late is kept as late."""
    state = State.MET if in_time(obligation.due_at, reported_at) else State.MET_LATE
    claimed = Obligation.objects.filter(pk=obligation.pk, state=State.OPEN)
    if claimed.update(state=state, met_at=reported_at, met_by=report) != 1:
        return False
    obligation.refresh_from_db(fields=["state", "met_at", "met_by"])
    cancel_reminders(obligation=obligation, at=at, why="已报告")
    return True


def release(*, actor: User | None, obligation: Obligation, at: datetime, why: str) -> bool:
    """Owed no longer, before its limit: kept as excused with the reason."""
    claimed = Obligation.objects.filter(pk=obligation.pk, state=State.OPEN)
    values = {"excused_at": at, "excused_by": actor, "excuse_reason": why}
    if claimed.update(state=State.EXCUSED, **values) != 1:
        return False
    cancel_reminders(obligation=obligation, at=at, why=why)
    return True


def begin_chain(*, incident: Incident, at: datetime) -> None:
    """Open the first follow-up of an incident whose grade was raised; nothing is asked of the time before."""
    if is_over(incident) or incident.obligations.filter(kind=FOLLOWUP).exists():
        return
    facts, table = facts_of(incident), table_for(incident.occurred_at)
    latest = incident.reports.links_of_the_chain().order_by("-reported_at").first()
    written_due = facts.occurred_at + table[WRITTEN].length
    previous = timezone.localtime(latest.reported_at) if latest else written_due
    start = max(previous, timezone.localtime(at))
    since = Since.RAISED if start > previous else Since.REPORTED if latest else Since.MISSING
    owed = followup(facts, table, start, since=since)
    owe(incident=incident, owed=[owed], at=at)


def carry_on(*, actor: User, incident: Incident, report: IncidentReport, at: datetime) -> None:
    """Count the next follow-up from a report that has just come; the final report ends the chain."""
    if is_over(incident):
        release_followups(actor=actor, incident=incident, at=at, why="已终报或处置完毕，不再续报")
        return
    facts, links = facts_of(incident), incident.reports.links_of_the_chain()
    if not needs_followups(facts) or not links.filter(pk=report.pk).exists():
        return
    first = incident.obligations.filter(kind=FOLLOWUP).order_by("sequence").first()
    start, since = links.latest("reported_at").reported_at, Since.REPORTED
    if first is not None and first.created_at > incident.entered_at:
        # The grade was raised later: the chain began then.
        start, since = max((start, Since.REPORTED), (first.created_at, Since.RAISED))
    owed = followup(facts, table_for(incident.occurred_at), timezone.localtime(start), since=since)
    waiting = incident.obligations.open().filter(kind=FOLLOWUP).order_by("sequence").last()
    if waiting is None:
        owe(incident=incident, owed=[owed], at=at)
    elif waiting.due_at >= at and waiting.due_at != owed.due_at:
        _move(waiting, owed, at)


def is_over(incident: Incident) -> bool:
    """Whether nothing more is to follow: resolved, or reported for the last time."""
    ended = incident.reports.filter(stage=IncidentReport.Stage.FINAL)
    return incident.resolved_at is not None or ended.exists()


def _move(obligation: Obligation, owed: Owed, at: datetime) -> None:
    before = {"due_at": obligation.due_at}
    cancel_reminders(obligation=obligation, at=at, why="时限已重新计算")
    obligation.due_at, obligation.basis = owed.due_at, owed.basis
    Obligation.objects.filter(pk=obligation.pk).update(due_at=owed.due_at, basis=owed.basis)
    record_change(
        actor=None,
        action="obligation.move",
        target=obligation,
        at=at,
        before=before,
        after={"due_at": owed.due_at},
        reason=owed.basis,
    )
    queue_reminders(obligations=[obligation], at=at)


def release_followups(*, actor: User | None, incident: Incident, at: datetime, why: str) -> None:
    """End the chain: what is not due yet is owed no longer; what is overdue stays."""
    for obligation in incident.obligations.open().filter(kind=FOLLOWUP, due_at__gte=at):
        release(actor=actor, obligation=obligation, at=at, why=why)


def words_of(obligation: Obligation) -> dict[str, object]:
    """What the log says of an obligation that was settled."""
    late = minutes_late(obligation.due_at, obligation.met_at) if obligation.met_at else 0
    return {
        "kind": obligation.kind,
        "sequence": obligation.sequence,
        "state": obligation.state,
        "late": late,
        "exercise": obligation.exercise,
    }
