"""Listed supervision: on the list with a notice, off it only with evidence and a reason."""

from datetime import timedelta
from typing import Any

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from taskboard.models import Listing, Task
from taskboard.models.ledgers import LedgerRow
from taskboard.services.supervision.deadlines import remind_of_deadlines
from taskboard.services.supervision.listings import (
    list_matter,
    prolong_listing,
    report_on_listing,
    unlist_matter,
)
from taskboard.supervision.lights import listing_mark
from taskboard.supervision.reads import listings_for_desk
from tests.taskboard.campaign import NOW, Campaign, campaign, pdf
from tests.taskboard.ledgerworld import entry, land_ledger, member, signed_entry

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def world() -> Campaign:
    return campaign()


def listed(world: Campaign, matter: Task | LedgerRow | None = None, days: int = 20) -> Listing:
    return list_matter(
        actor=world.supervisor,
        at=NOW,
        matter=matter or world.task("in_progress"),
        notice="两个月没有进展",
        leader="林副市长",
        deadline=TODAY + timedelta(days=days),
    )


# -- on the list --------------------------------------------------------------------------------


def test_a_task_is_listed_with_notice_leader_and_deadline(world: Campaign) -> None:
    listing = listed(world)
    assert (listing.state, listing.leader, listing.departments) == ("listed", "林副市长", [world.water])
    assert [(e.action, e.actor) for e in listing.events.all()] == [("list", world.supervisor)]
    assert listing.task is not None
    last = listing.task.transitions.latest("pk")
    assert (last.action, last.from_state, last.to_state) == ("list", "in_progress", "in_progress")
    told = Message.objects.filter(about=f"listing:{listing.pk}")
    assert {m.recipient for m in told} == {world.lead}
    assert AuditEntry.objects.filter(action="listing.list").exists()


def test_a_stalled_project_is_listed_with_its_unit(world: Campaign) -> None:
    row = signed_entry(land_ledger("stalled_project", "青河“半拉子”工程台账"))
    listing = listed(world, row)
    assert (listing.ledger_row, listing.departments) == (row, [row.department])


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_what_nobody_works_on_is_not_listed(world: Campaign, state: str) -> None:
    with pytest.raises(StateConflict, match="只有已下发、未办结"):
        listed(world, world.task(state))


def test_an_entry_that_is_not_signed_is_not_listed(world: Campaign) -> None:
    with pytest.raises(StateConflict, match="只有签字在册"):
        listed(world, entry(land_ledger()))


def test_nothing_stands_on_the_list_twice(world: Campaign) -> None:
    listing = listed(world)
    with pytest.raises(StateConflict, match="督查员甲已于5月8日 09:00办理“挂牌”"):
        listed(world, listing.task)
    row = signed_entry(land_ledger())
    listed(world, row)
    with pytest.raises(StateConflict, match="再次挂牌"):
        listed(world, row)
    assert Listing.objects.count() == 2


def test_after_it_was_taken_off_it_can_be_listed_again(world: Campaign) -> None:
    listing = listed(world)
    unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="已完成", upload=pdf(mark="u"))
    assert listed(world, listing.task).state == "listed"


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True)])
def test_the_deadline_is_today_or_later(world: Campaign, days: int, allowed: bool) -> None:
    if allowed:
        assert listed(world, days=days).deadline == TODAY + timedelta(days=days)
    else:
        with pytest.raises(InvalidInput, match="办结期限不能早于今天"):
            listed(world, days=days)


@pytest.mark.parametrize(("length", "allowed"), [(0, False), (1, True), (80, True), (81, False)])
def test_a_leader_is_named(world: Campaign, length: int, allowed: bool) -> None:
    task = world.task("issued")

    def save() -> Listing:
        return list_matter(
            actor=world.supervisor, at=NOW, matter=task, notice="催办", leader="林" * length, deadline=TODAY
        )

    if allowed:
        assert len(save().leader) == length
    else:
        with pytest.raises(InvalidInput, match="责任领导"):
            save()


def test_only_supervisors_list_prolong_and_take_off(world: Campaign) -> None:
    task, listing = world.task("issued"), listed(world)
    for name in set(world.people) - {"supervisor"}:
        person = world.people[name]
        with pytest.raises(PermissionRefused):
            list_matter(actor=person, at=NOW, matter=task, notice="催", leader="林", deadline=TODAY)
        with pytest.raises(PermissionRefused):
            prolong_listing(actor=person, at=NOW, listing=listing, deadline=TODAY, reason="缓")
        with pytest.raises(PermissionRefused):
            unlist_matter(actor=person, at=NOW, listing=listing, reason="好了", upload=pdf(mark=name))
    listing.refresh_from_db()
    assert (Listing.objects.count(), listing.state) == (1, "listed")


# -- what the unit reports ----------------------------------------------------------------------


def test_the_lead_reports_and_supervisors_are_told(world: Campaign) -> None:
    listing = listed(world)
    report_on_listing(actor=world.lead, at=NOW, listing=listing, text="已进场", upload=pdf(mark="r"))
    event = listing.events.get(action="report")
    assert (event.department, event.text) == (world.water, "已进场")
    assert event.file is not None
    assert Message.objects.filter(about=f"listing:{listing.pk}:review", recipient=world.supervisor).exists()


