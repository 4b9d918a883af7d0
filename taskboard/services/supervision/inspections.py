"""Special inspections (专项检查): several departments inspect, note what they find, and sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directives.models import Directive
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE, WORK
from taskboard.models import Finding, Inspection, InspectionEvent, InspectionMember, Task
from taskboard.services.moving import moment, required_text, short_text, who
from taskboard.services.supervision.findings import note_finding
from taskboard.services.supervision.steps import in_words, require_day_ahead, tell_units, unit_among

State, Action = Inspection.State, InspectionEvent.Action
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class InspectionContent:
    """What is inspected, by whom and when."""

    title: str
    purpose: str
    lead: Department
    members: Sequence[Department]
    starts_on: date
    ends_on: date
    directive: Directive | None = None


@transaction.atomic
def create_inspection(*, actor: User | None, at: datetime, content: InspectionContent) -> Inspection:
    """Set up an inspection and tell the departments that carry it out."""
    require(actor, SUPERVISE, "组织专项检查")
    values, others = checked(content)
    inspection = Inspection.objects.create(**values, created_at=at, created_by=actor)
    units = [content.lead, *others]
    InspectionMember.objects.bulk_create(
        InspectionMember(inspection=inspection, department=unit, leads=unit == content.lead) for unit in units
    )
    record_inspection(inspection, Action.CREATE, actor=actor, at=at, after=in_audit(content, others))
    invite(inspection, content.lead, units, "created", at)
    return inspection


def checked(content: InspectionContent) -> tuple[dict[str, Any], list[Department]]:
    """The fields of an inspection as they are stored, and the departments beside the lead."""
    title = required_text(content.title, "title", "检查名称")
    if len(title) > TITLE_LENGTH:
        sentence = f"检查名称最多 {TITLE_LENGTH} 字。"
        raise InvalidInput(sentence, fields={"title": [sentence]})
    others = [unit for unit in dict.fromkeys(content.members) if unit != content.lead]
    values = {
        "title": title,
        "purpose": required_text(content.purpose, "purpose", "检查内容"),
        "directive": content.directive,
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
    }
    _require_sense(content, others)
    return values, others


def in_audit(content: InspectionContent, others: Sequence[Department]) -> dict[str, Any]:
    """What the audit log keeps of an inspection."""
    return {
        "title": content.title,
        "lead": content.lead.name,
        "members": [unit.name for unit in others],
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
    }


def invite(
    inspection: Inspection, lead: Department, units: Sequence[Department], tier: str, at: datetime
) -> None:
    """Tell departments that they inspect."""
    days = f"{in_words(inspection.starts_on)}至{in_words(inspection.ends_on)}"
    tell_units(
        units,
        about=about_inspection(inspection),
        tier=tier,
        subject=f"参加专项检查：{inspection.title}",
        body=f"由{lead.name}牵头，{days}。{inspection.purpose}",
        url=inspection.get_absolute_url(),
        at=at,
    )


def about_inspection(inspection: Inspection) -> str:
    """The name of an inspection in the outbox."""
    return f"inspection:{inspection.pk}"


def record_inspection(
    inspection: Inspection,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    unit: Department | None = None,
    text: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The row of the inspection's history and that of the audit log."""
    InspectionEvent.objects.create(
        inspection=inspection, at=at, actor=actor, department=unit, action=action, text=text
    )
    record_change(
        actor=actor,
        action=f"inspection.{action}",
        target=inspection,
        at=at,
        before=before,
        after=after,
        reason=text,
    )


def _require_sense(content: InspectionContent, others: Sequence[Department]) -> None:
    fields: dict[str, list[str]] = {}
    if not others:
        fields["members"] = ["专项检查由几个部门一起开展，请至少选择一个参加部门。"]
    if content.ends_on < content.starts_on:
        fields["ends_on"] = ["结束日期不能早于开始日期。"]
    if fields:
        raise InvalidInput("".join(sentences[0] for sentences in fields.values()), fields=fields)


