"""Whatever is handed in for import: the page answers, and a refused file has written nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directives.models import Directive
from events.models import Event
from floodresponse.gauges import sheets as readings
from floodresponse.models import DutyShift, Reading, RescueTeam, Supply
from floodresponse.resources import supplysheets
from floodresponse.resources.registers import REGISTERS
from floodresponse.roster import sheets as roster
from foundation.spreadsheets import csv_table
from foundation.workbooks import workbook_of
from taskboard.models import Task
from taskboard.models.ledgers import LedgerRow
from taskboard.tasksheets.columns import FIELDS
from tests.accounts import browser_of, token_for
from tests.factories import TaskListFactory
from tests.floodresponse.reporting import City, build_city
from tests.fuzzing.damage import CELLS, TABLE, damaged, repacked
from tests.taskboard.ledgerworld import land_ledger, member, unit

pytestmark = pytest.mark.django_db
CHINESE = re.compile("[\u4e00-\u9fff]")
WRITTEN = (DutyShift, Reading, RescueTeam, Supply, LedgerRow, Task, Event, Directive)
EACH = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass
class Door:
    """Where a table is handed in, by whom, and what stands above its columns."""

    client: Client
    path: str
    header: tuple[str, ...]
    more: dict[str, Any]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ledger_door(city: City) -> Door:
    ledger = land_ledger()
    path = f"/tasks/ledgers/{ledger.pk}/import/"
    header = ("编号", "版次", *ledger.columns.values_list("name", flat=True))
    return Door(signed_in(member("department_officer")), path, header, {"department": unit().pk})


DOORS: dict[str, Callable[[City], Door]] = {
    "roster": lambda city: Door(signed_in(city.office), "/flood/roster/import/", roster.HEADER, {}),
    "supplies": lambda city: Door(signed_in(city.office), "/flood/supplies/import/", supplysheets.HEADER, {}),
    "teams": lambda city: Door(
        signed_in(city.office),
        "/flood/resources/teams/import/",
        tuple(column.label for column in REGISTERS["teams"].columns),
        {},
    ),
    "readings": lambda city: Door(signed_in(city.office), "/flood/readings/import/", readings.HEADER, {}),
    "tasks": lambda city: Door(
        browser_of("supervisor"),
        f"/tasks/lists/{TaskListFactory(state='draft').pk}/sheet/",
        tuple(FIELDS.values()),
        {},
    ),
    "ledger": ledger_door,
    "gazette": lambda city: Door(browser_of("editor"), "/gazette/imports/new/", ("大事记", "7月"), {}),
}


@pytest.fixture
def city() -> City:
    return build_city()


def counts() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


@st.composite
def handed_in(draw: st.DrawFn, header: tuple[str, ...]) -> SimpleUploadedFile:
    """A table with the right header and wrong cells, a damaged one, or no table at all."""
    way = draw(st.sampled_from(["xlsx", "csv", "damaged", "repacked", "bytes"]))
    cells = draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=4))
    if way == "xlsx":
        return SimpleUploadedFile("表.xlsx", workbook_of("表", header, cells))
    if way == "csv":
        return SimpleUploadedFile("表.csv", "".join(csv_table(header, cells)).encode("utf-8", "replace"))
    if way == "damaged":
        return SimpleUploadedFile("表.xlsx", draw(damaged(TABLE)))
    if way == "repacked":
        return SimpleUploadedFile("表.xlsx", draw(repacked()))
    return SimpleUploadedFile(
        draw(st.sampled_from(["表.csv", "表.xlsx", "文.md", "文.pdf"])), draw(st.binary(max_size=200))
    )


@pytest.mark.parametrize("name", DOORS)
@given(data=st.data())
@EACH
def test_a_table_is_taken_or_refused_whole(name: str, city: City, data: st.DataObject) -> None:
    door = DOORS[name](city)
    before = counts()
    file = data.draw(handed_in(door.header))
    answer = door.client.post(door.path, {"file": file, **door.more}, follow=True)
    assert answer.status_code < 500
    assert CHINESE.search(answer.content.decode())
    if answer.status_code >= 400:
        assert counts() == before


GAZETTE = st.text(
    st.sampled_from(
        "123456789日月年—~～☆△**一二三、（）()《》〔〕2022号市委召开会议\n\n  #\u3000：，。附件牵头单位"
    ),
    max_size=400,
)


@given(text=GAZETTE)
@EACH
def test_a_gazette_is_read_or_refused_whole(text: str) -> None:
    before = counts()
    file = SimpleUploadedFile("公报.md", f"# 2022年7月大事记\n{text}".encode())
    answer = browser_of("editor").post("/gazette/imports/new/", {"file": file}, follow=True)
    assert answer.status_code < 500
    assert counts() == before  # nothing before somebody has confirmed


def bodies() -> Iterator[bytes]:
    yield from (b"", b"{", b"[", b"null", b"[]", b"{}", b'"x"', b"1", b"\xff\xfe", b"[null]", b"[[]]", b"[1]")
    yield b"[" * 3000 + b"]" * 3000
    yield b'{"a":' * 3000 + b"1" + b"}" * 3000
    for value in (
        b"NaN",
        b"Infinity",
        b"1e400",
        b"-1e400",
        b"1" * 500,
        b'"\\u0000"',
        b'"\\ud800"',
        b"{}",
        b"[]",
    ):
        yield (
            b'[{"station":"R1","kind":"rain","observed_at":"2022-07-04T00:00:00+08:00","value":'
            + value
            + b"}]"
        )
        yield (
            b'{"unit":'
            + value
            + b',"occurred_at":'
            + value
            + b',"dead":'
            + value
            + b',"level":'
            + value
            + b"}"
        )
        yield b'{"percent":' + value + b',"text":' + value + b',"until":' + value + b"}"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/flood/readings/", "/api/v1/flood/incidents/", "/api/v1/flood/responses/",
        "/api/v1/flood/warnings/", "/api/v1/events/",
    ],
)  # fmt: skip
def test_no_body_breaks_the_interface(path: str, client: Client, city: City) -> None:
    token = token_for(city.office)
    before = counts()
    for body in bodies():
        answer = client.generic(
            "POST", path, body, "application/json", headers={"Authorization": f"Token {token}"}
        )
        assert answer.status_code < 500, body[:200]
    assert counts()[2:] == before[2:]
