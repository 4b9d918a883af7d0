"""Periodic reports on ledgers: opened by the calendar for the units with entries, met by a report.

The rhythm is that of the ledger's document (half-monthly until 2022-09-30, monthly after); the days
are our reading (待确认).
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from foundation.errors import StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import User
from taskboard.models import Ledger, ReportingRule
from taskboard.models.ledgers import LedgerReport, LedgerRow
from taskboard.periodic.rhythm import periods
from taskboard.reminding import Tier, stands_until, tier_on
from taskboard.services.ledgers.steps import require_keeper
from taskboard.services.moving import moment, required_text, short_text, who
from taskboard.services.recipients import Recipients, recipients_of

State = LedgerReport.State
# The report itself falls due within days: the reminder a week before would come with the period.
FIRST_REMINDER = -3


@transaction.atomic
def open_ledger_reports(*, on_day: date, at: datetime) -> int:
    """Open what units owe for periods that have begun, with the reminders; returns how many are new.

    Runs daily and any number of times; days that were missed are made up.
    """
    rules = ReportingRule.objects.filter(task_list=None, directive__ledgers__isnull=False)
    started = rules.filter(Q(starts_on=None) | Q(starts_on__lte=on_day)).distinct()
    opened = sum(_open(rule, ledger, on_day, at) for rule in started for ledger in _ledgers(rule))
    _remind(on_day, at)
    return opened


def _ledgers(rule: ReportingRule) -> list[Ledger]:
    return list(Ledger.objects.filter(directive=rule.directive_id).order_by("pk"))


def _open(rule: ReportingRule, ledger: Ledger, on_day: date, at: datetime) -> int:
    known = set(LedgerReport.objects.filter(rule=rule, ledger=ledger).values_list("department", "period_end"))
    wanted = _wanted(rule, ledger, on_day)
    new = [row for row in wanted if (row.department_id, row.period_end) not in known]
    if new:
        # Two sweeps at once: the key decides, the second is silently dropped.
        LedgerReport.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        after = {"opened": len(new), "day": on_day}
        record_change(actor=None, action="ledger_report.open", target=ledger, at=at, after=after)
    return len(new)


def _wanted(rule: ReportingRule, ledger: Ledger, on_day: date) -> Iterator[LedgerReport]:
    """For each unit with signed entries the periods since the first signature."""
    signed = LedgerRow.objects.filter(ledger=ledger, state=LedgerRow.State.SIGNED).order_by()
    for department, since_at in signed.values_list("department").annotate(since=Min("signed_at")):
        since = timezone.localdate(since_at)
        for period in periods(rule.rhythm, max(rule.starts_on or since, since), rule.ends_on, on_day):
            yield LedgerReport(
                rule=rule,
                ledger=ledger,
                department_id=department,
                period_start=period.start,
                period_end=period.end,
            )


def about_ledger_report(report: LedgerReport) -> str:
    """The name of a report in the outbox."""
    return f"ledger-report:{report.pk}"


def _remind(on_day: date, at: datetime) -> None:
    """The reminder that stands on the day; one that exists is left alone."""
    rows = list(LedgerReport.objects.open().select_related("ledger", "department"))
    people = recipients_of({row.department_id for row in rows})
    drafts = [draft for row in rows for draft in _drafts(row, people, on_day, at)]
    queue_messages(drafts=drafts, at=at)


def _drafts(row: LedgerReport, people: Recipients, on_day: date, at: datetime) -> Iterator[Draft]:
    tier = tier_on(row.period_end, on_day)
    if tier is None or tier.offset < FIRST_REMINDER:
        return
    for person in people.of(row.department_id, head=tier.to_head, supervisor=tier.to_supervisor):
        yield Draft(
            about=about_ledger_report(row),
            tier=tier.code,
            recipient=person,
            topic=Topic.TASK,
            subject=f"{row.department.name}：{row.ledger.title}定期报送{_when(tier, row, on_day)}",
            body=f"报送期 {_day(row.period_start)}至{_day(row.period_end)}：处置进展、存在问题和工作建议。",
            url=row.get_absolute_url(),
            not_before=at,
            expires_at=timezone.make_aware(datetime.combine(stands_until(row.period_end, tier), time.min)),
        )


def _when(tier: Tier, row: LedgerReport, on_day: date) -> str:
    left = (row.period_end - on_day).days
    if left > 0:
        return f"还有 {left} 天到期"
    return "今天应报" if left == 0 else f"逾期 {-left} 天未报"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@transaction.atomic
def file_ledger_report(
    *,
    actor: User | None,
    at: datetime,
    report: LedgerReport,
    progress: str,
    problems: str = "",
    advice: str = "",
) -> LedgerReport:
    """Report for a period, once; after its last day it stays visible as a late catch-up (逾期补报)."""
    require_keeper(actor, report.department, "报送")
    texts = {
        "progress": required_text(progress, "progress", "处置进展"),
        "problems": short_text(problems, "problems", "存在问题"),
        "advice": short_text(advice, "advice", "工作建议"),
    }
    late = timezone.localdate(at) > report.period_end
    state = State.MET_LATE if late else State.MET
    waiting = LedgerReport.objects.open().filter(pk=report.pk)
    if waiting.update(state=state, met_at=at, reporter=actor, **texts) != 1:
        report.refresh_from_db()
        by = who(report.reporter, report.department)
        raise StateConflict(
            f"{by}已于{moment(report.met_at or at)}报送这一期，不能重复报送。请刷新页面查看。"
        )
    report.refresh_from_db()
    cancel_messages(about=about_ledger_report(report), at=at, why="已报送")
    after = {"state": state.value, "period_end": report.period_end, **texts}
    record_change(actor=actor, action="ledger_report.file", target=report, at=at, after=after)
    return report
