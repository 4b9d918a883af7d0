"""The automatic assessment keeps a row for each result and its heartbeat."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from floodresponse.command.slab import HEARTBEAT_LIMIT, pulse_of
from floodresponse.models import Recommendation
from floodresponse.services import Decision, declare_response
from floodresponse.services.sweeping import keep_assessing
from floodresponse.tasks import assess_again
from foundation.errors import StateConflict
from notifications.models import Message
from organizations.models import User
from tests.accounts import person
from tests.floodresponse.city import gauge, make_plan, rained

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def decide(level: int, *, at: datetime, actor: User, exercise: bool = False) -> None:
    decision = Decision(level=level, reason="上游来水加大，提前处置")
    declare_response(actor=actor, at=at, decision=decision, exercise=exercise)


def fail(monkeypatch: pytest.MonkeyPatch, why: str) -> None:
    """From now on the assessment refuses."""

    def refuse(_: datetime) -> None:
        raise StateConflict(why)

    monkeypatch.setattr("floodresponse.services.deciding.assess", refuse)


def test_the_same_result_is_one_row_whose_heartbeat_moves() -> None:
    make_plan()
    first = keep_assessing(at=NOW)
    again = keep_assessing(at=NOW + timedelta(seconds=20))
    assert (again.pk, again.begins_at, again.seen_at) == (first.pk, NOW, NOW + timedelta(seconds=20))
    assert Recommendation.objects.count() == 1


def test_another_level_or_another_silent_gauge_is_a_row_of_its_own() -> None:
    make_plan()
    keep_assessing(at=timezone.now())
    rained(gauge(name="北门站"), "60")
    raised = keep_assessing(at=timezone.now())
    assert (raised.level, raised.silent, raised.found["reasons"][0]["where"]) == (2, [], "R1")
    gauge("R2", name="南门站")
    assert keep_assessing(at=timezone.now()).silent == ["R2"]
    assert list(Recommendation.objects.values_list("level", flat=True)) == [2, 2, None]


def test_without_a_plan_the_reason_is_kept() -> None:
    assert "还没有防内涝方案" in keep_assessing(at=NOW).error


def test_a_clock_set_back_does_not_stop_the_heartbeat() -> None:
    make_plan()
    keep_assessing(at=NOW)
    assert keep_assessing(at=NOW - timedelta(hours=1)).seen_at == NOW - timedelta(hours=1)


def test_the_task_looks_now() -> None:
    make_plan()
    assess_again()
    assert timezone.now() - Recommendation.objects.get().seen_at < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("age", "stopped"),
    [
        (HEARTBEAT_LIMIT - timedelta(seconds=1), False),
        (HEARTBEAT_LIMIT, False),
        (HEARTBEAT_LIMIT + timedelta(seconds=1), True),
        (-HEARTBEAT_LIMIT - timedelta(seconds=1), True),
    ],
)
def test_the_heartbeat_has_stopped_beyond_its_limit(age: timedelta, stopped: bool) -> None:
    looked = Recommendation(begins_at=NOW - age, seen_at=NOW - age)
    assert pulse_of([looked], NOW).stopped is stopped


def test_what_never_ran_has_stopped() -> None:
    assert pulse_of([], NOW).stopped is True


class TestWhoIsTold:
    """A recommendation above the declared level reaches office and commanders until somebody decides."""

    def told(self, state: str = "pending") -> list[tuple[str, str]]:
        found = Message.objects.filter(about__startswith="flood-recommendation", channel="inbox", state=state)
        return list(found.order_by("not_before", "pk").values_list("recipient__username", "subject"))

    def test_a_rise_is_told_at_once_and_twice_again(self) -> None:
        make_plan()
        boss = person("commander")
        person("viewer")
        keep_assessing(at=timezone.now())
        assert self.told() == []
        rained(gauge(), "60")
        now = timezone.now()
        keep_assessing(at=now)
        keep_assessing(at=now + timedelta(seconds=20))
        waiting = Message.objects.filter(
            about__startswith="flood-recommendation", recipient=boss, channel="inbox"
        )
        ages = [(row.not_before - now) / timedelta(minutes=1) for row in waiting.order_by("not_before")]
        assert ages == [0, 5, 10]
        assert "系统推荐II级（橙色）" in self.told()[0][1]
        assert {name for name, _ in self.told()} == {str(boss), "p-duty_officer-"}

    @pytest.mark.parametrize("level", [1, 2, 3])
    def test_any_decision_ends_it_below_with_its_reason_too(self, level: int) -> None:
        make_plan()
        boss = person("commander")
        rained(gauge(), "60")
        now = timezone.now()
        keep_assessing(at=now)
        decide(level, at=now, actor=boss)
        keep_assessing(at=now + timedelta(seconds=20))
        assert self.told() == []

    def test_a_decision_before_it_or_in_a_drill_leaves_it(self) -> None:
        make_plan()
        boss = person("commander")
        rained(gauge(), "60")
        now = timezone.now()
        decide(3, at=now - timedelta(seconds=1), actor=boss)
        decide(1, at=now, actor=boss, exercise=True)
        keep_assessing(at=now)
        keep_assessing(at=now + timedelta(seconds=20))
        assert len(self.told()) == 6

    def test_a_decision_counts_for_as_long_as_the_same_level_is_recommended(self) -> None:
        make_plan()
        boss = person("commander")
        rained(gauge(), "60")
        now = timezone.now()
        keep_assessing(at=now)
        decide(3, at=now + timedelta(seconds=5), actor=boss)
        gauge("R2")
        assert keep_assessing(at=now + timedelta(seconds=20)).silent == ["R2"]
        keep_assessing(at=now + timedelta(seconds=40))
        assert self.told() == []

    def test_a_level_that_stands_already_is_not_told(self) -> None:
        make_plan()
        decision = Decision(level=1, reason="上游来水加大，提前处置")
        declare_response(actor=person("commander"), at=timezone.now(), decision=decision)
        rained(gauge(), "60")
        keep_assessing(at=timezone.now())
        assert self.told() == []


class TestWhenNothingCanBeJudged:
    """A failure takes no alarm back; the office is told once."""

    def pending(self, subject: str) -> list[str]:
        found = Message.objects.filter(subject__contains=subject, channel="inbox", state="pending")
        return list(found.order_by("pk").values_list("recipient__username", flat=True))

    def rise_and_fail(self, monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
        make_plan()
        person("commander")
        rained(gauge(), "60")
        keep_assessing(at=at)
        fail(monkeypatch, "方案里没有分级标准。")
        keep_assessing(at=at + timedelta(seconds=20))

    def test_alarms_stay_and_the_office_is_told_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        self.rise_and_fail(monkeypatch, now)
        keep_assessing(at=now + timedelta(seconds=40))
        fail(monkeypatch, "方案尚未生效。")
        keep_assessing(at=now + timedelta(seconds=60))
        assert len(self.pending("系统推荐II级")) == 6
        assert self.pending("无法研判") == ["p-duty_officer-"]
        assert "方案里没有分级标准。" in Message.objects.filter(subject__contains="无法研判")[0].body

    def test_a_decision_meanwhile_ends_the_alarms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        self.rise_and_fail(monkeypatch, now)
        decide(3, at=now + timedelta(seconds=30), actor=person("commander"))
        keep_assessing(at=now + timedelta(seconds=40))
        assert self.pending("系统推荐II级") == []

    def test_the_same_level_afterwards_rings_no_second_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        self.rise_and_fail(monkeypatch, now)
        monkeypatch.undo()
        assert keep_assessing(at=now + timedelta(seconds=40)).level == 2
        assert len(self.pending("系统推荐II级")) == 6 and self.pending("无法研判") == []

    def test_another_level_afterwards_takes_their_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = timezone.now()
        self.rise_and_fail(monkeypatch, now)
        monkeypatch.undo()
        rained(gauge("R2"), "110")
        assert keep_assessing(at=now + timedelta(seconds=40)).level == 1
        assert self.pending("系统推荐II级") == [] and len(self.pending("系统推荐I级")) == 6
