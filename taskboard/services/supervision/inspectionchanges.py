"""A special inspection is changed or called off as long as nobody has signed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.seen import StalePage, mark_of
from notifications.services import cancel_messages
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE
from taskboard.models import Inspection, InspectionMember
from taskboard.services.moving import required_text
from taskboard.services.supervision.inspections import (
    Action,
    InspectionContent,
    State,
    about_inspection,
    checked,
    in_audit,
    invite,
    lock_running,
    record_inspection,
    refuse_after_signature,
)
from taskboard.services.supervision.steps import tell_units

WORDS = {"title": "名称", "purpose": "内容", "directive": "依据", "starts_on": "开始", "ends_on": "结束"}


def content_of(inspection: Inspection) -> InspectionContent:
    """What an inspection says now, in the order in which its departments were named."""
    members = list(inspection.members.select_related("department"))
    return InspectionContent(
        title=inspection.title,
        purpose=inspection.purpose,
        lead=next(member.department for member in members if member.leads),
        members=[member.department for member in members if not member.leads],
        starts_on=inspection.starts_on,
        ends_on=inspection.ends_on,
        directive=inspection.directive,
    )


def seen_mark(content: InspectionContent) -> str:
    """The mark of what a form was filled in from."""
    days = [content.starts_on.isoformat(), content.ends_on.isoformat()]
    units = [content.lead.pk, *sorted(unit.pk for unit in content.members)]
    directive = content.directive.pk if content.directive else None
    return mark_of([content.title, content.purpose, directive, *days, units])


@transaction.atomic
def change_inspection(
    *,
    actor: User | None,
    at: datetime,
    inspection: Inspection,
    content: InspectionContent,
    reason: str,
    seen: str | None = None,
) -> Inspection:
    """Change what is inspected, by whom and when; departments that join or leave are told.

    ``seen`` is the mark of what the form was filled in from, None without a form. Raises
    StateConflict after the first signature, StalePage when somebody else changed it meanwhile.
    """
    require(actor, SUPERVISE, "调整专项检查")
    words = required_text(reason, "reason", "调整的理由")
    values, others = checked(content)
    now = lock_running(inspection, "调整")
    refuse_after_signature(now, "调整；确需调整的，请签结后另立专项检查")
    before = content_of(now)
    if seen not in (None, seen_mark(before)):
        raise StalePage(
            "这项检查在您打开之后被别人改过，没有保存。您填写的内容还在，请对照检查页核对后再保存。",
            seen_mark(before),
        )
    said = _differences(now, before, content, others)
    if not said:
        raise InvalidInput("没有改动。")
    Inspection.objects.filter(pk=now.pk).update(**values)
    inspection.refresh_from_db()
    units = [content.lead, *others]
    joined, left = _change_members(inspection, content.lead, units)
    record_inspection(
        inspection,
        Action.CHANGE,
        actor=actor,
        at=at,
        text=f"{said}。{words}",
        before=in_audit(before, before.members),
        after=in_audit(content, others),
    )
    _tell(inspection, content.lead, units, joined, left, f"{said}。{words}", at)
    return inspection


def _differences(
    now: Inspection, before: InspectionContent, content: InspectionContent, others: Sequence[Department]
) -> str:
    """What is changed from what to what, in a sentence without its stop."""
    said = []
    for name, word in WORDS.items():
        old, new = getattr(before, name), getattr(content, name)
        new = new.strip() if isinstance(new, str) else new
        if old != new:
            said.append(f"{word}由“{old or '无'}”改为“{new or '无'}”")
    if before.lead != content.lead:
        said.append(f"牵头部门由{before.lead.name}改为{content.lead.name}")
    old_units = {before.lead, *before.members}
    new_units = {content.lead, *others}
    for word, units in (("增加", new_units - old_units), ("减去", old_units - new_units)):
        if units:
            said.append(word + "、".join(sorted(unit.name for unit in units)))
    return "；".join(said)


def _change_members(
    inspection: Inspection, lead: Department, units: Sequence[Department]
) -> tuple[list[Department], list[Department]]:
    """Write the departments; returns those that joined and those that left."""
    members = {member.department: member for member in inspection.members.select_related("department")}
    left = [unit for unit in members if unit not in units]
    joined = [unit for unit in units if unit not in members]
    inspection.members.filter(department__in=left).delete()
    # First nobody leads, then one does: the constraint allows one at any moment.
    inspection.members.update(leads=False)
    InspectionMember.objects.bulk_create(
        InspectionMember(inspection=inspection, department=unit) for unit in joined
    )
    inspection.members.filter(department=lead).update(leads=True)
    return joined, left


def _tell(
    inspection: Inspection,
    lead: Department,
    units: Sequence[Department],
    joined: Sequence[Department],
    left: Sequence[Department],
    said: str,
    at: datetime,
) -> None:
    tier = f"changed-{inspection.events.count()}"
    invite(inspection, lead, joined, tier, at)
    stayed = [unit for unit in units if unit not in joined]
    for told, word in ((stayed, "专项检查有调整"), (left, "不再参加专项检查")):
        tell_units(
            told,
            about=about_inspection(inspection),
            tier=tier,
            subject=f"{word}：{inspection.title}",
            body=said,
            url=inspection.get_absolute_url(),
            at=at,
        )


@transaction.atomic
def cancel_inspection(*, actor: User | None, at: datetime, inspection: Inspection, reason: str) -> Inspection:
    """Call an inspection off; not after something was found or signed, that has to be concluded."""
    require(actor, SUPERVISE, "取消专项检查")
    words = required_text(reason, "reason", "取消的理由")
    now = lock_running(inspection, "取消")
    refuse_after_signature(now, "取消；请由牵头部门签结")
    found = now.findings.count()
    if found:
        raise StateConflict(f"这项检查已登记 {found} 个问题，不能取消；请会签后由牵头部门签结。")
    Inspection.objects.filter(pk=now.pk).update(state=State.CANCELLED, concluded_at=at)
    inspection.refresh_from_db()
    after = {"state": inspection.state}
    record_inspection(inspection, Action.CANCEL, actor=actor, at=at, text=words, after=after)
    cancel_messages(about=about_inspection(inspection), at=at, why="专项检查已取消")
    tell_units(
        [member.department for member in inspection.members.select_related("department")],
        about=f"{about_inspection(inspection)}:cancelled",
        tier="cancelled",
        subject=f"专项检查已取消：{inspection.title}",
        body=words,
        url=inspection.get_absolute_url(),
        at=at,
    )
    return inspection
