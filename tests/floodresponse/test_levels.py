"""The recommended level: thresholds below, at and above; windows, freshness, silence; what always holds."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodresponse.levels import Assessment, Observations, Reading, UnusableObservation, assess
from floodresponse.observed import read_matrix
from floodresponse.thresholds import LevelMatrix, Rule, SignRule, UnusableMatrix

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2022, 7, 26, 12, tzinfo=CHINA)
PLAN = Path(__file__).resolve().parents[2] / "fixtures" / "flood_plan.json"
I, II, III, IV = 1, 2, 3, 4  # noqa: E741 - the plan's own numerals


def rule(level: int, hours: int, lower: str, upper: str | None = None, **more: bool) -> Rule:
    return Rule(level, hours, Decimal(lower), upper=Decimal(upper) if upper else None, **more)


RAIN_RULES = (rule(I, 3, "100"), rule(II, 3, "50"), rule(III, 6, "50"), rule(IV, 6, "20"))
PONDING_RULES = (
    rule(I, 0, "50"),
    rule(II, 0, "30", "50"),
    rule(III, 0, "20", "30", lower_inclusive=False),
    rule(IV, 0, "20", "20", upper_inclusive=True),
)
SIGNS = (SignRule("utility_cut", I), SignRule("road_cut", II), SignRule("jam", IV))
MATRIX = LevelMatrix((*RAIN_RULES, *PONDING_RULES), SIGNS)


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


def reading(value: str, at: datetime = NOON, station: str = "甲") -> Reading:
    return Reading(station, at, Decimal(value))


def after(**seen: object) -> Assessment:
    """The assessment at noon."""
    return assess(Observations(at=NOON, **seen), MATRIX)  # type: ignore[arg-type]


# -- thresholds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fallen", "level"),
    [
        ("0", None),
        ("19.999999999", None),
        ("20", IV),
        ("20.1", IV),
        ("49.9999", IV),
        ("50", II),
        ("99.99", II),
        ("100", I),
        ("100.01", I),
    ],
)
def test_rain_of_the_last_three_hours(fallen: str, level: int | None) -> None:
    assert after(rain=[reading(fallen)]).level == level


@pytest.mark.parametrize(
    ("fallen", "level"),
    [("19.9", None), ("20", IV), ("49.9", IV), ("50", III), ("50.1", III), ("100", III), ("500", III)],
)
def test_rain_that_fell_more_than_three_hours_ago(fallen: str, level: int | None) -> None:
    assert after(rain=[reading(fallen, ago(hours=4))]).level == level


@pytest.mark.parametrize(
    ("depth", "level"),
    [
        ("0", None),
        ("19.9", None),
        ("20", IV),
        ("20.0", IV),
        ("20.1", III),
        ("29.9", III),
        ("30", II),
        ("30.1", II),
        ("49.9", II),
        ("50", I),
        ("50.1", I),
    ],
)
def test_ponding(depth: str, level: int | None) -> None:
    assert after(ponding=[reading(depth)]).level == level


def test_a_depth_just_above_twenty_is_not_rounded() -> None:
    assert after(ponding=[reading("20.0000000000000001")]).level == III


def test_sums_are_exact_where_binary_fractions_are_not() -> None:
    tenths = [reading("0.1", ago(minutes=n)) for n in range(150)]
    more = [reading("0.2", ago(minutes=n), "乙") for n in range(100)]
    assert after(rain=[*tenths, *more]).level == IV
    (reason,) = after(rain=more).reasons
    assert (reason.value, reason.level) == (Decimal("20.0"), IV)


@pytest.mark.parametrize(
    ("step", "times", "level"),
    [("0.1", 199, None), ("0.1", 200, IV), ("0.2", 99, None), ("0.2", 100, IV)],
)
def test_many_small_amounts_reach_the_threshold_exactly(step: str, times: int, level: int | None) -> None:
    assert after(rain=[reading(step, ago(minutes=n)) for n in range(times)]).level == level


def test_a_long_tail_of_digits_is_added_without_rounding() -> None:
    almost = [reading("19.9999999999999"), reading("0.00000000000009999", ago(minutes=1))]
    assert after(rain=almost).level is None


def test_the_most_severe_level_wins() -> None:
    assert after(rain=[reading("25")], ponding=[reading("31")]).level == II
    assert after(rain=[reading("120")], ponding=[reading("20")]).level == I


def test_gauges_are_not_added_together() -> None:
    assert after(rain=[reading("15"), reading("15", station="乙")]).level is None


def test_no_observation_is_no_level() -> None:
    nothing = after()
    assert (nothing.level, nothing.complete, nothing.reasons) == (None, True, ())


# -- windows and freshness -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "level"),
    [
        (NOON, I),
        (ago(hours=3) + timedelta(microseconds=1), I),
        (ago(hours=3), III),
        (ago(hours=6) + timedelta(microseconds=1), III),
        (ago(hours=6), None),
    ],
)
def test_a_window_leaves_out_its_beginning_and_includes_its_end(at: datetime, level: int | None) -> None:
    assert after(rain=[reading("100", at)]).level == level


@pytest.mark.parametrize(
    ("at", "level"),
    [(ago(hours=2), I), (ago(hours=2, microseconds=1), None), (ago(minutes=119), I)],
)
def test_a_depth_counts_for_two_hours(at: datetime, level: int | None) -> None:
    assert after(ponding=[reading("60", at)]).level == level


def test_how_long_a_depth_counts_can_be_set() -> None:
    ponding = [reading("60", ago(minutes=20))]
    assert after(ponding=ponding, ponding_valid=timedelta(minutes=20)).level == I
    assert after(ponding=ponding, ponding_valid=timedelta(minutes=19)).level is None


def test_of_a_point_the_latest_depth_counts() -> None:
    fallen = [reading("10", ago(minutes=5)), reading("60", ago(minutes=30))]
    assert after(ponding=fallen).level is None
    assert after(ponding=[*fallen, reading("30", station="乙")]).level == II


def test_an_old_record_makes_no_depth_of_a_point_that_was_measured_lower_since() -> None:
    assert after(ponding=[reading("55", ago(hours=1)), reading("0", ago(minutes=1))]).level is None


def test_records_may_come_in_any_order_and_with_any_offset() -> None:
    rain = [reading("30", ago(hours=2)), reading("70", ago(hours=1).astimezone(UTC))]
    assert after(rain=rain) == after(rain=rain[::-1])
    assert after(rain=rain).level == I


# -- reasons -------------------------------------------------------------------------------


def test_a_reason_tells_where_what_against_which_threshold_and_when() -> None:
    three, six = after(rain=[reading("60")]).reasons
    assert (three.level, three.criterion, three.where) == (II, "rain_3h", "甲")
    assert (three.value, three.threshold) == (Decimal(60), Decimal(50))
    assert (three.begins, three.ends) == (ago(hours=3), NOON)
    assert (six.level, six.criterion, six.begins) == (III, "rain_6h", ago(hours=6))


def test_the_reason_of_a_depth_begins_when_it_was_measured() -> None:
    (reason,) = after(ponding=[reading("35", ago(minutes=40))]).reasons
    assert (reason.criterion, reason.threshold) == ("ponding", Decimal(30))
    assert (reason.begins, reason.ends) == (ago(minutes=40), NOON)


def test_a_level_on_one_station_says_so() -> None:
    alone = after(rain=[reading("60"), reading("25", station="乙")])
    assert alone.single_station
    assert [(r.where, r.criterion, r.single) for r in alone.reasons] == [
        ("甲", "rain_3h", True),
        ("甲", "rain_6h", True),
        ("乙", "rain_6h", False),
    ]


def test_a_level_on_two_stations_is_not_single() -> None:
    assert not after(rain=[reading("60"), reading("70", station="乙")]).single_station
    assert not after(rain=[reading("60")], ponding=[reading("31", station="甲")]).single_station


def test_no_level_rests_on_no_station() -> None:
    assert not after(signs=["utility_cut"]).single_station


# -- signs ---------------------------------------------------------------------------------


def test_a_sign_supports_and_never_sets_a_level() -> None:
    found = after(signs=["utility_cut", "jam", "jam"])
    assert found.level is None
    assert [(r.level, r.criterion, r.value) for r in found.reasons] == [
        (I, "sign", "utility_cut"),
        (IV, "sign", "jam"),
    ]


def test_a_sign_above_the_level_leaves_it_and_is_told() -> None:
    found = after(ponding=[reading("20")], signs=["road_cut"])
    assert found.level == IV
    assert [r.level for r in found.reasons] == [IV, II]


def test_a_sign_that_the_matrix_does_not_place_is_told_without_a_level() -> None:
    (reason,) = after(signs=["basement_many"]).reasons
    assert (reason.level, reason.value) == (None, "basement_many")


# -- silence -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "silent"),
    [(ago(minutes=29), ()), (ago(minutes=30), ()), (ago(minutes=30, microseconds=1), ("甲",))],
)
def test_a_gauge_is_silent_beyond_its_limit(at: datetime, silent: tuple[str, ...]) -> None:
    found = after(rain=[reading("0", at)], expected_gauges=["甲"], max_silence=timedelta(minutes=30))
    assert (found.silent, found.complete) == (silent, not silent)


def test_a_gauge_that_never_reported_is_silent_and_named_once() -> None:
    found = after(rain=[reading("1")], expected_gauges=["乙", "甲", "丙", "乙"])
    assert (found.silent, found.complete) == (("乙", "丙"), False)


def test_silence_does_not_lower_the_level() -> None:
    found = after(rain=[reading("100")], expected_gauges=["乙"])
    assert (found.level, found.complete) == (I, False)


@pytest.mark.parametrize(
    ("rain", "minutes", "silent"),
    [
        ("0.1", 30, False),
        ("0.1", 31, True),
        ("0", 31, False),
        ("0", 24 * 60, False),
        ("0", 24 * 60 + 1, True),
    ],
)
def test_without_a_given_limit_it_is_half_an_hour_in_rain_and_a_day_otherwise(
    rain: str, minutes: int, silent: bool
) -> None:
    last = reading("0", ago(minutes=minutes))
    found = after(rain=[last, reading(rain, station="乙")], expected_gauges=["甲"])
    assert found.complete is not silent


# -- records that cannot be judged ---------------------------------------------------------


@pytest.mark.parametrize("kind", ["rain", "ponding"])
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (reading("-0.1"), "负数"),
        (reading("NaN"), "不是有限的数"),
        (reading("Infinity"), "不是有限的数"),
        (reading("1", NOON + timedelta(microseconds=1)), "晚于评估时刻"),
        (reading("1", datetime(2022, 7, 26, 11)), "没有写明时区"),  # noqa: DTZ001 - the fault under test
        (reading("1", datetime(1, 1, 1, tzinfo=CHINA)), "时间不合理"),
        (reading("1e300"), "数值不合理"),
    ],
)
def test_a_record_that_cannot_be_judged_is_named(kind: str, wrong: Reading, words: str) -> None:
    with pytest.raises(UnusableObservation, match=rf"第 2 条.*甲.*{words}"):
        after(**{kind: [reading("1", station="乙"), wrong]})


@pytest.mark.parametrize("again", ["3", "4"])
@pytest.mark.parametrize("offset", [CHINA, UTC])
def test_two_records_of_one_station_and_moment_are_refused(again: str, offset: timezone) -> None:
    with pytest.raises(UnusableObservation, match=r"第 2 条.*重复"):
        after(rain=[reading("3"), reading(again, NOON.astimezone(offset))])


def test_two_stations_may_report_at_one_moment() -> None:
    assert after(rain=[reading("3"), reading("3", station="乙")]).level is None


@pytest.mark.parametrize(
    "at",
    [
        datetime(2022, 7, 26, 12),  # noqa: DTZ001 - the fault under test
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 1, 1, tzinfo=UTC),
    ],
)
def test_a_moment_without_offset_or_sense_is_refused(at: datetime) -> None:
    with pytest.raises(UnusableObservation, match="评估时刻"):
        assess(Observations(at=at), MATRIX)


# -- the matrix ----------------------------------------------------------------------------


def test_the_fixture_is_the_plan() -> None:
    read = read_matrix(PLAN.read_text(encoding="utf-8"))
    assert set(read.rules) == set(MATRIX.rules)
    assert len(read.signs) == 12


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ((), "没有任何启动条件"),
        ((rule(I, 3, "40"), rule(II, 3, "50")), "没有包含"),
        ((rule(I, 6, "100"), rule(II, 3, "50")), "没有包含"),
        ((rule(II, 3, "50"), rule(III, 6, "50", lower_inclusive=False)), "没有包含"),
        ((rule(I, 3, "100", "200"), rule(II, 3, "50")), "上限"),
        ((rule(I, 3, "100"), rule(I, 3, "90")), "两次"),
        ((rule(5, 3, "100"),), "级别 5"),
        ((rule(I, 3, "-1"),), "下限"),
        ((rule(I, 3, "NaN"),), "下限"),
        ((rule(I, 0, "30"), rule(II, 0, "40")), "下限低于"),
        ((rule(I, 0, "50"), rule(II, 0, "30", "45")), "空档"),
        ((rule(I, 0, "50", lower_inclusive=False), rule(II, 0, "30", "50")), "空档"),
        ((rule(I, 0, "50", "80"),), "不得设上限"),
        ((rule(I, 0, "50", "40"),), "低于下限"),
    ],
)
def test_a_matrix_that_contradicts_itself_is_refused(rules: tuple[Rule, ...], words: str) -> None:
    with pytest.raises(UnusableMatrix, match=words):
        LevelMatrix(rules)


@pytest.mark.parametrize(
    "rules",
    [
        RAIN_RULES,
        PONDING_RULES,
        (rule(II, 3, "50"), rule(III, 3, "50")),
        (rule(II, 3, "50", lower_inclusive=False), rule(III, 6, "50")),
        (rule(I, 0, "50"), rule(II, 0, "30")),
        (rule(IV, 12, "30"),),
    ],
)
def test_a_matrix_that_nests_is_taken(rules: tuple[Rule, ...]) -> None:
    assert LevelMatrix(rules).rules == rules


# -- what always holds ---------------------------------------------------------------------

Row = tuple[str, int, Decimal]
QUICK = settings(max_examples=150, deadline=None)
depths = st.decimals("0", "120", places=2)
minutes = st.integers(0, 8 * 60)
records = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), minutes, depths), max_size=12, unique_by=lambda row: row[:2]
)


def readings(rows: list[Row]) -> list[Reading]:
    return [Reading(station, ago(minutes=back), value) for station, back, value in rows]


def severity(found: Assessment) -> int:
    """0 for none, 4 for I."""
    return 5 - found.level if found.level else 0


@QUICK
@given(records, records, st.randoms())
def test_order_does_not_matter(rain: list[Row], ponding: list[Row], shuffler) -> None:
    seen = after(rain=readings(rain), ponding=readings(ponding), expected_gauges=["甲", "乙"])
    shuffler.shuffle(rain)
    shuffler.shuffle(ponding)
    assert after(rain=readings(rain), ponding=readings(ponding), expected_gauges=["甲", "乙"]) == seen


@QUICK
@given(records, st.integers(0, 11), st.decimals("0", "80", places=1))
def test_more_rain_never_lowers_the_level(rain: list[Row], place: int, more: Decimal) -> None:
    before = severity(after(rain=readings(rain)))
    added = [*rain, ("丁", 5, more)]
    assert severity(after(rain=readings(added))) >= before
    if rain:
        station, back, value = rain[place % len(rain)]
        rain[place % len(rain)] = (station, back, value + more)
        assert severity(after(rain=readings(rain))) >= before


@QUICK
@given(depths, depths)
def test_deeper_water_is_never_a_lighter_level(one: Decimal, other: Decimal) -> None:
    shallow, deep = sorted((one, other))
    levels = [severity(after(ponding=[Reading("甲", NOON, depth)])) for depth in (shallow, deep)]
    assert levels[0] <= levels[1]


@QUICK
@given(records, records, st.lists(st.sampled_from(["utility_cut", "road_cut", "jam"]), max_size=4))
def test_signs_never_change_the_level(rain: list[Row], ponding: list[Row], signs: list[str]) -> None:
    measured = {"rain": readings(rain), "ponding": readings(ponding)}
    assert after(**measured, signs=signs).level == after(**measured).level


@QUICK
@given(records)
def test_the_level_is_the_most_severe_of_its_measured_reasons(rain: list[Row]) -> None:
    found = after(rain=readings(rain), signs=["utility_cut"])
    levels = [reason.level for reason in found.measured if reason.level]
    assert found.level == min(levels, default=None)
    for reason in found.measured:
        assert isinstance(reason.value, Decimal) and reason.threshold is not None
        assert reason.value >= reason.threshold


@QUICK
@given(records, st.integers(0, 600))
def test_an_expected_gauge_is_either_heard_or_silent(rain: list[Row], limit: int) -> None:
    found = after(
        rain=readings(rain), expected_gauges=["甲", "乙", "丙"], max_silence=timedelta(minutes=limit)
    )
    heard = {station for station, back, _ in rain if back <= limit}
    assert set(found.silent) == {"甲", "乙", "丙"} - heard
