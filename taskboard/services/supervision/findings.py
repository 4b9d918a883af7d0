"""What was found is put right by a deadline: reported with evidence, confirmed or sent back."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import Attachment
from foundation.services.audit import record_change
from notifications.services import cancel_messages
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE, WORK
from taskboard.models import Finding, FindingEvent, Inspection, LookBack, Task
from taskboard.services.moving import required_text, short_text
from taskboard.services.supervision.steps import (
    conflict,
    hang_evidence,
    in_words,
    require_day_ahead,
    tell_supervisors,
    tell_units,
    unit_among,
)

State, Action = Finding.State, FindingEvent.Action


def about_finding(finding: Finding) -> str:
    """The name of a rectification in the outbox."""
    return f"finding:{finding.pk}"


def note_finding(
    *,
    actor: User | None,
    at: datetime,
    department: Department,
    text: str,
    rectify_by: date,
    look_back: LookBack | None = None,
    inspection: Inspection | None = None,
    task: Task | None = None,
    unit: Department | None = None,
) -> Finding:
    """Write a finding down and tell the department; who may is checked by the caller."""
    finding = Finding.objects.create(
        look_back=look_back,
        inspection=inspection,
        task=task,
        department=department,
        text=text,
        rectify_by=rectify_by,
        found_at=at,
    )
    _record(finding, Action.FIND, actor=actor, at=at, unit=unit, text=text)
    _tell_unit(finding, f"found-{finding.pk}", "限期整改", text, at)
    return finding


@transaction.atomic
def report_rectification(
    *, actor: User | None, at: datetime, finding: Finding, text: str, upload: "File[Any] | None"
) -> Finding:
    """The department says what it has put right, with evidence."""
    unit = require_rectifier(actor, finding)
    words = required_text(text, "text", "整改情况")
    file = hang_evidence(actor, at, finding, upload, "整改佐证")
    _claim(finding, State.RECTIFYING, State.REPORTED, "报送整改", reported_on=timezone.localdate(at))
    _record(finding, Action.REPORT, actor=actor, at=at, unit=unit, text=words, file=file)
    cancel_messages(about=about_finding(finding), at=at, why="已报送整改")
    tell_supervisors(
        about=about_review(finding),
        tier=f"reported-{finding.events.count()}",
        subject=f"整改待确认：{finding.department.name}",
        body=f"{finding.text[:120]}\n{words}",
        url=finding.get_absolute_url(),
        at=at,
    )
    return finding


def require_rectifier(actor: User | None, finding: Finding) -> Department | None:
    """Those who work for the department that has to put it right."""
    require(actor, WORK, "报送整改")
    unit = unit_among(actor, [finding.department])
    if actor is not None and unit is None:
        raise PermissionRefused(f"整改情况由{finding.department.name}报送，您不在这个单位任职。")
    return unit


def about_review(finding: Finding) -> str:
    """The name of its confirmation in the outbox."""
    return f"finding:{finding.pk}:review"


@transaction.atomic
def return_rectification(*, actor: User | None, at: datetime, finding: Finding, reason: str) -> Finding:
    """Send the rectification back; the deadline stays."""
    unit = require_judge(actor, finding, "退回整改")
    words = required_text(reason, "reason", "退回的理由")
    _claim(finding, State.REPORTED, State.RECTIFYING, "退回整改", reported_on=None)
    _record(finding, Action.RETURN, actor=actor, at=at, unit=unit, text=words)
    cancel_messages(about=about_review(finding), at=at, why="已退回")
    _tell_unit(finding, f"returned-{finding.events.count()}", "整改退回", words, at)
    return finding


@transaction.atomic
def confirm_rectification(*, actor: User | None, at: datetime, finding: Finding, reason: str = "") -> Finding:
    """Confirm what was put right; with its last finding a look-back is done."""
    unit = require_judge(actor, finding, "确认整改")
    words = short_text(reason, "reason", "确认意见")
    look_back = _locked_look_back(finding)
    _claim(finding, State.REPORTED, State.CONFIRMED, "确认整改")
    _record(finding, Action.CONFIRM, actor=actor, at=at, unit=unit, text=words)
    cancel_messages(about=about_review(finding), at=at, why="已确认")
    _tell_unit(finding, "confirmed", "整改已确认", words, at)
    if look_back and not look_back.findings.unsettled().exists():
        rectifying = LookBack.objects.filter(pk=look_back.pk, state=LookBack.State.RECTIFYING)
        rectifying.update(state=LookBack.State.RECTIFIED)
    return finding


@transaction.atomic
def prolong_rectification(
    *, actor: User | None, at: datetime, finding: Finding, rectify_by: date | None, reason: str
) -> Finding:
    """Set another deadline with a reason while it is being put right; the old one stays in the history."""
    unit = require_judge(actor, finding, "调整整改期限")
    words = required_text(reason, "reason", "调整期限的理由")
    day = require_day_ahead(rectify_by, at, "rectify_by", "整改期限")
    # Read behind the lock: somebody may have set another one while this waited.
    before = Finding.objects.select_for_update().get(pk=finding.pk).rectify_by
    if day == before:
        sentence = f"整改期限现在就是{in_words(before)}，请另选日期。"
        raise InvalidInput(sentence, fields={"rectify_by": [sentence]})
    _claim(finding, State.RECTIFYING, State.RECTIFYING, "调整整改期限", rectify_by=day)
    cancel_messages(about=about_finding(finding), at=at, why="期限已调整")
    said = f"由{in_words(before)}调整为{in_words(day)}。{words}"
    _record(finding, Action.PROLONG, actor=actor, at=at, unit=unit, text=said)
    _tell_unit(finding, f"prolonged-{finding.events.count()}", "整改期限调整", said, at)
    return finding


def _locked_look_back(finding: Finding) -> LookBack | None:
    """Its look-back, which is locked before its findings wherever both change."""
    if finding.look_back_id is None:
        return None
    return LookBack.objects.select_for_update().get(pk=finding.look_back_id)


def require_judge(actor: User | None, finding: Finding, what: str) -> Department | None:
    """Supervisors, and for a special inspection the department that leads it."""
    if actor is None or actor.has_perm(SUPERVISE):
        return None
    if finding.inspection is not None:
        leads = finding.inspection.members.filter(leads=True).select_related("department")
        unit = unit_among(actor, [member.department for member in leads])
        if unit is not None and actor.has_perm(WORK):
            return unit
    raise PermissionRefused(f"您没有权限{what}：由督查人员办理，专项检查也可由牵头检查的部门办理。")


def void_findings(*, actor: User | None, at: datetime, look_back: LookBack) -> None:
    """The task is taken up again: its rectification is part of the work.

    The caller holds the look-back's lock. What was confirmed stays confirmed.
    """
    for finding in look_back.findings.unsettled().select_related("department"):
        if Finding.objects.unsettled().filter(pk=finding.pk).update(state=State.VOID) != 1:
            continue
        finding.refresh_from_db()
        _record(finding, Action.VOID, actor=actor, at=at)
        for about in (about_finding(finding), about_review(finding)):
            cancel_messages(about=about, at=at, why="任务已重新办理")


def _claim(finding: Finding, old: str, new: str, what: str, **values: Any) -> None:
    """Of two people who press at once one gets the row; the other is told who was first."""
    if Finding.objects.filter(pk=finding.pk, state=old).update(state=new, **values) != 1:
        finding.refresh_from_db()
        last = finding.events.select_related("actor", "department").order_by("-at", "-pk").first()
        raise conflict(last, finding.get_state_display(), what)
    finding.refresh_from_db()


def _record(
    finding: Finding,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    unit: Department | None = None,
    text: str = "",
    file: Attachment | None = None,
) -> None:
    FindingEvent.objects.create(
        finding=finding, at=at, actor=actor, department=unit, action=action, text=text, file=file
    )
    after = {
        "state": finding.state,
        "department": finding.department.name,
        "rectify_by": finding.rectify_by,
        "file": file.name if file else "",
    }
    record_change(actor=actor, action=f"finding.{action}", target=finding, at=at, after=after, reason=text)


def _tell_unit(finding: Finding, tier: str, word: str, text: str, at: datetime) -> None:
    day = finding.rectify_by
    tell_units(
        [finding.department],
        about=about_finding(finding),
        tier=tier,
        subject=f"{word}：{finding.text}",
        body=f"整改期限 {day.year}年{day.month}月{day.day}日。{text}",
        url=finding.get_absolute_url(),
        at=at,
    )
