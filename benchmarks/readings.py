"""Readings of gauges: taken in through the interface, and judged."""

import http.client
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from django.db import transaction
from django.utils import timezone

from benchmarks.measuring import Row, database_name, in_turn, seconds_of
from benchmarks.pages import web_server
from floodresponse.assessing import assess
from floodresponse.models import Criterion, Plan, Reading, ReadingBatch, Station
from organizations.models import Role, User
from organizations.services import create_account, grant_role, issue_token

GAUGES, MINUTES, A_LIST = 100, 360, 1000
ROUNDS, AT_LEAST = 7, 0.3
THRESHOLDS = ((1, "rain_3h", 100), (2, "rain_3h", 50), (3, "rain_6h", 50), (4, "rain_6h", 20))
Observed = tuple[int, datetime, Decimal]


def reading_rows() -> list[Row]:
    """Lists over the wire beside a bulk insert; then the assessment of six hours."""
    gauges = _gauges()
    return [_intake(gauges), _assessment(gauges)]


def _gauges() -> Sequence[Station]:
    return Station.objects.bulk_create(
        Station(code=f"BENCH{number:03}", name=f"测试站{number}", kind="rain", is_urban=True)
        for number in range(GAUGES)
    )


def _intake(gauges: Sequence[Station]) -> Row:
    token = issue_token(actor=None, at=timezone.now(), username=_reporter().username)
    # Each list tells of moments that no list before told of.
    moments = (timezone.now() - timedelta(days=400) + timedelta(minutes=10 * number) for number in count())
    with web_server() as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def post() -> float:
            body = json.dumps(
                [
                    {
                        "station": gauges[place].code,
                        "kind": "rain",
                        "observed_at": moment.isoformat(),
                        "value": float(value),
                    }
                    for place, moment, value in _observed(next(moments))
                ]
            )
            return seconds_of(lambda: _post(connection, token, body))

        ours, beside = in_turn(post, lambda: _insert(gauges, _observed(next(moments))), ROUNDS)
        connection.close()
    ratio = beside.least / ours.least
    missed = f"{ratio:.2f}，还差 {AT_LEAST - ratio:.2f}" if ratio < AT_LEAST else ""
    return Row(
        f"Readings through the interface, {A_LIST:,} in a list, {database_name()}",
        f"{ours.words}, {A_LIST / ours.least:,.0f} readings/s",
        f"bulk insert {beside.words}, {A_LIST / beside.least:,.0f} readings/s",
        f"{ratio:.2f} ×",
        f"≥ {AT_LEAST} ×",
        missed,
    )


def _reporter() -> User:
    now = timezone.now()
    user: User = create_account(actor=None, at=now, username="bench-gauges", password="b3nch-mark-only")
    grant_role(actor=None, at=now, user=user, role=Role.DUTY_OFFICER, department=None)
    return user


def _observed(begin: datetime) -> list[Observed]:
    """A list: ten minutes of all gauges."""
    steps = A_LIST // GAUGES
    return [
        (place, begin + timedelta(minutes=minute), Decimal(place % 10) / 10)
        for minute in range(steps)
        for place in range(GAUGES)
    ]


def _post(connection: http.client.HTTPConnection, token: str, body: str) -> None:
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/flood/readings/", body, headers)
    response = connection.getresponse()
    answer = json.load(response)
    assert response.status == 201 and answer["accepted"] == A_LIST, answer


def _insert(gauges: Sequence[Station], observed: Sequence[Observed]) -> float:
    """The same rows, written at once and without a look at what they say."""

    def write() -> None:
        now = timezone.now()
        with transaction.atomic():
            batch = ReadingBatch.objects.create(received_at=now, accepted=A_LIST)
            Reading.objects.bulk_create(
                Reading(station=gauges[place], observed_at=moment, value=value, received_at=now, batch=batch)
                for place, moment, value in observed
            )

    return seconds_of(write)


def _assessment(gauges: Sequence[Station]) -> Row:
    """Beside reading the same rows without judging them."""
    at = timezone.localtime().replace(second=0, microsecond=0)
    _plan(at.year)
    begins = at - timedelta(minutes=MINUTES)
    for minute in range(10, MINUTES + 1, A_LIST // GAUGES):
        _insert(gauges, _observed(begins + timedelta(minutes=minute - 9)))
    rows = Reading.objects.between(begins, at).order_by().values_list("station", "observed_at", "value")
    assert len(rows) == GAUGES * MINUTES
    ours, beside = in_turn(
        lambda: seconds_of(lambda: assess(at)), lambda: seconds_of(lambda: list(rows.all())), ROUNDS
    )
    assert not assess(at).silent
    return Row(
        f"Assessment of {GAUGES} gauges × {MINUTES // 60} h of one-minute data, {database_name()}",
        ours.words,
        f"reading alone {beside.words}",
        f"{ours.least / beside.least:.1f} ×",
    )


def _plan(year: int) -> None:
    plan, new = Plan.objects.get_or_create(year=year, defaults={"title": "测试方案"})
    if new:
        for level, kind, lower in (
            (1, "rain_3h", 100),
            (2, "rain_3h", 50),
            (3, "rain_6h", 50),
            (4, "rain_6h", 20),
        ):
            Criterion.objects.create(plan=plan, level=level, kind=kind, lower=lower)
