"""The duty roster: who is on duty, gaps, entries, signing in, swaps, the alarm."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from floodresponse.models import DutyShift, DutySwap
from floodresponse.roster.days import days_of_month, duty_day, may_sign_in
from floodresponse.roster.reads import gaps, on_duty_at, units_with_roster
from floodresponse.services.daily import start_flood_watch
from floodresponse.services.roster import OnDuty, save_roster, sign_in
from floodresponse.services.rostergaps import alarm_gaps
from floodresponse.services.swaps import answer_swap, ask_swap, withdraw_swap
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from organizations.models import User
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city

DAY = date(2023, 7, 26)
NEXT = DAY + timedelta(days=1)
# 10:00 in Shanghai on DAY.
TEN = datetime(2023, 7, 26, 2, 0, tzinfo=UTC)
LEADER, OFFICER = "leader", "officer"


def local(text: str) -> datetime:
    """A moment of Shanghai time."""
    return datetime.fromisoformat(f"{text}+08:00")


def enter(
    city: City, *, actor: User | None = None, at: datetime = TEN, reason: str = "", **people: str
) -> int:
    """``d27_officer="林甲 5550101"`` puts somebody on duty in the street on the 27th."""
    entries: dict[tuple[date, str], OnDuty | None] = {}
    for key, text in people.items():
        number, role = key.removeprefix("d").split("_")
        name, _, phone = text.partition(" ")
        entries[date(2023, 7, int(number)), role] = OnDuty(name, phone) if name else None
    return save_roster(
        actor=actor or city.street_officer, unit=city.street, entries=entries, at=at, reason=reason
    )


class TestDaysOfDuty:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            ("2023-07-26T07:59:59", date(2023, 7, 25)),
            ("2023-07-26T08:00:00", DAY),
            ("2023-07-27T00:00:00", DAY),
            ("2023-07-27T07:59:59", DAY),
        ],
    )
    def test_a_shift_lasts_from_handover_to_handover(self, moment: str, day: date) -> None:
        assert duty_day(local(moment)) == day

    @pytest.mark.parametrize(
        ("moment", "may"),
        [
            ("2023-07-26T07:29:59", False),
            ("2023-07-26T07:30:00", True),
            ("2023-07-27T07:59:59", True),
            ("2023-07-27T08:00:00", False),
        ],
    )
    def test_one_signs_in_from_half_an_hour_before_until_the_end(self, moment: str, may: bool) -> None:
        assert may_sign_in(DAY, local(moment), local(moment).tzinfo or UTC) is may

    def test_a_month_has_all_its_days(self) -> None:
        assert len(days_of_month(date(2024, 2, 14))) == 29
        assert days_of_month(date(2023, 12, 31))[0] == date(2023, 12, 1)


@pytest.mark.django_db
class TestWhoIsOnDuty:
    def test_the_shift_of_the_day_until_the_next_takes_over(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲 5550101", d28_officer="林乙")
        assert [s.name for s in on_duty_at(local("2023-07-27T08:00"))] == ["林甲"]
        assert [s.name for s in on_duty_at(local("2023-07-28T07:59"))] == ["林甲"]
        assert [s.name for s in on_duty_at(local("2023-07-28T08:00"))] == ["林乙"]
        assert on_duty_at(local("2023-07-27T07:59")) == []

    def test_gaps_are_named_by_unit_day_and_role(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲", d27_leader="林乙", d28_leader="林乙")
        found = gaps([city.street], [NEXT, NEXT + timedelta(days=1)])
        assert [(gap.day, gap.role.value) for gap in found] == [(NEXT + timedelta(days=1), OFFICER)]

    def test_streets_and_the_office_keep_a_roster(self) -> None:
        city = build_city()
        units = units_with_roster(TEN)
        assert city.street in units
        assert any(unit.kind == "group" for unit in units)


@pytest.mark.django_db
class TestEntering:
    def test_only_what_differs_is_changed_and_it_is_on_record(self) -> None:
        city = build_city()
        assert enter(city, d27_officer="林甲 5550101", d27_leader="林乙") == 2
        assert enter(city, d27_officer="林甲 5550101", d27_leader="林丙") == 1
        entry = AuditEntry.objects.filter(action="roster.save").latest("sequence")
        assert entry.before == {"2023-07-27 带班领导": "林乙"}
        assert entry.after == {"2023-07-27 带班领导": "林丙"}

    def test_the_number_last_known_of_a_name_is_taken(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲 5550101")
        enter(city, d28_officer="林甲")
        assert DutyShift.objects.get(day="2023-07-28").phone == "5550101"

    def test_an_account_of_that_name_in_the_unit_is_the_person(self) -> None:
        city = build_city()
        user = UserFactory(
            username="lin", display_name="林甲", role="department_officer", department=city.street
        )
        enter(city, d27_officer="林甲", d28_officer="林乙")
        assert list(DutyShift.objects.order_by("day").values_list("user", flat=True)) == [user.pk, None]

    def test_an_empty_name_clears_the_place(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲")
        assert enter(city, d27_officer="") == 1
        assert not DutyShift.objects.exists()

    def test_what_is_over_cannot_be_changed(self) -> None:
        with pytest.raises(InvalidInput, match="已经结束"):
            enter(build_city(), d25_officer="林甲")

    def test_what_is_running_changes_with_a_reason_and_is_signed_anew(self) -> None:
        city = build_city()
        enter(city, d26_officer="林甲", at=local("2023-07-26T07:50"))
        sign_in(actor=city.street_officer, shift=DutyShift.objects.get(), at=TEN)
        with pytest.raises(InvalidInput, match="写明理由"):
            enter(city, d26_officer="林乙")
        enter(city, d26_officer="林乙", reason="突发疾病")
        assert DutyShift.objects.get().signed_in_at is None
        last = AuditEntry.objects.filter(action="roster.save").latest("sequence")
        assert (last.before, last.reason) == ({"2023-07-26 值班员": "林甲（10:00 签到）"}, "突发疾病")

    def test_a_number_that_is_none_is_refused_by_name_of_day_and_role(self) -> None:
        with pytest.raises(InvalidInput, match="2023-07-27 值班员"):
            enter(build_city(), d27_officer="林甲 call-me")

    def test_another_unit_is_refused(self) -> None:
        city = build_city()
        with pytest.raises(PermissionRefused, match="柳河街道"):
            enter(city, actor=city.bureau_officer, d27_officer="林甲")
        assert enter(city, actor=city.office, d27_officer="林甲") == 1

    def test_who_only_reads_is_refused(self) -> None:
        with pytest.raises(PermissionRefused):
            enter(build_city(), actor=UserFactory(role="viewer"), d27_officer="林甲")


@pytest.mark.django_db
class TestSigningIn:
    def test_the_time_and_the_person_stand(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲")
        at = local("2023-07-27T07:45")
        shift = sign_in(actor=city.street_officer, shift=DutyShift.objects.get(), at=at)
        assert (shift.signed_in_at, shift.signed_in_by) == (at, city.street_officer)

    def test_twice_is_one_change_and_one_clear_word(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲")
        shift = DutyShift.objects.get()
        sign_in(actor=city.street_officer, shift=shift, at=local("2023-07-27T08:00"))
        with pytest.raises(StateConflict, match="已经签到"):
            sign_in(actor=city.office, shift=shift, at=local("2023-07-27T08:01"))
        assert AuditEntry.objects.filter(action="roster.sign_in").count() == 1

    def test_not_on_another_day(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲")
        with pytest.raises(StateConflict, match="签到时间"):
            sign_in(actor=city.street_officer, shift=DutyShift.objects.get(), at=TEN)

    def test_a_stranger_does_not_sign_for_the_unit(self) -> None:
        city = build_city()
        enter(city, d27_officer="林甲")
        with pytest.raises(PermissionRefused):
            sign_in(actor=city.bureau_officer, shift=DutyShift.objects.get(), at=local("2023-07-27T08:00"))


@pytest.fixture
def pair(db: Any) -> tuple[City, User, User]:
    """林甲 on the 27th, 林乙 on the 28th, both with accounts."""
    city = build_city()
    people = [
        UserFactory(username=name, display_name=name, role="department_officer", department=city.street)
        for name in ("林甲", "林乙")
    ]
    enter(city, d27_officer="林甲 5550101", d28_officer="林乙 5550102", d28_leader="林丙")
    return city, people[0], people[1]


def shift_of(name: str) -> DutyShift:
    return DutyShift.objects.get(name=name)


def ask(actor: User, other: str = "林乙", reason: str = "家中有事") -> DutySwap:
    return ask_swap(actor=actor, shift=shift_of("林甲"), other=shift_of(other), reason=reason, at=TEN)


class TestSwapping:
    def test_nothing_changes_until_the_other_agrees(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        swap = ask(first)
        assert shift_of("林甲").day == NEXT
        assert Message.objects.filter(about=f"swap:{swap.pk}", recipient=second).count() == 1
        answer_swap(actor=second, swap=swap, agree=True, at=TEN)
        assert shift_of("林甲").day == NEXT + timedelta(days=1)
        assert (shift_of("林乙").day, shift_of("林乙").phone, shift_of("林乙").user) == (
            NEXT,
            "5550102",
            second,
        )
        swap.refresh_from_db()
        assert (swap.state, swap.answered_by) == ("agreed", second)

    def test_a_refusal_leaves_the_roster(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        swap = answer_swap(actor=second, swap=ask(first), agree=False, at=TEN, note="另有安排")
        assert (swap.state, shift_of("林甲").day) == ("refused", NEXT)

    def test_nobody_else_agrees_for_the_other(self, pair: tuple[City, User, User]) -> None:
        city, first, _ = pair
        swap = ask(first)
        for actor in (first, city.street_officer, city.office, city.commander):
            with pytest.raises(PermissionRefused, match="本人"):
                answer_swap(actor=actor, swap=swap, agree=True, at=TEN)

    def test_two_answers_are_one_change(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        swap = ask(first)
        answer_swap(actor=second, swap=swap, agree=True, at=TEN)
        with pytest.raises(StateConflict):
            answer_swap(actor=second, swap=swap, agree=True, at=TEN)
        assert shift_of("林甲").day == NEXT + timedelta(days=1)

    def test_one_question_at_a_time(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        ask(first)
        with pytest.raises(StateConflict, match="等待答复"):
            ask_swap(actor=second, shift=shift_of("林乙"), other=shift_of("林甲"), reason="有事", at=TEN)

    def test_only_the_same_place_and_only_people_with_accounts(self, pair: tuple[City, User, User]) -> None:
        city, first, _ = pair
        with pytest.raises(InvalidInput, match="相同岗位"):
            ask(first, "林丙")
        enter(city, d29_officer="林丁")
        with pytest.raises(InvalidInput, match="没有账号"):
            ask(first, "林丁")
        with pytest.raises(InvalidInput, match="理由"):
            ask(first, reason=" ")

    def test_what_has_begun_is_not_swapped(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        swap = ask(first)
        with pytest.raises(StateConflict, match="已经开始"):
            answer_swap(actor=second, swap=swap, agree=True, at=local("2023-07-27T08:00"))

    def test_a_change_of_the_roster_ends_the_question(self, pair: tuple[City, User, User]) -> None:
        city, first, second = pair
        swap = ask(first)
        enter(city, d28_officer="林戊")
        swap.refresh_from_db()
        assert swap.state == "withdrawn"
        with pytest.raises(StateConflict):
            answer_swap(actor=second, swap=swap, agree=True, at=TEN)

    def test_it_can_be_taken_back(self, pair: tuple[City, User, User]) -> None:
        _, first, second = pair
        swap = withdraw_swap(actor=first, swap=ask(first), at=TEN)
        assert swap.state == "withdrawn"
        with pytest.raises(StateConflict):
            answer_swap(actor=second, swap=swap, agree=True, at=TEN)

    def test_a_swapped_shift_is_not_cleared_away(self, pair: tuple[City, User, User]) -> None:
        city, first, second = pair
        answer_swap(actor=second, swap=ask(first), agree=True, at=TEN)
        with pytest.raises(StateConflict, match="换班记录"):
            enter(city, d27_officer="")


@pytest.mark.django_db
class TestTheAlarm:
    def told(self, about: str) -> int:
        return Message.objects.filter(about__startswith=about, channel="inbox").count()

    def test_it_tells_unit_and_office_once(self) -> None:
        city = build_city()
        start_flood_watch(actor=city.office, at=TEN)
        for minutes in range(3):
            assert alarm_gaps(at=TEN + timedelta(minutes=minutes)) > 0
        assert self.told(f"roster-gap:{DAY}:{city.street.pk}") == 1
        assert Message.objects.filter(about=f"roster-gap:{DAY}", recipient=city.office).count() == 1

    @pytest.mark.parametrize(("moment", "told"), [("15:59", 0), ("16:00", 1)])
    def test_tomorrow_is_told_in_the_afternoon(self, moment: str, told: int) -> None:
        city = build_city()
        start_flood_watch(actor=city.office, at=TEN)
        alarm_gaps(at=local(f"2023-07-26T{moment}"))
        assert self.told(f"roster-gap:{NEXT}:{city.street.pk}") == told

    def test_a_full_roster_is_silent(self) -> None:
        city = build_city()
        start_flood_watch(actor=city.office, at=TEN)
        enter(city, d26_officer="林甲", d26_leader="林乙", reason="补登")
        alarm_gaps(at=TEN)
        assert self.told(f"roster-gap:{DAY}:{city.street.pk}") == 0

    def test_outside_flood_watch_nobody_is_told(self) -> None:
        build_city()
        assert alarm_gaps(at=TEN) == 0
        assert self.told("roster-gap") == 0
