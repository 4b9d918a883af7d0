"""What the benchmark of a crowd works out of its answers."""

import xml.etree.ElementTree as ET

from benchmarks.crowd import Stay, knee_of, step_of
from benchmarks.crowdpeople import Answer
from benchmarks.crowdplot import Step, drawing

STEPS = [Step(10, 5, 20, 50), Step(20, 10, 20, 60), Step(40, 19, 25, 90), Step(80, 20, 900, 2000)]


def test_the_knee_is_the_last_size_that_was_worth_it() -> None:
    assert knee_of(STEPS) == 40
    assert knee_of(STEPS[:3]) == 40
    assert knee_of([Step(10, 5, 20, 50), Step(20, 7.5, 20, 50)]) == 20  # just half of what would be more
    assert knee_of([Step(10, 5, 20, 50), Step(20, 7.4, 20, 50)]) == 10


def test_a_step_tells_rate_percentiles_and_errors() -> None:
    answers = [Answer("official", 0, n / 1000, 200) for n in range(1, 101)]
    answers[-1] = Answer("official", 0, 0.1, 500)
    assert step_of(answers, 7, 10) == Step(size=7, rate=10.0, middle=51.0, slowest=100.0, errors=1)
    assert step_of([], 7, 10) == Step(7, 0, 0, 0)


def test_no_answer_and_a_refusal_are_errors_and_unchanged_is_none() -> None:
    failed = [Answer("x", 0, 0, status).failed for status in (0, 200, 201, 302, 304, 404, 409, 429, 500)]
    assert failed == [True, False, False, True, False, True, True, True, True]


def test_growth_is_of_the_last_minute_over_the_third() -> None:
    memory = [50] * 6 + [80] * 6 + [100] * 6 + [102] * 36 + [105] * 6
    assert round(Stay(STEPS[0], 10, memory, {}).growth, 4) == 0.05


def test_the_drawing_holds_a_point_of_each_step_in_both_panels() -> None:
    drawn = ET.fromstring(drawing({"one": STEPS, "other": STEPS[:2]}))
    circles = drawn.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 2 * 6
    assert all(0 <= float(circle.attrib["cy"]) <= 330 for circle in circles)
