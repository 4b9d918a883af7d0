"""Queries that a list page makes, with some records and with ten times as many."""

import sys
from datetime import date

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.measuring import Row
from organizations.models import Role, User
from organizations.services import create_account, grant_role
from taskboard.models import TaskList
from zalantun.synthetic import SOURCE

AT_MOST = 15
# The search reads up to a thousand hits whole (the documents, with few records and with many) and has the
# database count more than that (all that is invented, in both).
FEW = {"events": 1_200, "directives": 20, "tasks": 100}
# One list holds at most a hundred synthetic tasks, so the page of a list is measured on one that grows.
MONTH = date(2021, 12, 1)
SEARCHES = ("/search/?q=模拟", "/search/?q=模拟&kind=events", "/search/?q=模拟&kind=directives")
TRANSACTION_MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def query_rows() -> list[Row]:
    """A row for each page."""
    client = _reader()
    call_command("generate_records", **FEW, seed=1, stdout=sys.stderr)
    pages = _pages()
    call_command("rebuild_search_index", stdout=sys.stderr)
    few = {page: _queries(client, page) for page in pages}
    call_command(
        "generate_records", **{kind: 9 * number for kind, number in FEW.items()}, seed=2, stdout=sys.stderr
    )
    _grow_the_list()
    # The search catches up with what is new by itself, within the first requests: that is not the page.
    call_command("rebuild_search_index", stdout=sys.stderr)
    many = {page: _queries(client, page) for page in pages}
    call_command("generate_records", remove=True, stdout=sys.stderr)
    return [_row(page, few[page], many[page]) for page in pages]


def _reader() -> Client:
    """Somebody who sees all there is to see in lists."""
    now = timezone.now()
    user: User = create_account(actor=None, at=now, username="bench", password="b3nch-mark-only")
    grant_role(actor=None, at=now, user=user, role=Role.EDITOR, department=None)
    client = Client()
    client.force_login(user)
    return client


def _pages() -> list[str]:
    (task_list,) = TaskList.objects.filter(note=SOURCE)[:1]
    return [
        *("/", "/events/", "/events/?q=模拟", f"/events/{MONTH:%Y}/", f"/events/{MONTH:%Y/%m}/"),
        *(f"/events/{MONTH:%Y/%m}/?q=模拟", "/directives/", "/directives/?q=模拟", "/tasks/"),
        *(f"/tasks/lists/{task_list.pk}/", "/people/", "/departments/", *SEARCHES),
        *("/api/v1/events/", "/api/v1/directives/", "/api/v1/tasks/", "/api/v1/task-lists/"),
        *("/api/v1/departments/", "/api/v1/people/", "/flood/"),
    ]


def _grow_the_list() -> None:
    """Ten times as many tasks in the list that is looked at."""
    first, *others = TaskList.objects.filter(note=SOURCE).order_by("pk")
    for number, other in enumerate(others, start=1):
        for task in other.tasks.all():
            other.tasks.filter(pk=task.pk).update(task_list=first, order=task.order + 1000 * number)


def _queries(client: Client, page: str) -> int:
    """Of the second request: what is loaded once per process or for some minutes is there by then."""
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page)
    assert response.status_code == 200, f"{page}: {response.status_code}"
    return sum(not query["sql"].startswith(TRANSACTION_MARKS) for query in captured)


def _row(page: str, few: int, many: int) -> Row:
    most = max(few, many)
    reasons = [
        f"{most} 次查询，超出 {most - AT_MOST} 次" if most > AT_MOST else "",
        f"记录增至十倍，查询由 {few} 次变为 {many} 次" if few != many else "",
    ]
    return Row(
        f"`{page}`",
        f"{few} queries",
        f"{many} with ten times as many records",
        "",
        f"≤ {AT_MOST}, constant",
        "；".join(reason for reason in reasons if reason),
    )
