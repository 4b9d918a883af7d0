"""What the pages of a person and of a department show, in a constant number of queries.

Rooms above this one are reached by reverse relations and their own querysets.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from organizations.models import Department, Person, Post, User
from organizations.querysets import related

Visitor = User | AnonymousUser
ENTRIES = 20
TASKS = 8
DOCUMENTS = 6
COMMAND_POST = "floodresponse.view_command_post"
TASK_LISTS = "taskboard.view_task"


def person_page(person: Person, visitor: Visitor, page: str | None) -> dict[str, Any]:
    """Where a person appears: entries, rosters, seats; and who else has the name."""
    return {
        "person": person,
        "posts": person.posts.visible_to(visitor).select_related("department"),
        "variants": person.variants.all(),
        "namesakes": _namesakes(person, visitor),
        "page": _entries_naming(person, visitor, page),
        "memberships": _memberships(person, visitor),
        "seats": _seats(related(Person, "command_seats").filter(person=person), visitor),
    }


def _namesakes(person: Person, visitor: Visitor) -> QuerySet[Person]:
    others = Person.objects.visible_to(visitor).filter(name=person.name).exclude(pk=person.pk)
    return others.with_posts(visitor)


def _entries_naming(person: Person, visitor: Visitor, page: str | None) -> Page[Any]:
    """The entries with the words in which they name the person, the newest first."""
    rows = related(Person, "appearances").filter(event=OuterRef("pk"), person=person)
    found = related(Person, "appearances", "event").visible_to(visitor).filter(officials__person=person)
    named = found.annotate(
        printed_name=Subquery(rows.values("printed_name")[:1]), post=Subquery(rows.values("post")[:1])
    )
    return Paginator(_newest_first(named), ENTRIES).get_page(page)


def _newest_first(entries: Any) -> Any:
    return entries.order_by("-start_date", "-position", "-pk")


def _memberships(person: Person, visitor: Visitor) -> Any:
    documents = related(Person, "memberships", "roster", "directive").visible_to(visitor)
    rows = related(Person, "memberships").filter(person=person, roster__directive__in=documents.order_by())
    newest = F("roster__directive__issued_on").desc(nulls_last=True)
    return rows.select_related("roster__directive").order_by(newest, "roster__order", "order")


def _seats(seats: Any, visitor: Visitor) -> Any:
    """Seats in the command post, for staff."""
    if not visitor.has_perm(COMMAND_POST):
        return seats.none()
    return seats.select_related("plan", "unit", "person").order_by("-plan__year", "order")


def department_page(
    department: Department, visitor: Visitor, page: str | None, today: date
) -> dict[str, Any]:
    """All that belongs to a department, its tasks only for staff."""
    entries = related(Department, "event_mentions", "event").visible_to(visitor)
    mentioning = _newest_first(entries.filter(mentions__department=department))
    people = Person.objects.visible_to(visitor).order_by()
    return {
        "department": department,
        "aliases": department.aliases.all(),
        "children": department.children.active().visible_to(visitor),
        "posts": Post.objects.visible_to(visitor)
        .filter(department=department, person__in=people)
        .select_related("person")
        .order_by("order", "person__name"),
        "page": Paginator(mentioning, ENTRIES).get_page(page),
        "documents": related(Department, "issued")
        .visible_to(visitor)
        .filter(issuing_department=department)
        .order_by(F("issued_on").desc(nulls_last=True), "-pk")[:DOCUMENTS],
        "seats": _seats(related(Department, "command_seats").filter(unit=department), visitor),
        **_tasks(department, visitor, today),
    }


@dataclass(slots=True)
class ListShare:
    """How many tasks of a list a department leads and supports."""

    pk: int
    title: str
    led: int = 0
    supported: int = 0


def _tasks(department: Department, visitor: Visitor, today: date) -> dict[str, Any]:
    """The department's part in each list, and the first tasks that it leads by due date; for staff."""
    if not visitor.has_perm(TASK_LISTS):
        return {"staff": False}
    tasks = related(Department, "task_duties", "task").visible_to(visitor)
    led = tasks.led_by(department.slug).exclude(state="closed").with_light(today)
    return {
        "staff": True,
        "shares": _shares(department, tasks),
        "led": led.select_related("task_list").order_by("due", "task_list", "order")[:TASKS],
    }


def _shares(department: Department, tasks: Any) -> list[ListShare]:
    duties = related(Department, "task_duties").filter(department=department, task__in=tasks.order_by())
    rows = duties.order_by("-task__task_list").values_list(
        "task__task_list", "task__task_list__title", "role"
    )
    shares: dict[int, ListShare] = {}
    for pk, title, role, number in rows.annotate(n=Count("pk")):
        share = shares.setdefault(pk, ListShare(pk, title))
        if role == "lead":
            share.led = number
        else:
            share.supported = number
    return list(shares.values())
