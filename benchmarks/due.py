"""Messages and reports that fall due in the same second, beside a bare loop that writes the same rows.

Lateness counts from the moment the sweep begins until the transaction that
delivers a message is over.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measuring import Row, database_name
from floodresponse.models import Incident, Obligation
from floodresponse.services.reminders import queue_reminders
from notifications.models import Attempt, Message
from notifications.services import Draft, inbox, queue_messages
from organizations.models import Department, Role, User
from organizations.services import create_account, grant_role

NUMBER = 10_000
ROUNDS = 3
AT_MOST = 2.0
UNITS = 5
# How many were delivered, and when, after the sweep began.
Delivered = list[tuple[int, float]]


def due_rows() -> list[Row]:
    """Messages of the task board, then reports of the flood; the database is left as it was."""
    rows: list[Row] = []
    for what, write in (("messages", _messages), ("obligations", _obligations)):
        with transaction.atomic():
            due = timezone.now()
            write(due)
            rows += _rows(f"{NUMBER:,} {what} due in one second", due)
            transaction.set_rollback(True)
    return rows


def _messages(due: datetime) -> None:
    people = [_person(f"bench-{number}") for number in range(UNITS)]
    drafts = (
        Draft(
            about=f"bench:{number}",
            tier="due",
            recipient=people[number % UNITS],
            topic="task",
            subject=f"第 {number} 项到期",
            not_before=due,
        )
        for number in range(NUMBER)
    )
    queue_messages(drafts=drafts, at=due)


def _obligations(due: datetime) -> None:
    """One incident each, with all its reminders; only those of the due minute are due."""
    units = [
        Department.objects.create(name=f"测试街道{number}", slug=f"bench-{number}", kind="street")
        for number in range(UNITS)
    ]
    people = [_person(f"bench-{unit.slug}") for unit in units]
    for unit, person in zip(units, people, strict=True):
        grant_role(actor=None, at=due, user=person, role=Role.DUTY_OFFICER, department=unit)
    happened = due - timedelta(minutes=20)
    incidents = Incident.objects.bulk_create(
        (
            Incident(
                unit=units[number % UNITS],
                occurred_at=happened,
                found_at=happened,
                confirmed_at=happened,
                entered_at=happened,
                entered_by=people[number % UNITS],
                tracker=people[number % UNITS],
                location=f"第 {number} 处",
                kind="waterlogging",
                severity="ordinary",
            )
            for number in range(NUMBER)
        ),
        batch_size=500,
    )
    obligations = Obligation.objects.bulk_create(
        (
            Obligation(
                incident=one, unit=one.unit, kind="phone", due_at=due, basis="测试", created_at=happened
            )
            for one in incidents
        ),
        batch_size=500,
    )
    # A minute before: what was to be said earlier is not said any more.
    queue_reminders(obligations=obligations, at=due - timedelta(minutes=1))


def _person(name: str) -> User:
    person: User = create_account(actor=None, at=timezone.now(), username=name, password="b3nch-mark-only")
    return person


def _rows(what: str, due: datetime) -> Iterator[Row]:
    """Median and 99th percentile; each round delivers all and is taken back."""
    ours: list[Delivered] = []
    beside: list[Delivered] = []
    for number in range(ROUNDS):
        for which, sweep in ((ours, portal_sweep), (beside, bare_sweep))[:: 1 if number % 2 else -1]:
            with transaction.atomic():
                which.append(_timed(sweep, due))
                transaction.set_rollback(True)
    for name, share in (("median", 0.5), ("99th percentile", 0.99)):
        mine = min(_late(delivered, share) for delivered in ours)
        theirs = min(_late(delivered, share) for delivered in beside)
        ratio = mine / theirs
        missed = f"{ratio:.2f}，超出 {ratio - AT_MOST:.2f}" if ratio > AT_MOST else ""
        words = (f"{mine * 1000:.0f} ms", f"bare loop {theirs * 1000:.0f} ms", f"{ratio:.2f} ×")
        yield Row(f"{what}: {name} lateness, {database_name()}", *words, f"≤ {AT_MOST} ×", missed)


def _timed(sweep: Callable[[datetime], Iterator[int]], due: datetime) -> Delivered:
    began = time.perf_counter()
    delivered = [(size, time.perf_counter() - began) for size in sweep(due)]
    found = sum(size for size, _ in delivered)
    assert found == NUMBER, found
    assert Attempt.objects.filter(delivered=True).count() == NUMBER
    return delivered


def _late(delivered: Delivered, share: float) -> float:
    """The lateness that this share of the messages does not exceed."""
    wanted, seen = ceil(share * NUMBER), 0
    for size, seconds in delivered:
        seen += size
        if seen >= wanted:
            return seconds
    raise AssertionError("not all were delivered")


def portal_sweep(due: datetime) -> Iterator[int]:
    """The portal's own, batch by batch."""
    while size := inbox.deliver_batch(now=due):
        yield size


def bare_sweep(due: datetime) -> Iterator[int]:
    """Claim, insert, update: three statements and nothing else."""
    messages, attempts = Message._meta.db_table, Attempt._meta.db_table
    lock = "" if connection.vendor == "sqlite" else "FOR UPDATE SKIP LOCKED"
    claim = (
        f"SELECT id FROM {messages} WHERE state = 'pending' AND channel = 'inbox' AND attempt_at <= %s "
        f"ORDER BY attempt_at, id LIMIT {inbox.BATCH} {lock}"
    )
    insert = (
        f"INSERT INTO {attempts} (message_id, number, started_at, ended_at, delivered, error) "
        "VALUES (%s, 1, %s, %s, %s, '')"
    )
    now = connection.ops.adapt_datetimefield_value(due)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(claim, [now])
            keys = [key for (key,) in cursor.fetchall()]
            if not keys:
                return
            cursor.executemany(insert, [(key, now, now, True) for key in keys])
            places = ", ".join(["%s"] * len(keys))
            cursor.execute(
                f"UPDATE {messages} SET state = 'sent', sent_at = %s, attempts = attempts + 1 "
                f"WHERE id IN ({places})",
                [now, *keys],
            )
        yield len(keys)
