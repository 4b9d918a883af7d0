"""Departments and their aliases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, DepartmentAlias, User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class DepartmentContent:
    """A department as given; ``parent`` is the canonical name of an existing one.

    ``is_active`` None leaves it as it is."""

    slug: str
    name: str
    short_name: str = ""
    kind: str = Department.Kind.UNSORTED
    aliases: tuple[str, ...] = ()
    parent: str = ""
    office_phone: str = ""
    order: int = 1000
    is_active: bool | None = None


@transaction.atomic
def save_department(
    *, actor: User | None, at: datetime, content: DepartmentContent, reason: str = ""
) -> Department:
    """Create the department with this slug, or bring it up to date; one that was merged leads to the other.

    An alias that already means another department is refused, and so is a name
    that is another's alias: a printed name means one department.
    """
    require(actor, "organizations.change_names", "修改部门名称")
    if now := Department.objects.filter(merged_from__slug=content.slug).first():
        return now
    _refuse_alias_of_another(content)
    values = _values(content)
    existing = Department.objects.select_for_update().filter(slug=content.slug).first()
    before = {name: getattr(existing, name) for name in values} if existing else {}
    department, created = Department.objects.update_or_create(slug=content.slug, defaults=values)
    added = [alias for alias in content.aliases if _add_alias(department, alias)]
    changed = [] if created else [name for name in values if before[name] != values[name]]
    if created or added or changed:
        verb = "create" if created else "update" if changed else "add_aliases"
        record_change(
            actor=actor,
            action=f"department.{verb}",
            target=department,
            at=at,
            before={name: _plain(before[name]) for name in changed},
            after={
                "name": department.name,
                **{name: _plain(values[name]) for name in changed},
                "aliases": added,
            },
            reason=reason,
        )
    return department


def _refuse_alias_of_another(content: DepartmentContent) -> None:
    taken = DepartmentAlias.objects.filter(name=content.name).exclude(department__slug=content.slug)
    if alias := taken.select_related("department").first():
        raise InvalidInput(f"“{content.name}”已是“{alias.department}”的别名，请先在那里删除。")


def _values(content: DepartmentContent) -> dict[str, Any]:
    values = {
        "name": content.name,
        "short_name": content.short_name,
        "kind": content.kind,
        "parent": Department.objects.get(name=content.parent) if content.parent else None,
        "office_phone": content.office_phone,
        "order": content.order,
        "learnt": False,
    }
    return values if content.is_active is None else {**values, "is_active": content.is_active}


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Department) else value


@transaction.atomic
def remove_alias(*, actor: User | None, at: datetime, alias: DepartmentAlias, reason: str) -> None:
    """A name means the department no longer; what was read under it stays as it is."""
    require(actor, "organizations.change_names", "删除部门别名")
    if DepartmentAlias.objects.filter(pk=alias.pk).delete()[0] != 1:
        raise StateConflict("这个别名已经删除，请刷新页面。")
    record_change(
        actor=actor,
        action="department.remove_alias",
        target=alias.department,
        at=at,
        before={"alias": alias.name},
        reason=reason,
    )


@transaction.atomic
def add_alias(
    *, actor: User | None, at: datetime, department: Department, name: str, reason: str
) -> DepartmentAlias:
    """Another printed form of the department's name; one that it already has changes nothing."""
    require(actor, "organizations.change_names", "新增部门别名")
    if _add_alias(department, name):
        record_change(
            actor=actor,
            action="department.add_aliases",
            target=department,
            at=at,
            after={"name": department.name, "aliases": [name]},
            reason=reason,
        )
    return DepartmentAlias.objects.get(name=name)


def _add_alias(department: Department, name: str) -> bool:
    if Department.objects.filter(name=name).exclude(pk=department.pk).exists():
        raise InvalidInput(f"“{name}”是另一个部门的规范名称，不能作为“{department}”的别名。")
    alias, created = DepartmentAlias.objects.get_or_create(name=name, defaults={"department": department})
    if alias.department_id != department.pk:
        raise InvalidInput(f"别名“{name}”已属于“{alias.department}”，请先在那里删除。")
    return created
