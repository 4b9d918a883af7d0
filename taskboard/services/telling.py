"""Messages that steps of a task send to departments and supervisors."""

from collections.abc import Iterable
from datetime import datetime

from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import Department, Role, User
from taskboard.models import Task, TaskList


def tell_departments(
    *, departments: Iterable[int], about: str, tier: str, subject: str, body: str, url: str, at: datetime
) -> None:
    """A message to the officers of departments, by key; to the head where there is no officer."""
    people = _officers(set(departments))
    _send(people, about=about, tier=tier, subject=subject, body=body, url=url, at=at)


def tell_supervisors(*, task: Task, matter: str, tier: str, subject: str, body: str, at: datetime) -> None:
    """A message to all supervisors; it is taken back by ``settle`` when the matter is settled."""
    people = User.objects.filter(is_active=True, assignments__role=Role.SUPERVISOR).distinct()
    url = task.get_absolute_url()
    _send(people, about=about_task(task, matter), tier=tier, subject=subject, body=body, url=url, at=at)


def settle(*, task: Task, matter: str, at: datetime, why: str) -> None:
    """Cancel what still waits of a matter of a task."""
    cancel_messages(about=about_task(task, matter), at=at, why=why)


def about_task(task: Task, matter: str) -> str:
    """The name of a matter of a task in the outbox."""
    return f"task:{task.pk}:{matter}"


def about_signing(task_list: TaskList, department_id: int) -> str:
    """The name of a department's signing of a list in the outbox."""
    return f"task-list:{task_list.pk}:sign:{department_id}"


def tell_lead(*, task: Task, tier: str, words: str, reason: str, at: datetime) -> None:
    """What the supervisor decided of a task, to the departments that lead it."""
    leads = task.duties.filter(role="lead").values_list("department_id", flat=True)
    tell_departments(
        departments=leads,
        about=about_task(task, "decided"),
        tier=tier,
        subject=f"{words}：{task.title}",
        body=reason,
        url=task.get_absolute_url(),
        at=at,
    )


def _officers(departments: set[int]) -> list[User]:
    """Officers of each department and, for a collective, of its members; heads where there are none."""
    units = Department.objects.filter(pk__in=departments)
    members = Department.objects.filter(
        parent__in=units.filter(kind=Department.Kind.COLLECTIVE), is_active=True
    )
    keys = departments | set(members.values_list("pk", flat=True))
    held = User.objects.filter(is_active=True, assignments__department__in=keys)
    people: dict[int, User] = {}
    covered: set[int] = set()
    for role in (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD):
        rows = held.filter(assignments__role=role).values_list("pk", "assignments__department")
        wanted = {pk: unit for pk, unit in rows if unit in keys - covered}
        people.update(User.objects.in_bulk(list(wanted)))
        covered |= set(wanted.values())
    return list(people.values())


def _send(
    people: Iterable[User], *, about: str, tier: str, subject: str, body: str, url: str, at: datetime
) -> None:
    drafts = [
        Draft(
            about=about,
            tier=tier,
            recipient=person,
            topic=Topic.TASK,
            subject=subject,
            body=body,
            url=url,
            not_before=at,
        )
        for person in people
    ]
    queue_messages(drafts=drafts, at=at)
