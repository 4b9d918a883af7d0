"""Departments and their aliases."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import Department, DepartmentAlias, User
from organizations.permissions import require


@dataclass(frozen=True, slots=True)
class DepartmentContent:
    """A department as given; ``parent`` is the canonical name of an existing one."""

    slug: str
    name: str
    short_name: str = ""
    kind: str = Department.Kind.UNSORTED
    aliases: tuple[str, ...] = ()
    parent: str = ""
    office_phone: str = ""
    order: int = 1000


@transaction.atomic
def save_department(*, actor: User | None, at: datetime, content: DepartmentContent) -> Department:
    """Create the department with this slug, or bring it up to date.

    An alias that already means another department is refused.
    """
    require(actor, "organizations.change_names", "修改部门名称")
    parent = Department.objects.get(name=content.parent) if content.parent else None
    department, created = Department.objects.update_or_create(
        slug=content.slug,
        defaults={
            "name": content.name,
            "short_name": content.short_name,
            "kind": content.kind,
            "parent": parent,
            "office_phone": content.office_phone,
            "order": content.order,
        },
    )
    added = [alias for alias in content.aliases if _add_alias(department, alias)]
    if created or added:
        action = "department.create" if created else "department.add_aliases"
        after = {"name": department.name, "aliases": added}
        record_change(actor=actor, action=action, target=department, at=at, after=after)
    return department


def _add_alias(department: Department, name: str) -> bool:
    alias, created = DepartmentAlias.objects.get_or_create(name=name, defaults={"department": department})
    if alias.department_id != department.pk:
        raise InvalidInput(f"别名“{name}”已属于“{alias.department}”，请先在那里删除。")
    return created
