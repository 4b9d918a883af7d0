"""People and departments as tables for office programs."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from organizations.models import Department, Person

PEOPLE = ("姓名", "区分", "职务", "单位", "原文印作", "大事记条数", "名单数", "最近见于")
DEPARTMENTS = ("规范名称", "简称", "类别", "上级", "办公电话", "别名", "大事记条数", "人员")
TASKS = ("牵头任务", "配合任务")


def people_rows(people: QuerySet[Person]) -> Iterator[Sequence[str]]:
    """People, annotated ``with_appearances``, below ``PEOPLE``."""
    return (_person_cells(person) for person in people)


def _person_cells(person: Person) -> tuple[str, ...]:
    posts = list(person.posts.all())
    seen: tuple[int, int] = person.entries, person.rosters  # type: ignore[attr-defined]  # annotated
    last_on = person.last_on  # type: ignore[attr-defined]  # annotated
    return (
        person.name,
        person.qualifier,
        "；".join(post.title for post in posts),
        "、".join(dict.fromkeys(post.department.name for post in posts if post.department)),
        "、".join(variant.printed_name for variant in person.variants.all()),
        *map(str, seen),
        last_on.isoformat() if last_on else "",
    )


def department_header(*, with_tasks: bool) -> Sequence[str]:
    """The heading of departments; ``with_tasks`` for staff."""
    return (*DEPARTMENTS, *TASKS) if with_tasks else DEPARTMENTS


def department_rows(departments: QuerySet[Department], *, with_tasks: bool) -> Iterator[Sequence[str]]:
    """Departments, annotated ``with_counts``, below their heading."""
    length = len(department_header(with_tasks=with_tasks))
    return (_department_cells(found)[:length] for found in departments)


def _department_cells(department: Department) -> tuple[str, ...]:
    counts = (getattr(department, name) for name in ("entries", "people", "leads", "supports"))
    return (
        department.name,
        department.short_name,
        department.get_kind_display(),
        department.parent.name if department.parent else "",
        department.office_phone,
        "、".join(alias.name for alias in department.aliases.all()),
        *map(str, counts),
    )
