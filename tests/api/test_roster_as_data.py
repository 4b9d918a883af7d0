"""The duty roster and the plan's lists as data: entered, signed in, swapped; seats, duties and groups."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from floodresponse.models import CommandPostMember, Duty, DutyShift, DutySwap, SpecialGroup
from foundation.models import AuditEntry
from organizations.models import User
from tests.api.test_stores_as_data import call
from tests.api.world import make_plan
from tests.factories import PersonFactory, UserFactory
from tests.floodresponse.reporting import City, build_city

pytestmark = pytest.mark.django_db
# 10:00 in Shanghai, in the middle of a shift.
NOW = datetime(2023, 7, 26, 2, 0, tzinfo=UTC)


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.fixture
def morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def entry(day: int, name: str, phone: str = "5550101", role: str = "officer") -> dict[str, Any]:
    return {"day": f"2023-07-{day}", "role": role, "name": name, "phone": phone}


def entered(city: City, *entries: dict[str, Any], **more: Any) -> int:
    body = {"unit": city.street.slug, "entries": list(entries), **more}
    changed: int = call(city.street_officer, "post", "roster/", body)["changed"]
    return changed


def shift_of(day: int, user: User) -> DutyShift:
    DutyShift.objects.filter(day=date(2023, 7, day)).update(user=user)
    return DutyShift.objects.get(day=date(2023, 7, day))


@pytest.mark.usefixtures("morning")
class TestEntering:
    def test_days_are_entered_changed_and_cleared(self, city: City) -> None:
        assert entered(city, entry(27, "林甲"), entry(28, "林乙"), entry(27, "林丙", role="leader")) == 3
        assert entered(city, entry(27, "林甲"), entry(28, "林丁")) == 1
        assert entered(city, entry(28, "")) == 1
        rows = call(city.office, "get", "roster/", {"unit": city.street.slug})["results"]
        assert sorted((row["day"], row["role"], row["name"]) for row in rows) == [
            ("2023-07-27", "leader", "林丙"), ("2023-07-27", "officer", "林甲"),
        ]  # fmt: skip
        assert AuditEntry.objects.filter(action="roster.save").count() == 3

    def test_a_shift_that_runs_changes_with_a_reason_and_one_that_is_over_never(self, city: City) -> None:
        body = {"unit": city.street.slug, "entries": [entry(26, "林甲")]}
        assert "理由" in call(city.street_officer, "post", "roster/", body, status=400)["detail"]
        assert entered(city, entry(26, "林甲"), reason="原值班人员生病") == 1
        gone = {"unit": city.street.slug, "entries": [entry(25, "林甲")], "reason": "补登"}
        assert "已经结束" in call(city.street_officer, "post", "roster/", gone, status=400)["detail"]

    def test_a_place_written_twice_is_refused(self, city: City) -> None:
        body = {"unit": city.street.slug, "entries": [entry(27, "林甲"), entry(27, "林乙")]}
        assert "写了两次" in str(call(city.street_officer, "post", "roster/", body, status=400))
        assert not DutyShift.objects.exists()

    def test_other_units_and_readers_are_refused(self, city: City) -> None:
        body = {"unit": city.street.slug, "entries": [entry(27, "林甲")]}
        call(city.bureau_officer, "post", "roster/", body, status=403)
        call(UserFactory(role="viewer"), "post", "roster/", body, status=403)
        assert not DutyShift.objects.exists()

    def test_who_is_on_duty_signs_in_once(self, city: City) -> None:
        entered(city, entry(26, "林甲"), reason="补登")
        path = f"roster/{shift_of(26, city.street_officer).pk}/sign-in/"
        assert call(city.street_officer, "post", path)["signed_in_at"]
        assert "已经签到" in call(city.street_officer, "post", path, status=409)["detail"]
        call(city.bureau_officer, "post", path, status=403)


@pytest.mark.usefixtures("morning")
class TestSwaps:
    def asked(self, city: City, other: User) -> tuple[DutyShift, DutyShift, int]:
        entered(city, entry(27, "林甲"), entry(28, "林乙"))
        mine, theirs = shift_of(27, city.street_officer), shift_of(28, other)
        body = {"other": theirs.pk, "reason": "家里有事"}
        made = call(city.street_officer, "post", f"roster/{mine.pk}/swap/", body, status=201)
        assert (made["state"], made["name"], made["other_name"]) == ("asked", "林甲", "林乙")
        return mine, theirs, made["id"]

    def test_the_other_agrees_and_the_two_change_places(self, city: City) -> None:
        other = UserFactory(role="duty_officer", department=city.street)
        mine, theirs, swap = self.asked(city, other)
        call(city.office, "post", f"swaps/{swap}/agree/", {}, status=403)
        assert call(other, "post", f"swaps/{swap}/agree/", {"note": "好"})["state"] == "agreed"
        names = dict(DutyShift.objects.values_list("pk", "name"))
        assert (names[mine.pk], names[theirs.pk]) == ("林乙", "林甲")
        call(other, "post", f"swaps/{swap}/agree/", {}, status=409)
        assert call(city.office, "get", "swaps/", {"state": "agreed"})["count"] == 1

    def test_the_other_does_not_or_it_is_taken_back(self, city: City) -> None:
        other = UserFactory(role="duty_officer", department=city.street)
        mine, theirs, swap = self.asked(city, other)
        assert call(other, "post", f"swaps/{swap}/refuse/", {"note": "出差"})["answer_note"] == "出差"
        body = {"other": theirs.pk, "reason": "再问"}
        again = call(city.street_officer, "post", f"roster/{mine.pk}/swap/", body, status=201)["id"]
        assert call(city.street_officer, "post", f"swaps/{again}/withdraw/")["state"] == "withdrawn"
        assert set(DutySwap.objects.values_list("state", flat=True)) == {"refused", "withdrawn"}
        assert call(city.office, "get", "swaps/", {"shift": mine.pk})["count"] == 2


class TestPlanLists:
    @pytest.fixture
    def plan(self, city: City) -> Any:
        plan = make_plan()
        CommandPostMember.objects.create(
            plan=plan, order=1, role="总指挥", printed_name="林青", unit=city.bureau
        )
        duty = Duty.objects.create(plan=plan, order=1, printed_unit="水务局", summary="调度排水")
        duty.units.set([city.bureau])
        group = SpecialGroup.objects.create(
            plan=plan, order=1, name="抢险组", leader=PersonFactory(name="林青"), printed_members="水务局"
        )
        group.units.set([city.bureau, city.street])
        return plan

    def test_seats_duties_and_groups_of_the_plan_that_holds(self, city: City, plan: Any) -> None:
        seat = call(city.street_officer, "get", "seats/")["results"][0]
        assert (seat["role"], seat["name"], seat["unit"]) == (
            "总指挥", "林青", {"slug": "shuiwu", "name": "水务局"},
        )  # fmt: skip
        duty = call(city.street_officer, "get", "duties/")["results"][0]
        assert (duty["summary"], [unit["slug"] for unit in duty["units"]]) == ("调度排水", ["shuiwu"])
        group = call(city.street_officer, "get", f"groups/{plan.groups.get().pk}/")
        assert (group["name"], group["leader"], len(group["units"])) == ("抢险组", "林青", 2)

    @pytest.mark.parametrize("key", ["seats", "duties", "groups"])
    def test_by_year_and_unit(self, city: City, plan: Any, key: str) -> None:
        count = lambda **query: call(city.office, "get", f"{key}/", query)["count"]  # noqa: E731
        assert count(year=2023) == 1
        assert count(year=2021) == 0
        assert count(unit="shuiwu") == 1
        assert count(unit="yuanlin") == 0

    def test_a_draft_of_a_plan_is_not_told(self, city: City, plan: Any) -> None:
        type(plan).objects.filter(pk=plan.pk).update(publication="draft")
        assert call(city.office, "get", "groups/")["count"] == 0
