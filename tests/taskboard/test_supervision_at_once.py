"""Two people press at the same moment: one change, and one sentence that says who was first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from foundation.errors import StateConflict
from notifications.models import Message
from taskboard.models import Finding, Listing, LookBack, Task
from taskboard.services.supervision.deadlines import remind_of_deadlines
from taskboard.services.supervision.findings import confirm_rectification, report_rectification
from taskboard.services.supervision.listings import list_matter, unlist_matter
from taskboard.services.supervision.lookbacks import (
    fail_look_back,
    find_in_look_back,
    open_look_backs,
    pass_look_back,
)
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf
from tests.taskboard.supervisionworld import DUE_AT, DUE_ON, due_look_back

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> Campaign:
    return campaign()


def at_once(*presses: Callable[[], Any]) -> list[str]:
    """What was said to those who came second."""

    def run(press: Callable[[], Any]) -> str:
        try:
            press()
        except StateConflict as refusal:
            return refusal.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(presses)) as pool:
        return [said for said in pool.map(run, presses) if said]


def listing_of(world: Campaign, task: Task) -> Listing:
    return list_matter(
        actor=world.supervisor, at=NOW, matter=task, notice="催办", leader="林副市长", deadline=NOW.date()
    )


def test_a_look_back_is_settled_once(world: Campaign) -> None:
    row = due_look_back(world)
    who: dict[str, Any] = {"actor": world.supervisor, "at": DUE_AT}
    said = at_once(
        lambda: pass_look_back(**who, look_back=LookBack.objects.get(pk=row.pk)),
        lambda: find_in_look_back(
            **who, look_back=LookBack.objects.get(pk=row.pk), remarks="漏水", rectify_by=DUE_ON
        ),
        lambda: fail_look_back(**who, look_back=LookBack.objects.get(pk=row.pk), remarks="不行"),
    )
    assert all("请刷新页面查看" in sentence for sentence in said)
    row.refresh_from_db()
    closed = Task.objects.get(pk=row.task_id).state == "closed"
    found = list(Finding.objects.values_list("state", flat=True))
    assert (len(said), row.state, found, closed) in [
        (2, "passed", [], True),
        (2, "reopened", [], False),
        # What was found is still open to being reopened: then its rectification is void.
        (1, "reopened", ["void"], False),
    ]


def test_confirming_and_reopening_leave_one_outcome(world: Campaign) -> None:
    row = due_look_back(world)
    who: dict[str, Any] = {"actor": world.supervisor, "at": DUE_AT}
    finding = find_in_look_back(**who, look_back=row, remarks="漏水", rectify_by=DUE_ON)
    report_rectification(actor=world.lead, at=DUE_AT, finding=finding, text="好了", upload=pdf())
    said = at_once(
        lambda: confirm_rectification(**who, finding=Finding.objects.get(pk=finding.pk)),
        lambda: fail_look_back(**who, look_back=LookBack.objects.get(pk=row.pk), remarks="不行"),
    )
    assert len(said) == 1 and "请刷新页面查看" in said[0]
    row.refresh_from_db()
    finding.refresh_from_db()
    assert (row.state, finding.state) in [("rectified", "confirmed"), ("reopened", "void")]


def test_a_task_is_listed_once(world: Campaign) -> None:
    task = world.task("in_progress")
    said = at_once(lambda: listing_of(world, task), lambda: listing_of(world, task))
    assert len(said) == 1 and "再次挂牌" in said[0]
    assert (Listing.objects.count(), task.transitions.filter(action="list").count()) == (1, 1)


def test_it_is_taken_off_once(world: Campaign) -> None:
    listing = listing_of(world, world.task("in_progress"))

    def press(mark: str) -> None:
        found = Listing.objects.get(pk=listing.pk)
        unlist_matter(actor=world.supervisor, at=NOW, listing=found, reason="已完成", upload=pdf(mark=mark))

    said = at_once(lambda: press("a"), lambda: press("b"))
    assert len(said) == 1 and "办理“摘牌”" in said[0]
    assert listing.events.filter(action="unlist").count() == 1


def test_two_sweeps_open_and_remind_once(world: Campaign) -> None:
    for _ in range(5):
        world.task("closed")
    at_once(*[lambda: open_look_backs(on_day=DUE_ON, at=DUE_AT)] * 2)
    assert LookBack.objects.count() == 5
    assert Message.objects.filter(about__startswith="look-backs:").count() == 1
    listing = listing_of(world, world.task("in_progress"))
    day = listing.deadline + timedelta(days=1)
    at_once(*[lambda: remind_of_deadlines(on_day=day, at=NOW)] * 2)
    keys = list(Message.objects.filter(dedupe_key__contains="-after-1").values_list("dedupe_key", flat=True))
    assert len(keys) == len(set(keys)) == 2
