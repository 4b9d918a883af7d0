"""The task board and the supervisor's desk with fifty thousand tasks, beside bare views.

A bare view goes through the same middleware, asks the database exactly what the
page asked it, and answers with the bytes of the page.
"""

import sys
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.bare import REPLAYS, Replay
from benchmarks.measuring import Row, database_name, in_turn, seconds_of, speed_ratio
from organizations.models import Role, User
from organizations.services import create_account, grant_role

TASKS, ROUNDS, AT_LEAST = 50_000, 5, 0.5
PAGES = {"board": "/tasks/", "desk": "/tasks/desk/"}
# Finding out who asks and keeping the session: the bare view's middleware does it as well.
OVERHEAD = ("django_session", "organizations_user", "organizations_roleassignment")
MARKS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def board_rows() -> list[Row]:
    """Both pages, signed in as a supervisor; the tasks are taken away again."""
    client = _supervisor()
    call_command("generate_records", tasks=TASKS, seed=3, stdout=sys.stderr)
    # What a database does by itself once it has a quiet minute.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = [_row(client, name, page) for name, page in PAGES.items()]
    call_command("generate_records", remove=True, stdout=sys.stderr)
    return rows


def _supervisor() -> Client:
    now = timezone.now()
    user: User = create_account(actor=None, at=now, username="bench-desk", password="b3nch-mark-only")
    grant_role(actor=None, at=now, user=user, role=Role.SUPERVISOR, department=None)
    client = Client()
    client.force_login(user)
    return client


def _row(client: Client, name: str, page: str) -> Row:
    REPLAYS[name] = recorded(client, page)
    size, queries = len(REPLAYS[name].content) // 1024, len(REPLAYS[name].statements)
    bare = f"/bare/pages/{name}/"
    ours, beside = in_turn(
        lambda: seconds_of(lambda: get(client, page)), lambda: seconds_of(lambda: get(client, bare)), ROUNDS
    )
    what = f"`{page}` with {TASKS:,} tasks ({size} KB, {queries} queries of its own), {database_name()}"
    return speed_ratio(what, ours, beside, at_least=AT_LEAST)


def recorded(client: Client, page: str) -> Replay:
    """What the page asks and answers, the second time: what is loaded once is there by then."""
    statements: list[tuple[str, Any]] = []

    def record(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(MARKS) and not any(table in sql for table in OVERHEAD):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    get(client, page)
    with connection.execute_wrapper(record):
        content = get(client, page)
    return Replay(statements, content)


def get(client: Client, address: str) -> bytes:
    """What a page answers; it must answer well."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return response.content
