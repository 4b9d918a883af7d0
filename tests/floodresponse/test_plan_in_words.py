"""The plan's rows in words: thresholds, deadlines, the ladder, seats against duties."""

from datetime import time
from decimal import Decimal

import pytest

from floodresponse import matrix, readiness
from floodresponse.models import CommandPostMember, Criterion, Duty, Plan, ReportDeadline, Sign
from organizations.models import Department


def criterion(level: int, kind: str, lower: str, upper: str | None = None, **more) -> Criterion:
    return Criterion(
        level=level, kind=kind, lower=Decimal(lower), upper=Decimal(upper) if upper else None, **more
    )


@pytest.mark.parametrize(
    ("found", "text", "hours"),
    [
        (criterion(1, "rain_3h", "100.00"), "≥ 100 mm", 3),
        (criterion(4, "rain_6h", "20.50"), "≥ 20.5 mm", 6),
        (criterion(2, "ponding", "30.00", "50.00"), "≥ 30 且 < 50 cm", 0),
        (criterion(3, "ponding", "20.00", "30.00", lower_inclusive=False), "> 20 且 < 30 cm", 0),
        (criterion(4, "ponding", "20.00", "20.00", upper_inclusive=True), "= 20 cm", 0),
        (criterion(3, "ponding", "0.00", "30.00", upper_inclusive=True), "≥ 0 且 ≤ 30 cm", 0),
    ],
)
def test_a_threshold_is_written_as_a_condition(found: Criterion, text: str, hours: int) -> None:
    shown = matrix.threshold(found)
    assert (shown.text, shown.hours) == (text, hours)


def test_rows_stand_by_level_with_their_signs() -> None:
    rows = matrix.rows_of(
        [criterion(4, "rain_6h", "20"), criterion(1, "ponding", "50"), criterion(1, "rain_3h", "100")],
        [Sign(code="a", label="断电", level=1), Sign(code="b", label="拥堵", level=2)],
    )
    shape = [(r.badge.numeral, r.badge.word, len(r.rain), len(r.ponding), len(r.signs)) for r in rows]
    assert shape == [("I", "红", 1, 1, 1), ("II", "橙", 0, 0, 1), ("IV", "蓝", 1, 0, 0)]


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (ReportDeadline(kind="phone", minutes=20), "20 分钟内"),
        (ReportDeadline(kind="media", minutes=60), "1 小时内"),
        (ReportDeadline(kind="written", minutes=120), "2 小时内"),
        (ReportDeadline(kind="zero", daily_at=time(17, 0)), "每日 17:00"),
        (ReportDeadline(kind="followup"), "随时"),
    ],
)
def test_a_deadline_is_written_in_words(deadline: ReportDeadline, words: str) -> None:
    assert matrix.due_words(deadline) == words


@pytest.mark.parametrize(("level", "marked"), [(None, "无"), (1, "I"), (3, "III")])
def test_exactly_one_step_of_the_ladder_is_current(level: int | None, marked: str) -> None:
    assert [label for label, _, now in matrix.ladder(level) if now] == [marked]


# -- seats against duties -----------------------------------------------------------------------


@pytest.fixture
def plan(db: None) -> Plan:
    return Plan.objects.create(title="青河市方案", year=2031)


def unit(name: str, kind: str = "government", **more) -> Department:
    return Department.objects.create(name=name, slug=name, kind=kind, **more)


def seat(plan: Plan, found: Department | None, role: str = "成员") -> None:
    order = plan.members.count() + 1
    CommandPostMember.objects.create(plan=plan, order=order, role=role, printed_name=f"某{order}", unit=found)


def duty(plan: Plan, *units: Department) -> None:
    order = plan.duties.count() + 1
    Duty.objects.create(plan=plan, order=order, printed_unit="、".join(u.name for u in units)).units.set(
        units
    )


def assembled(plan: Plan) -> readiness.CommandPost:
    return readiness.assemble(
        list(plan.members.select_related("unit")), list(plan.duties.prefetch_related("units"))
    )


def test_gaps_between_seats_and_printed_duties_are_shown_both_ways(plan: Plan) -> None:
    water, weather, money = unit("水利局"), unit("气象局"), unit("财政局")
    for found in (water, weather, weather):
        seat(plan, found)
    duty(plan, weather)
    duty(plan, money)
    post = assembled(plan)
    assert post.units_without_duty == [water]
    assert post.units_without_seat == [money]
    assert [len(d.seatless) for d in post.duties] == [0, 1]


def test_a_duty_of_all_streets_covers_each_street(plan: Plan) -> None:
    seat(plan, unit("东街道", "street"))
    duty(plan, unit("街道办事处", "collective"))
    post = assembled(plan)
    assert (post.units_without_duty, post.units_without_seat) == ([], [])


def test_a_duty_of_a_collective_covers_its_members(plan: Plan) -> None:
    together = unit("通信公司", "collective")
    seat(plan, unit("甲通信", "enterprise", parent=together))
    seat(plan, unit("水利局"))
    duty(plan, together)
    assert [u.name for u in assembled(plan).units_without_duty] == ["水利局"]


def test_heads_are_counted_and_stand_apart_from_members(plan: Plan) -> None:
    seat(plan, None, "总指挥")
    seat(plan, unit("住建局"), "副总指挥")
    seat(plan, unit("东街道", "street"))
    seat(plan, None)
    post = assembled(plan)
    assert (post.size, len(post.heads), len(post.seats), post.units, post.streets) == (4, 2, 2, 1, 1)
