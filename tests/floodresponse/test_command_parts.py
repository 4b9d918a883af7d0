"""Parts of the command screen from rows in memory: bars, scales, map, roster, the words of the log."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from floodresponse.command.evidence import weigh
from floodresponse.command.facts import Facts, Heard, Measurement
from floodresponse.command.journal import lines_of
from floodresponse.command.maplayout import city_layout
from floodresponse.command.meters import Scale, condition, next_rule
from floodresponse.command.ponding import ponding_panel
from floodresponse.command.rain import rain_panel
from floodresponse.command.roster import roster_of
from floodresponse.command.streetmap import street_map
from floodresponse.models import Criterion, DutyShift, Recommendation, Station
from floodresponse.thresholds import Rule
from foundation.models import AuditEntry
from organizations.models import Department

LAYOUT = city_layout()
AT = datetime(2023, 7, 26, 7, 0, tzinfo=UTC)
RULES = (
    Rule(1, 0, Decimal(50)),
    Rule(2, 0, Decimal(30), upper=Decimal(50)),
    Rule(3, 0, Decimal(20), lower_inclusive=False, upper=Decimal(30)),
    Rule(4, 0, Decimal(20), upper=Decimal(20), upper_inclusive=True),
)
CRITERIA = [
    Criterion(level=rule.level, kind="ponding", lower=rule.lower, lower_inclusive=rule.lower_inclusive,
              upper=rule.upper, upper_inclusive=rule.upper_inclusive)
    for rule in RULES
] + [
    Criterion(level=level, kind=kind, lower=Decimal(lower))
    for level, kind, lower in (
        (1, "rain_3h", 100), (2, "rain_3h", 50), (3, "rain_6h", 50), (4, "rain_6h", 20),
    )
]  # fmt: skip


def station(code: str, *values: tuple[float, str], kind: str = "rain", **more: Any) -> Heard:
    """``values``: minutes before, and what was read."""
    row = Station(code=code, name=more.pop("name", code), kind=kind, is_urban=True, is_low_spot=True, **more)
    readings = [Measurement(AT - timedelta(minutes=ago), Decimal(value)) for ago, value in values]
    return Heard(row, readings, readings[-1] if readings else None)


def facts(*stations: Heard) -> Facts:
    return Facts(at=AT, exercise=False, criteria=CRITERIA, stations=list(stations))


def rain(*stations: Heard) -> Any:
    return rain_panel(stations, weigh(facts(*stations)), AT)


class TestBars:
    @pytest.mark.parametrize(
        ("ago", "place"), [(359.9, 0), (350, 0), (349.9, 1), (180, 17), (179.9, 18), (10, 34), (0, 35)]
    )
    def test_the_end_of_ten_minutes_belongs_to_them(self, ago: float, place: int) -> None:
        bars = rain(station("R", (ago, "2.5"))).gauges[0].bars
        assert [bar.x for bar in bars if bar.height] == [place]

    def test_five_millimetres_are_the_full_height_and_more_is_no_higher(self) -> None:
        bars = rain(station("R", (25, "2.5"), (15, "5"), (5, "9"))).gauges[0].bars
        assert [bar.height for bar in bars[-3:]] == [15.0, 30.0, 30.0]

    def test_the_last_three_hours_are_told_apart_and_silence_is_a_gap(self) -> None:
        bars = rain(station("R", (200, "1"), (41, "1"))).gauges[0].bars
        assert [bar.recent for bar in bars].index(True) == 18
        assert [bar.gap for bar in bars].count(True) == 4

    def test_sums_are_of_the_window_so_far(self) -> None:
        panel = rain(station("R", (359, "1"), (180, "7"), (179, "2"), (1, "0.4")))
        assert [(one.hours, one.reached.shown) for one in panel.gauges[0].sums] == [(3, "2.4"), (6, "10.4")]

    def test_what_matters_stands_first_and_many_fold_away(self) -> None:
        wet, silent = station("A", (1, "60")), station("B", (45, "1"))
        dry = [station(f"C{number}", (1, "0.1")) for number in range(12)]
        panel = rain(*dry, silent, wet)
        assert [one.heard.station.code for one in panel.gauges[:2]] == ["A", "B"]
        assert (len(panel.gauges), len(panel.more), panel.counted, panel.speaking) == (10, 4, 14, 13)


class TestScales:
    def test_a_line_is_named_by_the_lighter_level_that_begins_there(self) -> None:
        scale = Scale.of(RULES, [Decimal(34)])
        assert [(tick.value, tick.level) for tick in scale.lines()] == [("20", 4), ("30", 2), ("50", 1)]
        assert [zone.level for zone in scale.zones()] == [3]
        assert scale.lines()[0].x < scale.zones()[0].x < scale.lines()[1].x

    def test_a_value_beyond_all_lines_widens_it(self) -> None:
        assert Scale.of(RULES, [Decimal(80)]).width(Decimal(80)) == 100

    def test_far_beyond_the_highest_threshold_the_lines_stay_apart_and_the_bar_is_full(self) -> None:
        edge, beyond = Scale.of(RULES, [Decimal(125)]), Scale.of(RULES, [Decimal(900)])
        assert edge.lines() == beyond.lines()
        assert beyond.width(Decimal(900)) == 100
        assert beyond.lines()[0].x == 16

    @pytest.mark.parametrize(
        ("rule", "words"),
        [(RULES[0], "≥ 50"), (RULES[1], "≥ 30，< 50"), (RULES[2], "> 20，< 30"), (RULES[3], "= 20")],
    )
    def test_conditions_in_words(self, rule: Rule, words: str) -> None:
        assert condition(rule) == words

    def test_above_the_most_severe_there_is_nothing(self) -> None:
        assert next_rule(RULES, 1) is None


class TestPonding:
    def test_the_deepest_stands_first_and_an_old_depth_does_not_count(self) -> None:
        stations = [
            station("A", (121, "60"), kind="ponding"),
            station("B", (119, "22"), kind="ponding"),
            station("C", (5, "34"), kind="ponding"),
        ]
        panel = ponding_panel(stations, weigh(facts(*stations)), AT)
        assert [(one.heard.station.code, one.reached is None) for one in panel.points] == [
            ("C", False), ("B", False), ("A", True),
        ]  # fmt: skip
        assert (panel.counted, panel.speaking, panel.gap) == (3, 2, "距 I 差 16")


class TestTheMap:
    def test_streets_have_their_places_and_the_most_severe_colour(self) -> None:
        gauges = rain(
            station("A", (1, "60"), street="向阳街道"), station("B", (45, "1"), street="高台子街道")
        )
        found = {street.name: street for street in street_map(gauges.gauges, (), LAYOUT).streets}
        assert set(found) == set(LAYOUT.fields)
        assert (found["向阳"].level, found["河西"].level) == (2, 0)
        assert (found["高台子"].incomplete, found["向阳"].incomplete) == (True, False)

    def test_streets_that_it_does_not_know_follow_below(self) -> None:
        gauges = rain(station("A", (1, "1"), street="新城街道"), station("B", (1, "1"), street="河西街道"))
        drawn = street_map(gauges.gauges, (), LAYOUT)
        new = next(street for street in drawn.streets if street.name == "新城")
        assert new.y >= LAYOUT.height and drawn.height > new.y
        assert (drawn.river, drawn.railway) == (LAYOUT.river, LAYOUT.railway)

    def test_in_another_city_there_is_neither_river_nor_railway(self) -> None:
        drawn = street_map(rain(station("A", (1, "1"), street="新城街道")).gauges, (), LAYOUT)
        assert [street.name for street in drawn.streets] == ["新城"]
        assert (drawn.river, drawn.railway) == ("", "")

    def test_the_fields_of_the_layout_lie_in_the_drawing_beside_each_other(self) -> None:
        fields = list(LAYOUT.fields.values())
        assert len(fields) == 7
        for x, y, width, height in fields:
            assert x >= 0 and y >= 0 and x + width <= 400 and y + height <= LAYOUT.height
        for n, (x, y, width, height) in enumerate(fields):
            for ox, oy, other_width, other_height in fields[n + 1 :]:
                assert x + width <= ox or ox + other_width <= x or y + height <= oy or oy + other_height <= y

    def test_what_finds_no_room_is_counted(self) -> None:
        gauges = rain(*(station(f"A{n}", (1, "1"), street="正阳街道") for n in range(8)))
        street = next(one for one in street_map(gauges.gauges, (), LAYOUT).streets if one.name == "正阳")
        assert len(street.markers) + street.hidden == 8 and street.hidden > 0

    def test_every_marker_lies_within_its_street(self) -> None:
        gauges = rain(
            *(station(f"A{n}", (1, "1"), street=f"{name}街道") for n, name in enumerate(LAYOUT.fields))
        )
        for street in street_map(gauges.gauges, (), LAYOUT).streets:
            for marker in street.markers:
                assert street.x <= marker.left and marker.left + 68 <= street.x + street.width
                assert street.y <= marker.top and marker.top + 19 <= street.y + street.height


class TestTheRoster:
    def test_the_office_first_then_one_of_each_unit_the_officer_when_he_has_a_number(self) -> None:
        office, drains = Department(pk=1, name="防涝办", kind="group"), Department(pk=2, name="排水局")
        shifts = [
            DutyShift(unit=drains, role="leader", name="局长", phone="2"),
            DutyShift(unit=drains, role="officer", name="值班员", phone="3"),
            DutyShift(unit=office, role="officer", name="办公室值班", phone="1"),
            DutyShift(unit=office, role="leader", name="带班", phone=""),
        ]
        roster = roster_of(shifts)
        assert [shift.name for shift in roster.shifts] == ["带班", "办公室值班", "值班员"]
        line = roster.line_to(drains)
        assert line is not None and line.number == "3"

    def test_without_a_shift_the_units_own_telephone_is_called(self) -> None:
        line = roster_of([]).line_to(Department(pk=3, name="治安局", office_phone="5550111"))
        assert line is not None and (line.label, line.number) == ("值班电话", "5550111")
        assert roster_of([]).line_to(Department(pk=4, name="园林局")) is None


class TestTheWordsOfTheLog:
    @pytest.mark.parametrize(
        ("action", "before", "after", "words"),
        [
            ("flood_response.declare", {}, {"level": 3, "recommended": 3}, "启动 III，与推荐一致"),
            (
                "flood_response.adjust",
                {"level": 4},
                {"level": 3, "recommended": 2},
                "调整 IV → III，推荐为 II",
            ),
            ("flood_response.terminate", {"level": 3}, {"level": None, "recommended": None}, "终止 III"),
            ("obligation.call", {}, {"called": "柳河街道", "answered": False}, "叫应柳河街道，未接"),
            ("obligation.meet", {}, {"late": 4}, "报到：某事，迟 4 分"),
            ("flood_sign.confirm", {}, {"code": "jam", "place": "北街"}, "确认旁证：北街交通拥堵"),
            ("incident.report", {}, {"exercise": True}, "【演练】上报：某事"),
        ],
    )
    def test_an_entry(self, action: str, before: Any, after: Any, words: str) -> None:
        entry = AuditEntry(
            at=AT, actor_label="某甲", action=action, object_label="某事", before=before, after=after
        )
        assert [line.text for line in lines_of([entry], [], 5)] == [words]

    def test_results_are_told_by_what_differs(self) -> None:
        later = Recommendation(begins_at=AT, level=2, silent=["R1"], found={"stations": {"R1": "北门站"}})
        before = Recommendation(begins_at=AT - timedelta(minutes=9), level=3, silent=["R2"])
        assert [line.text for line in lines_of([], [later, before], 5)] == [
            "推荐 III → II，北门站静默，数据不全，1 站恢复来报"
        ]
