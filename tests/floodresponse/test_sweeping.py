"""The automatic assessment keeps a row for each result and its heartbeat."""

from datetime import timedelta

import pytest
from django.utils import timezone

from floodresponse.command.slab import HEARTBEAT_LIMIT, pulse_of
from floodresponse.models import Recommendation
from floodresponse.services.sweeping import keep_assessing
from floodresponse.tasks import assess_again
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
