"""Flood watch (汛期值守) and the daily round: zero reports of all units, weather reports of the bureau."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from floodresponse.command.roster import callee, roster_of
from floodresponse.deadlines import Limit, daily
from floodresponse.members import reporting_units
from floodresponse.models import (
    DailyReport,
    FloodWatch,
    IncidentReport,
    Obligation,
    Plan,
    ReportDeadline,
)
from floodresponse.roster.reads import on_duty_at
from floodresponse.services.incidents import require_acting_for
from floodresponse.services.obligations import require_office
from floodresponse.services.owing import meet, release, words_of
from floodresponse.services.reminders import queue_reminders, recipients_for
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import Department, User

Kind = Obligation.Kind
DEFAULT_TIMES = {Kind.ZERO: (time(17),), Kind.WEATHER: (time(8), time(20))}
WORDS = {Kind.ZERO: "报告有无灾情（零报告）", Kind.WEATHER: "报送气象信息"}
WEATHER_BUREAU = "气象局"


@transaction.atomic
def start_flood_watch(*, actor: User, at: datetime) -> FloodWatch:
    """Switch flood watch on; the daily round begins."""
    require_office(actor, "开启汛期值守")
    try:
        with transaction.atomic():
            watch = FloodWatch.objects.create(started_at=at, started_by=actor)
    except IntegrityError:
        raise StateConflict("汛期值守已经开启，无需重复操作。") from None
    record_change(actor=actor, action="flood_watch.start", target=watch, at=at)
    open_daily(at=at)
    return watch


@transaction.atomic
def end_flood_watch(*, actor: User, at: datetime) -> FloodWatch:
    """Switch it off; what is not due yet is owed no longer."""
    require_office(actor, "结束汛期值守")
    watch = FloodWatch.objects.running()
    values = {"is_on": False, "ended_at": at, "ended_by": actor}
    if watch is None or FloodWatch.objects.filter(pk=watch.pk, is_on=True).update(**values) != 1:
        raise StateConflict("汛期值守没有开启，无需结束。")
    watch.refresh_from_db()
    record_change(actor=actor, action="flood_watch.end", target=watch, at=at)
    for obligation in Obligation.objects.open().filter(incident=None, due_at__gte=at):
        release(actor=actor, obligation=obligation, at=at, why="汛期值守已结束")
    return watch


@transaction.atomic
def open_daily(*, at: datetime) -> int:
    """Write today's daily obligations while flood watch is on; returns how many are new."""
    watch = FloodWatch.objects.running()
    if watch is None:
        return 0
    today = timezone.localtime(at).date()
    rows = [row for row in _of_the_day(today, at) if row.due_at >= watch.started_at]
    known = set(
        Obligation.objects.filter(incident=None, due_at__in={row.due_at for row in rows}).values_list(
            "unit_id", "kind", "due_at"
        )
    )
    new = [row for row in rows if (row.unit_id, row.kind, row.due_at) not in known]
    # Two rounds at once: the key lets one row through, its reminders have keys of their own.
    Obligation.objects.bulk_create(new, ignore_conflicts=True)
    if not new:
        return 0
    stored = Obligation.objects.open().filter(incident=None, due_at__in={row.due_at for row in new})
    queue_reminders(obligations=list(stored.select_related("unit", "incident")), at=at)
    _meet_by_incidents(list(stored.filter(kind=Kind.ZERO)), today, at)
    return len(new)


def _of_the_day(today: date, at: datetime) -> Iterator[Obligation]:
    plan = Plan.objects.holding_in(today.year)
    rows = list(plan.deadlines.exclude(daily_at=None)) if plan else []
    for kind, units in ((Kind.ZERO, list(reporting_units(plan))), (Kind.WEATHER, _weather_bureau())):
        for sequence, (clock, limit) in enumerate(_times(kind, rows), start=1):
            due_at = timezone.make_aware(datetime.combine(today, clock))
            for unit in units:
                yield Obligation(
                    kind=kind,
                    sequence=sequence,
                    unit=unit,
                    due_at=due_at,
                    basis=daily(WORDS[kind], due_at, limit),
                    provisional=limit.provisional,
                    created_at=at,
                )


def _times(kind: Kind, rows: list[ReportDeadline]) -> list[tuple[time, Limit]]:
    named = [
        (row.daily_at, Limit(0, row.clause, row.provisional))
        for row in rows
        if row.kind == kind and row.daily_at is not None
    ]
    return sorted(named, key=lambda row: row[0]) or [
        (clock, Limit(0, provisional=True)) for clock in DEFAULT_TIMES[kind]
    ]


def _weather_bureau() -> list[Department]:
    known_as = Q(name=WEATHER_BUREAU) | Q(aliases__name=WEATHER_BUREAU)
    return list(Department.objects.active().filter(known_as).distinct())


def _meet_by_incidents(zeros: list[Obligation], today: date, at: datetime) -> None:
    """An incident report of the day made before the round began meets the zero report."""
    reports = IncidentReport.objects.filter(
        incident__exercise=False, incident__unit__in=[zero.unit_id for zero in zeros], reported_at__date=today
    )
    first = {report.incident.unit_id: report for report in reports.select_related("incident").order_by("-pk")}
    for zero in zeros:
        if report := first.get(zero.unit_id):
            meet(obligation=zero, reported_at=report.reported_at, report=report, at=at)


@transaction.atomic
def file_daily_report(*, actor: User, obligation: Obligation, text: str, at: datetime) -> DailyReport:
    """Report “nothing” or the weather; it is a positive act of a person."""
    require_acting_for(actor, obligation.unit, "报送该单位的每日报告")
    if obligation.incident_id is not None:
        raise StateConflict("险情的报告请在该险情的页面报送。")
    if not text.strip():
        raise InvalidInput("请填写报告内容；没有灾情也请写明“无”。", fields={"text": ["请填写内容。"]})
    if not meet(obligation=obligation, reported_at=at, report=None, at=at):
        raise StateConflict("这项报告已经报送或已免责，无需重复报送。")
    report = DailyReport.objects.create(
        obligation=obligation, text=text.strip(), reported_at=at, reported_by=actor
    )
    record_change(actor=actor, action="obligation.meet", target=obligation, at=at, after=words_of(obligation))
    return report


@transaction.atomic
def list_missing_zeros(*, at: datetime) -> int:
    """After the limit the office gets the missing zero reports of the day as one list; returns how many."""
    today = timezone.localtime(at).date()
    missing = [
        zero
        for zero in Obligation.objects.overdue(at).filter(kind=Kind.ZERO).select_related("unit")
        if timezone.localtime(zero.due_at).date() == today
    ]
    if not missing:
        return 0
    roster = roster_of(on_duty_at(at))
    lines = [" ".join(callee(zero.unit, roster.line_to(zero.unit))).strip() for zero in missing]
    drafts = [
        Draft(
            about=f"zero-list:{today}",
            tier="list",
            recipient=user,
            topic=Topic.FLOOD,
            subject=f"{len(missing)} 个单位未报零报告（{today.month}月{today.day}日）",
            body="\n".join(lines),
            url="/flood/obligations/?kind=zero&state=overdue",
            urgent=True,
            not_before=at,
        )
        for user in {user.pk: user for user in recipients_for(()).office}.values()
    ]
    queue_messages(drafts=drafts, at=at)
    return len(missing)
