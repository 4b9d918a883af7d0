"""One department taken into another: proposed by one person, looked at, carried out by a second.

Everything that names the old department names the new one afterwards, in one transaction. What
happened stays as it was: steps, urgings and remarks keep the department that took them. The old
name becomes an alias, so that texts still lead to the right department, and the old address leads
to the new page.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.urls import reverse

from events.models import EventDepartment
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from foundation.services.proposals import confirm_proposal, proposed_values, void_proposal
from gazette.models import DepartmentMerge, NamesRun
from notifications.services import Matter, ask_signers, tell_writer
from organizations.models import Department, DepartmentAlias, RoleAssignment, User
from organizations.permissions import require
from taskboard.models import (
    Comment,
    FindingEvent,
    InspectionEvent,
    ListingEvent,
    TaskDepartment,
    TaskTransition,
    Urging,
)

PERMISSION, WHAT = "organizations.change_names", "合并部门"
SIGN = "organizations.merge_departments"
# What happened: it keeps the department that did it.
HISTORY = (Comment, FindingEvent, InspectionEvent, ListingEvent, TaskTransition, Urging)
# Not records of a department's work: accounts are moved by the security administrator.
APART = (Department, DepartmentMerge, NamesRun, RoleAssignment)
# Rows that say nothing but that two records belong together.
LINKS = (EventDepartment, TaskDepartment)


@transaction.atomic
def propose_merge(
    *, actor: User, at: datetime, source: Department, target: Department, reason: str
) -> DepartmentMerge:
    """Ask for the merge; nothing is carried over yet.

    Raises InvalidInput without a reason or for a department that is merged already, StateConflict
    when the merge of the department is proposed already.
    """
    require(actor, PERMISSION, WHAT)
    source, target = _locked(source, target)
    if not reason.strip():
        raise InvalidInput(
            "请写明合并的依据，例如机构改革方案的名称和文号。", fields={"reason": ["请写明依据。"]}
        )
    _check(source, target)
    if waiting := source.merges_away.filter(standing=DepartmentMerge.Standing.PROPOSED).first():
        raise StateConflict(f"“{waiting}”已经提出，正待签发；请在下面的列表中查看。")
    merge = DepartmentMerge.objects.create(
        source=source,
        target=target,
        source_name=source.name,
        reason=reason.strip()[:200],
        **proposed_values(actor, at),
    )
    after = {"source": source.name, "target": target.name}
    record_change(
        actor=actor, action="department.merge_propose", target=target, at=at, after=after, reason=merge.reason
    )
    ask_signers(actor=actor, at=at, matter=_matter(merge))
    return merge


def _matter(merge: DepartmentMerge) -> Matter:
    return Matter(f"merge:{merge.pk}", f"部门合并“{merge}”", reverse("gazette:merge", args=[merge.pk]))


def _locked(source: Department, target: Department) -> tuple[Department, Department]:
    keys = (source.pk, target.pk)
    held = {one.pk: one for one in Department.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return held[source.pk], held[target.pk]


def _check(source: Department, target: Department) -> None:
    if source.pk == target.pk:
        raise InvalidInput("不能把部门并入它自己，请另选一个部门。", fields={"target": ["请另选一个部门。"]})
    for one in (source, target):
        if one.merged_into_id:
            raise InvalidInput(f"“{one.name}”已经并入其他部门，请选择现在的部门。")


@transaction.atomic
def confirm_merge(*, actor: User, at: datetime, merge: DepartmentMerge) -> None:
    """Carry the merge out; a second person does.

    Raises PermissionRefused for the proposer, StateConflict when it does not wait any more or when
    accounts still belong to the old department.
    """
    require(actor, SIGN, "签发部门合并")
    source, target = _locked(merge.source, merge.target)
    # First: who comes second hears that it is done, not that the department is gone.
    confirm_proposal(actor=actor, at=at, proposal=merge, about=target, action="department.merge")
    _check(source, target)
    if accounts := accounts_of(source):
        raise StateConflict(
            f"还有 {accounts} 个在用账号属于“{source.name}”，没有合并。"
            f"请先由安全管理员改派到“{target.name}”。"
        )
    old = source.name
    moved = _carry_over(source, target)
    _settle_lineage(source, target)
    source.name = f"{old}（已并入{target.name}）"[:80]
    source.is_active, source.merged_into = False, target
    source.save()
    DepartmentAlias.objects.get_or_create(name=old, defaults={"department": target})
    DepartmentMerge.objects.filter(pk=merge.pk).update(moved=moved)
    record_change(
        actor=actor,
        action="department.merged",
        target=target,
        at=at,
        before={"source": old},
        after={"target": target.name, "moved": moved},
        reason=merge.reason,
    )
    tell_writer(actor=actor, at=at, matter=_matter(merge), writer=merge.proposed_by_id, step="confirm")
    merge.refresh_from_db()


@transaction.atomic
def void_merge(*, actor: User, at: datetime, merge: DepartmentMerge, reason: str) -> None:
    """Drop a merge that waits; one that was carried out cannot be taken back."""
    require(actor, PERMISSION, WHAT)
    _locked(merge.source, merge.target)
    merge.refresh_from_db()
    if merge.standing == DepartmentMerge.Standing.CONFIRMED:
        raise StateConflict("这次合并已经生效，不能撤回；需要分开的，请新建部门并逐项改回。")
    void_proposal(
        actor=actor, at=at, proposal=merge, about=merge.target, action="department.merge", reason=reason
    )
    writer = merge.proposed_by_id
    tell_writer(actor=actor, at=at, matter=_matter(merge), writer=writer, step="void", reason=reason)


def accounts_of(department: Department) -> int:
    """How many accounts in use hold a role in the department."""
    held = RoleAssignment.objects.filter(department=department, user__is_active=True)
    return held.values("user").distinct().count()


def what_would_move(source: Department) -> list[dict[str, Any]]:
    """By kind of record: how many rows name the department and whether they stay as history."""
    rows = []
    for model, field in _references():
        if number := model._default_manager.filter(**{field: source}).count():
            rows.append(_line(model, field, number, history=model in HISTORY))
    return rows


def _references() -> list[tuple[Any, str]]:
    """All models of all rooms with a column for a department; kept former states are left as they are."""
    fields: list[Any] = list(Department._meta.get_fields(include_hidden=True))
    found = [
        (relation.related_model, relation.field.name)
        for relation in fields
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    return [
        (model, field) for model, field in found if model not in APART and not hasattr(model, "instance_type")
    ]


def _line(model: Any, field: str, number: int, **more: Any) -> dict[str, Any]:
    owner = model._meta.auto_created
    named = owner or model
    words = str(named._meta.verbose_name)
    return {"kind": words, "as": str(model._meta.get_field(field).verbose_name), "number": number, **more}


def _carry_over(source: Department, target: Department) -> list[dict[str, Any]]:
    moved = []
    for model, field in _references():
        rows = model._default_manager.filter(**{field: source})
        number = rows.count()
        if not number:
            continue
        history = model in HISTORY
        twice = 0 if history else _repoint(model, field, rows, target)
        moved.append(_line(model, field, number, history=history, twice=twice))
    led = TaskDepartment.objects.filter(department=target, role="lead").values("task")
    TaskDepartment.objects.filter(department=target, role="support", task__in=led).delete()
    return moved


def _repoint(model: Any, field: str, rows: models.QuerySet[Any], target: Department) -> int:
    """Point rows at the target; returns how many said the same of it already."""
    if not _once_each(model, field):
        rows.update(**{field: target})
        return 0
    twice = 0
    link = model in LINKS or model._meta.auto_created
    for key in list(rows.values_list("pk", flat=True)):
        one = model._default_manager.filter(pk=key)
        try:
            with transaction.atomic():
                one.update(**{field: target})
        except IntegrityError:
            twice += 1
            if link:
                one.delete()
    return twice


def _once_each(model: Any, field: str) -> bool:
    told = [
        tuple(each.fields) for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)
    ]
    return any(field in names for names in [*told, *model._meta.unique_together])


def _settle_lineage(source: Department, target: Department) -> None:
    """What stood below or had gone into the old one stands below, or has gone into, the new one."""
    if target.parent_id == source.pk:
        target.parent = source.parent
        target.save(update_fields=["parent"])
    source.children.exclude(pk=target.pk).update(parent=target)
    source.merged_from.update(merged_into=target)
