"""The strip of a task's lights through time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from taskboard.lighthistory import WIDTH, Kept, strip_of

START = date(2023, 5, 1)


def days(*lights: tuple[int, str, str]) -> list[Kept]:
    return [Kept(START + timedelta(days=offset), colour, word) for offset, colour, word in lights]


def told(kept: list[Kept], until: int) -> list[tuple[int, int, str]]:
    strip = strip_of(kept, START + timedelta(days=until))
    return [((s.start - START).days, (s.end - START).days, s.word) for s in strip.stretches]


def test_days_with_the_same_light_are_one_stretch() -> None:
    kept = days((0, "green", "正常"), (1, "green", "正常"), (2, "yellow", "临期"), (3, "red", "逾期"))
    assert told(kept, 3) == [(0, 1, "正常"), (2, 2, "临期"), (3, 3, "逾期")]


def test_a_missed_day_is_said_and_never_taken_from_its_neighbour() -> None:
    kept = days((0, "green", "正常"), (3, "green", "正常"))
    assert told(kept, 3) == [(0, 0, "正常"), (1, 2, "无记录"), (3, 3, "正常")]


@pytest.mark.parametrize("word", ["已办结", "逾期补报"])
def test_what_is_closed_stays_closed_until_the_next_record(word: str) -> None:
    kept = days((0, "red", "逾期"), (1, "grey", word), (8, "red", "逾期"))
    assert told(kept, 8) == [(0, 0, "逾期"), (1, 7, word), (8, 8, "逾期")]
    assert told(kept[:2], 30) == [(0, 0, "逾期"), (1, 30, word)]


def test_seen_as_of_a_day_nothing_later_is_drawn() -> None:
    kept = days((0, "green", "正常"), (1, "yellow", "临期"), (2, "red", "逾期"))
    assert told(kept, 1) == [(0, 0, "正常"), (1, 1, "临期")]
    assert not strip_of(kept, START - timedelta(days=1))
    assert not strip_of([], START)


def test_the_stretches_fill_the_picture_from_edge_to_edge() -> None:
    kept = days(*((n, ("green", "yellow", "red")[n % 3], "字") for n in range(37)))
    strip = strip_of(kept, START + timedelta(days=36))
    assert strip.stretches[0].x == 0
    assert sum(stretch.width for stretch in strip.stretches) == WIDTH
    for first, second in pairwise(strip.stretches):
        assert second.x == first.x + first.width


def test_a_word_is_written_only_where_it_has_room() -> None:
    kept = days((0, "green", "正常"), *((n, "red", "逾期") for n in range(1, 60)))
    first, second = strip_of(kept, START + timedelta(days=59)).stretches
    assert not first.roomy and second.roomy
    assert second.days == 59 and second.shape == "red"
