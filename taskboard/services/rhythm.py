"""How often a list is reported on, set by the supervisor (报送频次)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.services import cancel_messages
from organizations.models import User
from organizations.permissions import require
from taskboard.acting import SUPERVISE
from taskboard.models import ReportingRule, ReportObligation, TaskList
from taskboard.plausible import check_day
from taskboard.services.content import ReportingRuleContent
from taskboard.services.periodic import about_report, open_reports_of, rules_of

LONGEST = 200


def rhythm_mark(task_list: TaskList) -> int:
    """What tells one state of the list's own rhythm from the next; 0 before the first."""
    newest: int | None = task_list.reporting_rules.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


@transaction.atomic
def set_rhythm(
    *, actor: User | None, at: datetime, task_list: TaskList, content: ReportingRuleContent, seen: int
) -> ReportingRule:
    """From a day on the list is reported on in this rhythm, whatever was registered before.

    What has fallen due stays owed as it is; a period that is still running ends the
    day before. ``seen`` is the mark of what the form was filled in from; StateConflict
    when somebody else has set the rhythm since. InvalidInput for days that do not go.
    """
    require(actor, SUPERVISE, "登记报送频次")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    if locked.state == TaskList.State.ARCHIVED:
        raise StateConflict("清单已归档，不再登记报送频次。")
    if rhythm_mark(locked) != seen:
        raise _set_by_another(locked)
    today = timezone.localdate(at)
    starts_on = _checked(content, rules_of(locked), today)
    before = [_said(rule) for rule in rules_of(locked)]
    locked.reporting_rules.filter(starts_on__gte=starts_on).delete()
    running = locked.reporting_rules.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    running.update(ends_on=starts_on - timedelta(days=1))
    _take_back(locked, starts_on, today, at)
    rule = ReportingRule.objects.create(directive=locked.directive, task_list=locked, **asdict(content))
    after = [_said(each) for each in rules_of(locked)]
    record_change(
        actor=actor,
        action="task_list.rhythm",
        target=locked,
        at=at,
        before={"rules": before},
        after={"rules": after},
    )
    open_reports_of(locked, on_day=today, at=at)
    return rule


def _checked(content: ReportingRuleContent, standing: Iterable[ReportingRule], today: date) -> date:
    """The first day of the rhythm, when all of it can be."""
    starts_on, ends_on = content.starts_on, content.ends_on
    if content.rhythm not in ReportingRule.Rhythm.values:
        raise _wrong("rhythm", "请选择报送频次：每周、每半月或每月。")
    if starts_on is None:
        raise _wrong("starts_on", "请填写从哪天起报送。")
    check_day(starts_on, "starts_on", "“自”")
    check_day(ends_on, "ends_on", "“至”")
    replaces = any(rule.ends_on is None or rule.ends_on >= today for rule in standing)
    if starts_on < today:
        raise _wrong("starts_on", "“自”不能早于今天：过去的日子不补设报送。")
    if replaces and starts_on == today:
        raise _wrong("starts_on", "已有报送频次，变更从明天或以后起：“自”请填明天或以后的日期。")
    if ends_on is not None and ends_on < starts_on:
        raise _wrong("ends_on", "“至”不能早于“自”。")
    if len(content.content) > LONGEST:
        raise _wrong("content", f"报送内容最多 {LONGEST} 字，现在是 {len(content.content)} 字。")
    return starts_on


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})


def _set_by_another(task_list: TaskList) -> StateConflict:
    newest = task_list.reporting_rules.order_by("-pk").first()
    said = f"（{_said(newest)}）" if newest else ""
    return StateConflict(
        f"报送频次在您打开之后被别人登记过{said}，没有保存。请核对现在的频次，确需变更的再登记。"
    )


def _said(rule: ReportingRule) -> str:
    """A rhythm in a few words."""
    since = f"，自 {rule.starts_on.isoformat()}" if rule.starts_on else ""
    until = f"，至 {rule.ends_on.isoformat()}" if rule.ends_on else ""
    what = f"，报送{rule.content}" if rule.content else ""
    return f"{rule.get_rhythm_display()}{since}{until}{what}"


def _take_back(task_list: TaskList, starts_on: date, today: date, at: datetime) -> None:
    """Periods that reach into the new rhythm and have not fallen due are owed no more.

    Their part before it is opened anew, so that it is reminded of by its own day.
    """
    reaching = ReportObligation.objects.open().filter(task_list=task_list, due_on__gt=today)
    for row in reaching.filter(period_end__gte=starts_on).select_for_update():
        cancel_messages(about=about_report(row), at=at, why="报送频次已变更")
        row.delete()
