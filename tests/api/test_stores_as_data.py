"""Supplies and the lists at hand as data: read, kept, moved, by the rules of the pages."""

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from floodresponse.models import (
    Household,
    HouseholdMove,
    LevelRecord,
    RescueTeam,
    Response,
    Shelter,
    Supply,
    SupplyMinimum,
    SupplyMove,
)
from floodresponse.services.supplies import SupplyContent, open_stock
from foundation.models import AuditEntry
from organizations.models import User
from tests.api.world import make_plan
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db
FLOOD = "/api/v1/flood/"
SANDBAGS = {"name": "沙袋", "place": "河东库", "measure": "只", "quantity": "100"}


@pytest.fixture
def city() -> City:
    return build_city()


def call(user: User, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    client = APIClient()
    client.force_authenticate(user)
    ask: Any = getattr(client, method)
    answer = ask(f"{FLOOD}{path}", body, format="json") if method != "get" else ask(f"{FLOOD}{path}", body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None


def stock(city: City, quantity: str = "100", **more: Any) -> Supply:
    given: dict[str, Any] = {"unit": city.street, "name": "沙袋", "measure": "只", "place": "河东库", **more}
    content = SupplyContent(**given)
    return open_stock(actor=city.office, content=content, quantity=Decimal(quantity), at=minute(0))


def declared(*, level: int = 3, exercise: bool = False) -> Response:
    """A response that runs; written as rows, since declaring is not what is tried here."""
    now = timezone.now()
    made = Response.objects.create(plan=make_plan(), declared_at=now, exercise=exercise)
    by = UserFactory(role="commander")
    LevelRecord.objects.create(response=made, level=level, since=now, decided_by=by, reason="雨大")
    return made


class TestSupplies:
    def test_a_stock_is_opened_moved_counted_and_handed_over(self, city: City) -> None:
        made = call(
            city.street_officer, "post", "supplies/", {**SANDBAGS, "unit": city.street.slug}, status=201
        )
        path = f"supplies/{made['id']}/"
        out = {"kind": "out", "quantity": "30", "reason": "封堵地库口"}
        assert call(city.street_officer, "post", f"{path}move/", out)["quantity"] == "70.00"
        counted = {"kind": "counted", "quantity": "68.5", "reason": "盘点"}
        assert call(city.street_officer, "post", f"{path}move/", counted)["quantity"] == "68.50"
        over = {"unit": city.bureau.slug, "place": "主库", "quantity": "8.5", "reason": "支援"}
        assert call(city.street_officer, "post", f"{path}transfer/", over)["quantity"] == "60.00"
        keeper = {"keeper": "林甲", "phone": "5550101"}
        assert call(city.street_officer, "post", f"{path}keeper/", keeper)["keeper"] == "林甲"
        moves = call(city.office, "get", "supply-moves/", {"ordering": "id"})["results"]
        assert [(row["unit"], row["kind"], row["change"], row["after"]) for row in moves] == [
            ("liuhe", "in", "100.00", "100.00"),
            ("liuhe", "out", "-30.00", "70.00"),
            ("liuhe", "counted", "-1.50", "68.50"),
            ("liuhe", "sent", "-8.50", "60.00"),
            ("shuiwu", "received", "8.50", "8.50"),
        ]
        assert AuditEntry.objects.filter(action="supply.sent", actor=city.street_officer).count() == 1

    @pytest.mark.parametrize(("quantity", "status"), [("99.99", 200), ("100", 200), ("100.01", 400)])
    def test_no_more_goes_out_than_is_there(self, city: City, quantity: str, status: int) -> None:
        supply = stock(city)
        body = {"kind": "out", "quantity": quantity, "reason": "抢险"}
        answer = call(city.office, "post", f"supplies/{supply.pk}/move/", body, status=status)
        if status == 400:
            assert "结存只有 100 只" in answer["detail"]
            assert Supply.objects.get().quantity == 100

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_do_not_take_the_same_bags(self) -> None:
        city = build_city()
        supply = stock(city, "50")
        answers: list[int] = []

        def take() -> None:
            client = APIClient()
            client.force_authenticate(User.objects.get(pk=city.office.pk))
            body = {"kind": "out", "quantity": "30", "reason": "抢险"}
            answers.append(client.post(f"{FLOOD}supplies/{supply.pk}/move/", body, format="json").status_code)
            connection.close()

        both = [threading.Thread(target=take) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert sorted(answers)[0] == 200
        assert sorted(answers)[1] in {400, 409}
        assert Supply.objects.get().quantity == 20
        assert SupplyMove.objects.filter(kind="out").count() == 1

    def test_the_same_stock_twice_is_a_conflict(self, city: City) -> None:
        stock(city)
        again = {**SANDBAGS, "unit": city.street.slug}
        assert "已登记" in call(city.office, "post", "supplies/", again, status=409)["detail"]

    def test_others_units_stocks_are_not_theirs_to_move(self, city: City) -> None:
        supply = stock(city)
        body = {"kind": "out", "quantity": "1", "reason": "抢险"}
        call(city.bureau_officer, "post", f"supplies/{supply.pk}/move/", body, status=403)
        call(UserFactory(role="viewer"), "post", f"supplies/{supply.pk}/move/", {}, status=403)
        assert Supply.objects.get().quantity == 100

    def test_what_is_short_by_unit_word_and_order(self, city: City) -> None:
        stock(city, "5")
        stock(city, "500", unit=city.bureau)
        for unit in (city.street, city.bureau):
            SupplyMinimum.objects.create(unit=unit, name="沙袋", level=4, quantity=100)

        def units(**query: Any) -> list[str]:
            return [row["unit"] for row in call(city.office, "get", "supplies/", query)["results"]]

        assert units(ordering="quantity") == ["liuhe", "shuiwu"]
        assert units(ordering="-quantity") == ["shuiwu", "liuhe"]
        assert units(short="true") == ["liuhe"]
        assert units(short="false") == ["shuiwu"]
        assert units(unit="shuiwu") == ["shuiwu"]
        assert units(q="柳河") == ["liuhe"]
        page = call(city.office, "get", "supplies/", {"page_size": 1})
        assert (page["count"], len(page["results"])) == (2, 1)

    def test_moves_of_one_stock_and_kind(self, city: City) -> None:
        first, _ = stock(city), stock(city, unit=city.bureau)
        call(
            city.office, "post", f"supplies/{first.pk}/move/", {"kind": "in", "quantity": "1", "reason": "补"}
        )
        found = call(city.office, "get", "supply-moves/", {"supply": first.pk})["results"]
        assert [row["change"] for row in found] == ["1.00", "100.00"]
        assert call(city.office, "get", "supply-moves/", {"kind": "out"})["count"] == 0
        recent = (timezone.now() - timedelta(hours=1)).isoformat()
        assert call(city.office, "get", "supply-moves/", {"at_from": recent})["count"] == 1


class TestLists:
    TEAM = {"unit": "liuhe", "name": "街道抢险队", "strength": 20, "leader": "林乙", "phone": "5550102"}

    def test_a_line_is_added_changed_and_taken_off_with_a_reason(self, city: City) -> None:
        made = call(city.street_officer, "post", "teams/", self.TEAM, status=201)
        path = f"teams/{made['id']}/"
        assert call(city.street_officer, "patch", path, {"strength": 25})["strength"] == 25
        assert "reason" in call(city.street_officer, "post", f"{path}remove/", {}, status=400)
        call(city.street_officer, "post", f"{path}remove/", {"reason": "并入市队"}, status=204)
        assert not RescueTeam.objects.exists()
        rows = AuditEntry.objects.filter(action__startswith="rescueteam.").order_by("sequence")
        assert [(row.action, row.reason) for row in rows] == [
            ("rescueteam.add", ""), ("rescueteam.change", ""), ("rescueteam.remove", "并入市队"),
        ]  # fmt: skip
        assert rows[0].after["phone"] == "…02"

    def test_a_unit_keeps_its_own_lines(self, city: City) -> None:
        call(city.bureau_officer, "post", "teams/", self.TEAM, status=403)
        made = call(city.office, "post", "teams/", self.TEAM, status=201)
        call(city.bureau_officer, "patch", f"teams/{made['id']}/", {"strength": 1}, status=403)
        # Nor is a line given away to a unit that one does not act for.
        call(city.street_officer, "patch", f"teams/{made['id']}/", {"unit": "shuiwu"}, status=403)
        assert RescueTeam.objects.get().strength == 20

    def test_the_same_line_twice_is_a_conflict(self, city: City) -> None:
        call(city.office, "post", "teams/", self.TEAM, status=201)
        assert "已经登记" in call(city.office, "post", "teams/", self.TEAM, status=409)["detail"]

    def test_a_street_is_a_street(self, city: City) -> None:
        body = {"name": "一中", "street": city.bureau.slug, "capacity": 300}
        assert "street" in call(city.office, "post", "shelters/", body, status=400)
        made = call(city.office, "post", "shelters/", {**body, "street": city.street.slug}, status=201)
        assert (made["street"], made["capacity"], made["address"]) == ("liuhe", 300, "")

    @pytest.mark.parametrize(
        ("key", "body"),
        [
            ("experts", {"name": "林丙", "field": "排水", "street": "liuhe"}),
            ("places", {"name": "柳桥涵洞", "kind": "underpass", "street": "liuhe", "unit": "liuhe"}),
            ("drills", {"title": "汛前演练", "held_on": "2023-06-01", "unit": "liuhe", "level": 3}),
            ("minimums", {"unit": "liuhe", "name": "沙袋", "level": 4, "quantity": "100"}),
        ],
    )
    def test_each_list_is_kept_and_found(self, city: City, key: str, body: dict[str, Any]) -> None:
        made = call(city.street_officer, "post", f"{key}/", body, status=201)
        assert {name: made[name] for name in body} == {
            **body, **({"quantity": "100.00"} if "quantity" in body else {}),
        }  # fmt: skip
        found = call(city.office, "get", f"{key}/")["results"]
        assert [row["id"] for row in found] == [made["id"]]

    def test_filters_and_order_are_those_of_the_page(self, city: City) -> None:
        for name, kind in (("涵洞", "underpass"), ("一中", "school")):
            body = {"name": name, "kind": kind, "unit": "liuhe"}
            call(city.office, "post", "places/", body, status=201)

        def names(**query: Any) -> list[str]:
            return [row["name"] for row in call(city.office, "get", "places/", query)["results"]]

        assert names(kind="school") == ["一中"]
        assert names(q="涵") == ["涵洞"]
        assert sorted(names(unit="liuhe")) == ["一中", "涵洞"]
        assert names(unit="shuiwu") == []
        assert names(ordering="-name") == sorted(names(), reverse=True)
        assert "ordering" in call(city.office, "get", "places/", {"ordering": "phone_"}, status=400)


class TestHouseholds:
    def household(self, city: City, **more: Any) -> Household:
        given = {"street": city.street, "head": "林丁", "address": "柳巷 1 号", "people": 3, **more}
        return Household.objects.create(**given)

    def test_only_those_who_move_them_read_them(self, city: City) -> None:
        self.household(city)
        assert call(city.street_officer, "get", "households/")["count"] == 1
        assert call(city.office, "get", "households/")["count"] == 1
        assert call(city.bureau_officer, "get", "households/")["count"] == 0
        for role in ("viewer", "supervisor", "editor", "publisher", "audit_admin"):
            call(UserFactory(role=role), "get", "households/", status=403)
            call(UserFactory(role=role), "get", "households/progress/", status=403)

    def test_every_reading_is_on_record_without_a_name(self, city: City) -> None:
        one, _ = self.household(city), self.household(city, head="林戊")
        call(city.street_officer, "get", "households/")
        call(city.street_officer, "get", f"households/{one.pk}/")
        rows = AuditEntry.objects.filter(action="household.export").order_by("sequence")
        assert [(row.actor, row.after) for row in rows] == [
            (city.street_officer, {"rows": 2}), (city.street_officer, {"rows": 1}),
        ]  # fmt: skip

    def test_the_audit_log_holds_no_names_and_addresses(self, city: City) -> None:
        body = {"street": "liuhe", "head": "林己", "address": "柳巷 2 号", "people": 2, "phone": "5550133"}
        call(city.street_officer, "post", "households/", body, status=201)
        told = str(AuditEntry.objects.get(action="household.add").after)
        assert "林己" not in told
        assert "柳巷" not in told
        assert "5550133" not in told

    def test_moved_and_home_again_each_once(self, city: City) -> None:
        household, response = self.household(city), declared()
        shelter = Shelter.objects.create(name="一中", street=city.street, capacity=300)
        states = lambda: [row["state"] for row in call(city.office, "get", "households/progress/")["results"]]  # noqa: E731
        assert states() == ["waiting"]
        body = {"response": response.pk, "shelter": shelter.pk, "people": 3}
        moved = call(city.street_officer, "post", f"households/{household.pk}/move/", body)
        assert (moved["shelter_name"], moved["people"], moved["returned_at"]) == ("一中", 3, None)
        assert states() == ["moved"]
        again = call(city.office, "post", f"households/{household.pk}/move/", body, status=409)
        assert "已登记转移" in again["detail"]
        back = {"response": response.pk}
        assert call(city.street_officer, "post", f"households/{household.pk}/return/", back)["returned_at"]
        call(city.street_officer, "post", f"households/{household.pk}/return/", back, status=409)
        assert states() == ["returned"]
        assert HouseholdMove.objects.count() == 1

    def test_what_was_registered_by_mistake_is_taken_back(self, city: City) -> None:
        household, response = self.household(city), declared()
        path, why = f"households/{household.pk}/take-back/", {"response": response.pk, "reason": "点错户"}
        call(city.street_officer, "post", path, why, status=404)
        call(city.office, "post", f"households/{household.pk}/move/", {"response": response.pk, "people": 3})
        call(city.street_officer, "post", path, {"response": response.pk}, status=400)
        call(city.bureau_officer, "post", path, why, status=404)
        call(city.street_officer, "post", path, why, status=204)
        assert not HouseholdMove.objects.exists()

    def test_a_level_below_that_of_the_household_leaves_it_at_home(self, city: City) -> None:
        self.household(city, from_level=2)
        declared(level=3)
        row = call(city.office, "get", "households/progress/")["results"][0]
        assert (row["state"], row["people"], row["move"]) == ("later", 3, None)
        assert "head" not in row

    def test_other_streets_households_are_not_there(self, city: City) -> None:
        household, response = self.household(city), declared()
        body = {"response": response.pk, "people": 3}
        call(city.bureau_officer, "post", f"households/{household.pk}/move/", body, status=404)
        assert not HouseholdMove.objects.exists()
