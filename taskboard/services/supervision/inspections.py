"""Special inspections (专项检查): several departments inspect, note what they find, and sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from directives.models import Directive
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE, WORK
from taskboard.models import Finding, Inspection, InspectionMember, Task
from taskboard.services.moving import moment, required_text, short_text, who
from taskboard.services.supervision.findings import note_finding
from taskboard.services.supervision.steps import require_day_ahead, tell_units, unit_among

State = Inspection.State
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
    title = required_text(content.title, "title", "检查名称")
    if len(title) > TITLE_LENGTH:
        sentence = f"检查名称最多 {TITLE_LENGTH} 字。"
        raise InvalidInput(sentence, fields={"title": [sentence]})
    purpose = required_text(content.purpose, "purpose", "检查内容")
    others = [unit for unit in dict.fromkeys(content.members) if unit != content.lead]
    _require_sense(content, others)
    inspection = Inspection.objects.create(
        title=title,
        purpose=purpose,
        directive=content.directive,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        created_at=at,
        created_by=actor,
    )
    units = [content.lead, *others]
    InspectionMember.objects.bulk_create(
        InspectionMember(inspection=inspection, department=unit, leads=unit == content.lead) for unit in units
    )
    after = {
        "title": title,
        "lead": content.lead.name,
        "members": [unit.name for unit in others],
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
    }
    record_change(actor=actor, action="inspection.create", target=inspection, at=at, after=after)
    tell_units(
        units,
        about=f"inspection:{inspection.pk}",
        tier="created",
        subject=f"参加专项检查：{title}",
        body=f"由{content.lead.name}牵头。{purpose}",
        url=inspection.get_absolute_url(),
        at=at,
    )
    return inspection


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
    _lock(inspection, "登记问题")
    # A signature stands under what was there when it was given.
    signed = inspection.members.filter(signed_at__isnull=False).select_related("department")
    if signed:
        names = "、".join(member.department.name for member in signed)
        raise StateConflict(f"{names}已会签，不能再登记问题；如有新问题，请另立专项检查。")
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
    _lock(inspection, "会签")
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
    record_change(actor=actor, action="inspection.sign", target=inspection, at=at, after=after, reason=words)
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


def _lock(inspection: Inspection, what: str) -> None:
    """Signatures and findings come one after the other."""
    now = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if now.state != State.RUNNING:
        raise StateConflict(f"专项检查已于{moment(now.concluded_at or now.created_at)}签结，不能再{what}。")