@pytest.mark.parametrize("name", ["supporter", "outsider", "unplaced", "viewer", "supervisor"])
def test_nobody_else_reports(world: Campaign, name: str) -> None:
    listing = listed(world)
    with pytest.raises(PermissionRefused):
        report_on_listing(actor=world.people[name], at=NOW, listing=listing, text="已进场")
    assert not listing.events.filter(action="report").exists()


def test_the_unit_of_an_entry_reports(world: Campaign) -> None:
    listing = listed(world, signed_entry(land_ledger()))
    report_on_listing(actor=member("department_officer"), at=NOW, listing=listing, text="已复工")
    assert listing.events.filter(action="report").count() == 1


# -- off the list -------------------------------------------------------------------------------


def test_taking_off_needs_a_reason_and_evidence(world: Campaign) -> None:
    listing = listed(world)
    with pytest.raises(InvalidInput, match="请写明摘牌的理由"):
        unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason=" ", upload=pdf())
    with pytest.raises(InvalidInput, match="请附上摘牌佐证"):
        unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="已完成", upload=None)
    listing.refresh_from_db()
    assert listing.state == "listed"
    unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="已完成", upload=pdf())
    assert (listing.state, listing.unlisted_at) == ("unlisted", NOW)
    assert listing.events.get(action="unlist").file is not None
    assert listing.task is not None
    assert listing.task.transitions.latest("pk").action == "unlist"


def test_evidence_that_the_unit_reported_is_enough(world: Campaign) -> None:
    listing = listed(world)
    report_on_listing(actor=world.lead, at=NOW, listing=listing, text="完成", upload=pdf())
    unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="核实无误", upload=None)
    assert listing.state == "unlisted"


def test_it_is_taken_off_once(world: Campaign) -> None:
    listing = listed(world)
    again = Listing.objects.get(pk=listing.pk)
    unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="已完成", upload=pdf(mark="1"))
    with pytest.raises(StateConflict, match="督查员甲已于5月8日 09:00办理“摘牌”"):
        unlist_matter(actor=world.supervisor, at=NOW, listing=again, reason="已完成", upload=pdf(mark="2"))
    with pytest.raises(StateConflict, match="已摘牌"):
        report_on_listing(actor=world.lead, at=NOW, listing=again, text="晚了")
    with pytest.raises(StateConflict, match="已摘牌"):
        prolong_listing(actor=world.supervisor, at=NOW, listing=again, deadline=TODAY, reason="缓")


def test_of_two_who_prolong_the_second_names_the_deadline_of_the_first(world: Campaign) -> None:
    listing = listed(world)
    opened_before = Listing.objects.get(pk=listing.pk)
    who: dict[str, Any] = {"actor": world.supervisor, "at": NOW}
    first, second = TODAY + timedelta(days=30), TODAY + timedelta(days=40)
    prolong_listing(**who, listing=listing, deadline=first, reason="等汛期过去")
    prolong_listing(**who, listing=opened_before, deadline=second, reason="等验收")
    said = listing.events.filter(action="prolong").latest("pk").text
    assert said == (
        f"由{first.year}年{first.month}月{first.day}日调整为{second.year}年{second.month}月{second.day}日。等验收"
    )


def test_another_deadline_keeps_the_one_before(world: Campaign) -> None:
    listing = listed(world)
    later = TODAY + timedelta(days=40)
    prolong_listing(actor=world.supervisor, at=NOW, listing=listing, deadline=later, reason="等汛期过去")
    assert listing.deadline == later
    first, second = listing.events.order_by("pk")
    assert (first.deadline, second.deadline) == (TODAY + timedelta(days=20), later)
    assert "2023年5月28日" in second.text and "等汛期过去" in second.text


# -- lights, reminders, the desk ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "shape", "words"),
    [
        (8, "green", "剩 8 天"),
        (7, "yellow", "剩 7 天"),
        (0, "yellow", "今天到期"),
        (-1, "red", "逾期 1 天"),
    ],
)
def test_the_light_follows_the_deadline(world: Campaign, left: int, shape: str, words: str) -> None:
    listing = listed(world)
    mark = listing_mark(listing, listing.deadline - timedelta(days=left))
    assert (mark.shape, mark.word, mark.left) == (shape, "挂牌中", words)


def test_deadlines_are_reminded_of_until_it_is_taken_off(world: Campaign) -> None:
    listing = listed(world)
    assert remind_of_deadlines(on_day=listing.deadline, at=NOW) == 1
    assert remind_of_deadlines(on_day=listing.deadline, at=NOW) == 0
    unlist_matter(actor=world.supervisor, at=NOW, listing=listing, reason="已完成", upload=pdf())
    assert remind_of_deadlines(on_day=listing.deadline + timedelta(days=1), at=NOW) == 0
    due = Message.objects.get(dedupe_key__contains=f"{listing.deadline.isoformat()}-due")
    assert due.state == Message.State.CANCELLED


def test_the_desk_reads_what_stands_with_the_earliest_deadline_first(world: Campaign) -> None:
    late, soon, gone = listed(world, days=30), listed(world, days=3), listed(world, days=1)
    unlist_matter(actor=world.supervisor, at=NOW, listing=gone, reason="已完成", upload=pdf())
    assert list(listings_for_desk(world.supervisor)) == [soon, late]
    assert not listings_for_desk(world.people["nobody"])
    assert list(Listing.objects.overdue(TODAY + timedelta(days=4))) == [soon]
