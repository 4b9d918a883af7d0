"""Ledgers and their entries as data."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taskboard.models.ledgers import ApprovalCase, DisposalPlan, Ledger, LedgerRow
from tests.accounts import reads_of_the_page
from tests.api.world import ENTERED, Caller, World, build
from tests.factories import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def world() -> World:
    return build()


@pytest.fixture
def viewer() -> Caller:
    return Caller("viewer")


def row_in(world: World, kind: str, title: str, **values: str) -> LedgerRow:
    ledger, _ = Ledger.objects.get_or_create(
        directive=world.directive, kind=kind, defaults={"title": f"{kind}台账"}
    )
    return LedgerRow.objects.create(
        ledger=ledger,
        department=world.department,
        title=title,
        values={"c1": title, **values},
        created_at=ENTERED,
        updated_at=ENTERED,
    )


def test_a_ledger_says_its_columns_and_counts(world: World, viewer: Caller) -> None:
    found = viewer.get(f"ledgers/{world.ledger.pk}/")
    assert found == {
        "id": world.ledger.pk,
        "directive": world.directive.pk,
        "kind": "land",
        "title": "闲置土地台账",
        "due_on": None,
        "responsible": "",
        "responsible_leader": "",
        "rules": "",
        "columns": [
            {"key": "c1", "name": "项目名称", "type": "text", "unit": "", "choices": []},
            {"key": "c2", "name": "面积", "type": "number", "unit": "亩", "choices": []},
        ],
        "counts": {"draft": 0, "signed": 1, "closed": 0, "removed": 0},
        "url": f"http://testserver/tasks/ledgers/{world.ledger.pk}/",
    }


def test_an_entry_holds_its_values_by_column(world: World, viewer: Caller) -> None:
    found = viewer.get(f"ledger-rows/{world.ledger_row.pk}/")
    assert found["values"] == {"项目名称": "甲厂", "面积": "9.5"}
    assert (found["department"], found["state"], found["case"], found["plan"]) == (
        "水务局",
        "signed",
        None,
        None,
    )
    assert found["signed_at"] == "2023-05-08T09:00:00+08:00"
    assert found["url"] == f"http://testserver/tasks/ledgers/rows/{world.ledger_row.pk}/"


def test_a_pending_approval_carries_its_case(world: World, viewer: Caller) -> None:
    row = row_in(world, "pending_approval", "乙厂", c2="待初审")
    approver = UserFactory(display_name="审批员甲")
    ApprovalCase.objects.create(row=row, approver=approver, received_on=date(2022, 8, 1), to_forward=True)
    found = viewer.get(f"ledger-rows/{row.pk}/")
    assert found["case"] == {
        "approver": "审批员甲",
        "received_on": "2022-08-01",
        "offline": False,
        "to_forward": True,
        "promised_on": None,
        "reviewed_on": None,
        "outcome": "",
        "outcome_on": None,
    }
    assert found["values"] == {"名称": "乙厂", "情况": "待初审"}


def test_a_stalled_project_carries_its_plan(world: World, viewer: Caller) -> None:
    row = row_in(world, "stalled_project", "丙楼")
    DisposalPlan.objects.create(row=row, kind="unused", way="court", measures="拍卖", stage="survey")
    assert viewer.get(f"ledger-rows/{row.pk}/")["plan"] == {
        "kind": "unused",
        "way": "court",
        "measures": "拍卖",
        "stage": "survey",
    }


def test_lists_filter(world: World, viewer: Caller) -> None:
    row = row_in(world, "stalled_project", "丙楼")
    LedgerRow.objects.filter(pk=row.pk).update(department=DepartmentFactory(slug="jiaoyu", name="教育局"))

    def ids(path: str, **query: object) -> list[int]:
        return [found["id"] for found in viewer.rows(path, query)]

    assert ids("ledgers/", kind="land") == [world.ledger.pk]
    assert ids("ledgers/", q="闲置") == [world.ledger.pk]
    assert ids("ledgers/", directive=world.directive.pk + 1) == []
    assert ids("ledger-rows/", ledger=world.ledger.pk) == [world.ledger_row.pk]
    assert ids("ledger-rows/", kind="stalled_project") == [row.pk]
    assert ids("ledger-rows/", state="draft") == [row.pk]
    assert ids("ledger-rows/", department="shuiwu") == [world.ledger_row.pk]
    assert ids("ledger-rows/", q="教育局") == [row.pk]
    assert ids("ledger-rows/", ordering="-id") == [row.pk, world.ledger_row.pk]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("ledgers/", {"kind": "nothing"}),
        ("ledgers/", {"directive": "x"}),
        ("ledger-rows/", {"ledger": "999999"}),
        ("ledger-rows/", {"state": "gone"}),
        ("ledger-rows/", {"department": "nowhere"}),
    ],
)
def test_a_filter_that_cannot_be_read_is_named(
    world: World, viewer: Caller, path: str, query: dict[str, str]
) -> None:
    assert list(viewer.get(path, query, status=400)) == list(query)


def test_many_entries_cost_as_many_queries_as_few(world: World, viewer: Caller) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            viewer.get(path)
        return reads_of_the_page(captured)

    viewer.get("ledgers/")  # a token's use is noted once in a while
    few = [cost(path) for path in ("ledgers/", "ledger-rows/")]
    for number in range(5):
        row = row_in(world, "pending_approval", f"厂{number}")
        ApprovalCase.objects.create(row=row, received_on=date(2022, 8, 1))
        ledger = Ledger.objects.create(directive=world.directive, kind="land", title=f"台账{number}")
        ledger.columns.create(order=1, name="项目")
    assert [cost(path) for path in ("ledgers/", "ledger-rows/")] == few
    assert max(few) <= MOST_QUERIES