@transaction.atomic
def add_finding(
    *,
    actor: User | None,
    at: datetime,
    inspection: Inspection,
    department: Department,
    text: str,
    rectify_by: date | None,
    task: Task | None = None,
) -> Finding:
    """An inspector notes what a department has to put right by a day; a task may be named."""
    unit = require_inspector(actor, inspection, "登记问题")
    words = required_text(text, "text", "发现的问题")
    day = require_day_ahead(rectify_by, at, "rectify_by", "整改期限")
    if task is not None and not task.duties.filter(department=department).exists():
        sentence = f"任务“{task}”没有{department.name}的份，请另选任务或单位。"
        raise InvalidInput(sentence, fields={"task": [sentence]})
    lock_running(inspection, "登记问题")
    refuse_after_signature(inspection, "登记问题；如有新问题，请另立专项检查")
    return note_finding(
        actor=actor,
        at=at,
        department=department,
        text=words,
        rectify_by=day,
        inspection=inspection,
        task=task,
        unit=unit,
    )


@transaction.atomic
def sign_inspection(
    *, actor: User | None, at: datetime, inspection: Inspection, opinion: str = ""
) -> InspectionMember:
    """A department signs what was found; the lead signs last, and that concludes the inspection."""
    require(actor, WORK, "会签专项检查")
    words = short_text(opinion, "opinion", "会签意见")
    lock_running(inspection, "会签")
    members = list(inspection.members.select_related("department", "signed_by"))
    member = _member_of(actor, members)
    if member.signed_at is not None:
        by = who(member.signed_by, member.department)
        raise StateConflict(f"{by}已于{moment(member.signed_at)}会签，不必再签。请刷新页面查看。")
    waiting = [other.department.name for other in members if other.signed_at is None and not other.leads]
    if member.leads and waiting:
        raise StateConflict(f"牵头部门最后签结，还有{'、'.join(waiting)}没有会签。")
    InspectionMember.objects.filter(pk=member.pk).update(signed_at=at, signed_by=actor, opinion=words)
    if member.leads:
        Inspection.objects.filter(pk=inspection.pk).update(state=State.CONCLUDED, concluded_at=at)
    inspection.refresh_from_db()
    member.refresh_from_db()
    after = {"department": member.department.name, "state": inspection.state}
    unit = member.department
    record_inspection(inspection, Action.SIGN, actor=actor, at=at, unit=unit, text=words, after=after)
    return member


def _member_of(actor: User | None, members: Sequence[InspectionMember]) -> InspectionMember:
    """The membership for which the actor signs: one that has not signed first."""
    unsigned_first = sorted(members, key=lambda member: (member.signed_at is not None, member.leads))
    for member in unsigned_first:
        if unit_among(actor, [member.department]):
            return member
    raise PermissionRefused("会签由参加专项检查的部门办理，您不在这些部门任职。")


def require_inspector(actor: User | None, inspection: Inspection, what: str) -> Department | None:
    """Supervisors, and those who work for a department that inspects."""
    if actor is None or actor.has_perm(SUPERVISE):
        return None
    require(actor, WORK, what)
    members = inspection.members.select_related("department")
    unit = unit_among(actor, [member.department for member in members])
    if unit is None:
        raise PermissionRefused(f"{what}由参加专项检查的部门办理，您不在这些部门任职。")
    return unit


def lock_running(inspection: Inspection, what: str) -> Inspection:
    """Signatures, findings and changes come one after the other; the inspection as it is now."""
    now = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if now.state != State.RUNNING:
        ended = "取消" if now.state == State.CANCELLED else "签结"
        raise StateConflict(
            f"专项检查已于{moment(now.concluded_at or now.created_at)}{ended}，不能再{what}。"
        )
    return now


def refuse_after_signature(inspection: Inspection, what: str) -> None:
    """A signature stands under what was there when it was given."""
    signed = inspection.members.filter(signed_at__isnull=False).select_related("department")
    if signed:
        names = "、".join(member.department.name for member in signed)
        raise StateConflict(f"{names}已会签，不能再{what}。")
