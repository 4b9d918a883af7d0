"""The automatic assessment keeps a row for each result and its heartbeat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from floodresponse.command.slab import HEARTBEAT_LIMIT, pulse_of
from floodresponse.models import Recommendation
from floodresponse.services import Decision, declare_response
from floodresponse.services.sweeping import keep_assessing
from floodresponse.tasks import assess_again
from notifications.models import Message
from tests.accounts import person
from tests.floodresponse.city import gauge, make_plan, rained

pytestmark = pytest.mark.django_db
NOW = timezone.now()


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

    @pytest.mark.parametrize(("level", "left"), [(1, 0), (2, 0), (3, 6)])
    def test_a_decision_for_it_or_above_ends_it(self, level: int, left: int) -> None:
        make_plan()
        boss = person("commander")
        rained(gauge(), "60")
        now = timezone.now()
        keep_assessing(at=now)
        decision = Decision(level=level, reason="上游来水加大，提前处置")
        declare_response(actor=boss, at=now, decision=decision)
        keep_assessing(at=now + timedelta(seconds=20))
        assert len(self.told()) == left

    def test_a_level_that_stands_already_is_not_told(self) -> None:
        make_plan()
        decision = Decision(level=1, reason="上游来水加大，提前处置")
        declare_response(actor=person("commander"), at=timezone.now(), decision=decision)
        rained(gauge(), "60")
        keep_assessing(at=timezone.now())
        assert self.told() == []
