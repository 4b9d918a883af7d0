"""Creating a plan, and filling in the official wording when it arrives."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import models, transaction

from directives.models import Directive
from floodresponse.models import (
    CommandPostMember,
    Criterion,
    Duty,
    Measure,
    Plan,
    ReportDeadline,
    Sign,
    SirenRule,
    SpecialGroup,
)
from floodresponse.services.content import DutyContent, GroupContent, MeasureContent, PlanContent
from floodresponse.standing import keeps_office
from foundation.errors import PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from organizations.rules import DESK, roles_of
from organizations.services import NameDirectory
from organizations.visitors import Visitor

PERMISSION = "floodresponse.change_plan"


def may_keep_plan(user: Visitor) -> bool:
    """The desk and the office: a street's duty officer lays down nothing that holds for the whole city."""
    return user.has_perm(PERMISSION) and (not DESK.isdisjoint(roles_of(user)) or keeps_office(user))


def require_keeping_plan(actor: User | None, what: str) -> None:
    """Refuse whoever may not."""
    require(actor, PERMISSION, what)
    if actor is not None and not may_keep_plan(actor):
        raise PermissionRefused(f"您没有权限{what}：只有编辑、签发人、防涝办值班员和指挥长可以办理。")


@transaction.atomic
def create_plan(
    *,
    actor: User | None,
    at: datetime,
    content: PlanContent,
    directive: Directive | None,
    directory: NameDirectory,
    publication: str = Plan.Publication.PUBLISHED,
) -> Plan:
    """Create the plan of a year with everything it lays down; a draft is not in force."""
    require_keeping_plan(actor, "登记防内涝方案")
    if Plan.objects.filter(year=content.year).exists():
        raise StateConflict(f"{content.year} 年的防内涝方案已在库中，请改用更正。")
    plan = Plan.objects.create(
        title=content.title,
        year=content.year,
        directive=directive,
        office_phone=content.office_phone,
        office_name=content.office_name,
        publication=publication,
    )
    Criterion.objects.bulk_create(Criterion(plan=plan, **_values(row)) for row in content.criteria)
    Sign.objects.bulk_create(Sign(plan=plan, **_values(row)) for row in content.signs)
    SirenRule.objects.bulk_create(SirenRule(plan=plan, **_values(row)) for row in content.sirens)
    ReportDeadline.objects.bulk_create(
        ReportDeadline(plan=plan, order=n, **_values(row)) for n, row in enumerate(content.deadlines, start=1)
    )
    _write_seats(plan, content, directory)
    _write_duties(plan, content.duties, directory)
    _write_groups(plan, content.groups, directory)
    _write_measures(plan, content.measures, directory)
    record_change(actor=actor, action="flood_plan.create", target=plan, at=at, after={"title": plan.title})
    return plan


@transaction.atomic
def put_plan_in_force(*, actor: User | None, at: datetime, plan: Plan) -> Plan:
    """Make a draft the plan of its year: levels are reckoned by it from now on."""
    require_keeping_plan(actor, "启用防内涝方案")
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.publication == Plan.Publication.PUBLISHED:
        raise StateConflict(f"{locked.year} 年的防内涝方案已经启用，无需重复操作。")
    if not locked.criteria.exists():
        raise StateConflict("方案没有启动条件，不能启用。请先核对公报所载的启动条件。")
    locked.publication = Plan.Publication.PUBLISHED
    locked.save(update_fields=["publication"])
    record_change(
        actor=actor,
        action="flood_plan.put_in_force",
        target=locked,
        at=at,
        before={"publication": Plan.Publication.DRAFT},
        after={"publication": locked.publication, "year": locked.year},
    )
    return locked


def _values(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _write_seats(plan: Plan, content: PlanContent, directory: NameDirectory) -> None:
    people = directory.people_of_roster((seat.name, seat.post) for seat in content.seats)
    CommandPostMember.objects.bulk_create(
        CommandPostMember(
            plan=plan,
            order=order,
            role=seat.role,
            printed_name=seat.name,
            post=seat.post,
            person=person,
            unit=directory.department(seat.unit) if seat.unit else None,
        )
        for order, (seat, person) in enumerate(zip(content.seats, people, strict=True), start=1)
    )


def _write_duties(plan: Plan, duties: tuple[DutyContent, ...], directory: NameDirectory) -> None:
    for order, duty in enumerate(duties, start=1):
        row = Duty.objects.create(
            plan=plan, order=order, printed_unit=duty.printed_unit, summary=duty.summary, text=duty.text
        )
        row.units.set([directory.department(name) for name in duty.units])


def _write_groups(plan: Plan, groups: tuple[GroupContent, ...], directory: NameDirectory) -> None:
    for order, group in enumerate(groups, start=1):
        row = SpecialGroup.objects.create(
            plan=plan,
            order=order,
            name=group.name,
            leader=directory.person(group.leader, group.leader_post) if group.leader else None,
            leader_post=group.leader_post,
            printed_members=group.printed_members,
            summary=group.summary,
            text=group.text,
        )
        row.units.set([directory.department(name) for name in group.units])


def _write_measures(plan: Plan, measures: tuple[MeasureContent, ...], directory: NameDirectory) -> None:
    places: dict[str, int] = {}
    for measure in measures:
        places[measure.situation] = places.get(measure.situation, 0) + 1
        row = Measure.objects.create(
            plan=plan,
            situation=measure.situation,
            order=places[measure.situation],
            from_level=measure.from_level,
            summary=measure.summary,
            text=measure.text,
            clause=measure.clause,
        )
        row.units.set([directory.department(name) for name in measure.units])


@transaction.atomic
def fill_in_texts(
    *, actor: User | None, at: datetime, plan: Plan, texts: Mapping[models.Model, str], reason: str
) -> int:
    """Set the official wording of duties, groups and measures; returns how many changed."""
    require_keeping_plan(actor, "修改防内涝方案")
    changed = {row: text for row, text in texts.items() if row.text != text}  # type: ignore[attr-defined]
    for row, text in changed.items():
        type(row)._default_manager.filter(pk=row.pk).update(text=text)
    if changed:
        after = {"rows": len(changed)}
        record_change(actor=actor, action="flood_plan.texts", target=plan, at=at, after=after, reason=reason)
    return len(changed)
