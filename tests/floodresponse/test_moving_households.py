"""Households leave their homes and come back: checked off one by one, taken back where it was a mistake."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from floodresponse.models import HouseholdMove, Response, Shelter
from floodresponse.services.households import return_household, take_back_move
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from tests.factories import UserFactory
from tests.floodresponse.households import house, move, respond
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestMovingHouseholds:
    def test_checked_off_once(self, city: City) -> None:
        household, response = house(city), respond(city)
        made = move(city, household, response)
        assert (made.moved_by, made.people) == (city.street_officer, 3)
        with pytest.raises(StateConflict, match="已登记转移"):
            move(city, household, response)

    def test_home_again_once(self, city: City) -> None:
        made = move(city, house(city), respond(city))
        return_household(actor=city.street_officer, move=made, at=minute(300))
        with pytest.raises(StateConflict, match="已登记返回"):
            return_household(actor=city.street_officer, move=made, at=minute(301))

    @pytest.mark.parametrize("people", [0, 201])
    def test_how_many_is_sensible(self, city: City, people: int) -> None:
        with pytest.raises(InvalidInput, match="人数"):
            move(city, house(city), respond(city), people=people)

    def test_not_after_the_end_and_not_by_another_unit(self, city: City) -> None:
        household = house(city)
        over = respond(city, terminated_at=minute(0))
        with pytest.raises(StateConflict, match="已经终止"):
            move(city, household, over)
        with pytest.raises(PermissionRefused):
            move(city, household, respond(city), actor=city.bureau_officer)

    @pytest.mark.parametrize(("level", "state"), [(4, "later"), (3, "waiting"), (2, "waiting")])
    def test_who_leaves_depends_on_the_level(self, city: City, level: int, state: str) -> None:
        house(city, from_level=3)
        respond(city, level)
        page = browser(city.street_officer).get("/flood/households/").context["page"]
        assert [line.state for line in page] == [state]

    def test_in_the_browser_with_the_room_of_shelters(self, city: City) -> None:
        household, response = house(city), respond(city)
        shelter = Shelter.objects.create(name="北街小学", capacity=2)
        client, address = browser(city.street_officer), f"/flood/households/{household.pk}/"
        sent = {"response": response.pk, "people": "3", "shelter": shelter.pk}
        answer = client.post(address, sent, follow=True)
        text = answer.content.decode()
        assert "已超过可安置人数 1 人" in text
        assert "超员" in text
        assert [line.state for line in answer.context["page"]] == ["moved"]
        client.post(address, {"response": response.pk, "step": "return"})
        assert [line.state for line in client.get("/flood/households/?state=returned").context["page"]]
        assert client.get("/flood/households/?state=waiting").context["page"].paginator.count == 0

    def test_a_drill_fills_no_shelter(self, city: City) -> None:
        shelter = Shelter.objects.create(name="北街小学", capacity=2)
        move(city, house(city), respond(city, exercise=True), shelter=shelter)
        assert Shelter.objects.with_people().get().housed == 0  # type: ignore[attr-defined]

    def test_a_street_sees_its_own_and_readers_none(self, city: City) -> None:
        house(city)
        assert browser(city.office).get("/flood/households/").context["page"].paginator.count == 1
        assert browser(city.bureau_officer).get("/flood/households/").context["page"].paginator.count == 0
        viewer = browser(UserFactory(role="viewer"))
        for path in ("households/", "households/households.xlsx", "resources/households/"):
            assert viewer.get(f"/flood/{path}").status_code == 403, path

    def test_as_a_workbook(self, city: City) -> None:
        house(city)
        answer = browser(city.office).get("/flood/households/households.xlsx")
        rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        assert rows[1][:3] == ("柳河街道", "林甲", "柳巷 1 号")

    def test_who_took_the_list_of_names_is_on_record(self, city: City) -> None:
        house(city)
        browser(city.office).get("/flood/households/households.xlsx")
        assert browser(UserFactory(role="viewer")).get("/flood/households/households.xlsx").status_code == 403
        entry = AuditEntry.objects.get(action="household.export")
        assert (entry.actor_id, entry.after) == (city.office.pk, {"rows": 1})

    @pytest.mark.parametrize(("key", "traces"), [("households", 1), ("shelters", 0)])
    def test_so_is_who_took_the_register_of_them(self, city: City, key: str, traces: int) -> None:
        house(city)
        assert browser(city.office).get(f"/flood/resources/{key}/list.xlsx").status_code == 200
        assert AuditEntry.objects.filter(action="household.export").count() == traces


class TestOneAfterTheOther:
    """Whoever stands in the rain and checks off forty households stays where he is."""

    def test_filter_sort_and_page_stay_and_the_household_is_found_again(self, city: City) -> None:
        household, response = house(city), respond(city)
        sent = {"response": response.pk, "people": "3", "back": "street=liuhe&sort=address&page=2"}
        answer = browser(city.street_officer).post(f"/flood/households/{household.pk}/", sent)
        query = f"street=liuhe&sort=address&page=2&response={response.pk}"
        assert answer["Location"] == f"/flood/households/?{query}#household-{household.pk}"

    def test_what_has_to_be_read_is_at_the_top(self, city: City) -> None:
        household, response = house(city), respond(city)
        client, address = browser(city.street_officer), f"/flood/households/{household.pk}/"
        refused = client.post(address, {"response": response.pk, "people": "0"}, follow=True)
        assert "#" not in refused.redirect_chain[-1][0]
        assert "转移人数应在" in refused.content.decode()
        full = Shelter.objects.create(name="北街小学", capacity=2)
        warned = client.post(
            address, {"response": response.pk, "people": "3", "shelter": full.pk}, follow=True
        )
        assert "#" not in warned.redirect_chain[-1][0]
        assert "已超过可安置人数 1 人" in warned.content.decode()

    def test_a_shelter_that_is_gone_is_not_taken_for_none(self, city: City) -> None:
        household, response = house(city), respond(city)
        sent = {"response": response.pk, "people": "3", "shelter": "999"}
        client = browser(city.street_officer)
        answer = client.post(f"/flood/households/{household.pk}/", sent, follow=True)
        assert "所选安置点已不在清单中" in answer.content.decode()
        assert not HouseholdMove.objects.exists()

    def test_the_numbers_are_of_all_states_whatever_is_shown(self, city: City) -> None:
        response = respond(city)
        move(city, house(city), response)
        house(city, head="林乙", people=2)
        page = browser(city.street_officer).get("/flood/households/?state=waiting")
        assert [line.household.head for line in page.context["page"]] == ["林乙"]
        assert [(word, n, people) for _, word, n, people in page.context["counts"]][:2] == [
            ("待转移", 1, 2),
            ("已转移", 1, 3),
        ]

    def test_a_real_response_and_a_drill_are_told_apart_and_kept_apart(self, city: City) -> None:
        house(city)
        real, drill = respond(city), respond(city, exercise=True)
        client = browser(city.street_officer)
        assert client.get("/flood/households/").context["running"].response == real
        page = client.get(f"/flood/households/?response={drill.pk}&state=waiting")
        assert page.context["running"].response == drill
        assert page.context["form"]["response"].value() == str(drill.pk)

    @pytest.mark.parametrize(("people", "word"), [(1, "有余"), (2, "已满"), (3, "超员")])
    def test_room_in_a_shelter_for_two(self, city: City, people: int, word: str) -> None:
        shelter = Shelter.objects.create(name="北街小学", capacity=2)
        move(city, house(city), respond(city), people=people, shelter=shelter)
        text = browser(city.street_officer).get("/flood/households/").content.decode()
        assert [said for said in ("有余", "已满", "超员") if said in text] == [word]
        assert f"{people} / 2 人" in text


class TestMovedAgain:
    """People went home, and the rain came back."""

    def test_who_came_home_leaves_again_and_counts_once(self, city: City) -> None:
        household, response = house(city), respond(city)
        made = move(city, household, response)
        with pytest.raises(StateConflict, match="还没有返回"):
            move(city, household, response)
        return_household(actor=city.street_officer, move=made, at=minute(60))
        again = move(city, household, response, people=2, at=minute(90))
        assert list(response.household_moves.last_of_each()) == [again]
        page = browser(city.street_officer).get("/flood/households/")
        assert [(line.state, line.move.people) for line in page.context["page"]] == [("moved", 2)]
        return_household(actor=city.street_officer, move=again, at=minute(120))
        assert HouseholdMove.objects.filter(returned_at=None).count() == 0

    def test_in_the_browser(self, city: City) -> None:
        household, response = house(city), respond(city)
        client, address = browser(city.street_officer), f"/flood/households/{household.pk}/"
        sent = {"response": response.pk, "people": "3"}
        client.post(address, sent)
        client.post(address, {"response": response.pk, "step": "return"})
        assert "再次转移" in client.get("/flood/households/").content.decode()
        page = client.post(address, sent, follow=True).context["page"]
        assert [line.state for line in page] == ["moved"]


class TestTakingBack:
    """A wrong line is tapped easily with wet fingers."""

    def take_back(self, city: City, made: HouseholdMove, **more: Any) -> bool:
        given: dict[str, Any] = {"actor": city.street_officer, "reason": "点错户", "at": minute(9)}
        return take_back_move(move=made, **given | more)

    def test_the_way_home_first_then_the_way_out(self, city: City) -> None:
        household, response = house(city), respond(city)
        made = move(city, household, response)
        home = return_household(actor=city.street_officer, move=made, at=minute(7))
        assert self.take_back(city, home)
        made.refresh_from_db()
        assert (made.returned_at, made.returned_by) == (None, None)
        assert not self.take_back(city, made)
        assert not HouseholdMove.objects.exists()
        assert move(city, household, response, people=2).people == 2
        entries = AuditEntry.objects.filter(action="household.take_back").order_by("sequence")
        assert [(entry.before["people"], entry.reason) for entry in entries] == [(3, "点错户"), (3, "点错户")]

    def test_not_without_a_reason_and_not_by_another_unit(self, city: City) -> None:
        made = move(city, house(city), respond(city))
        with pytest.raises(InvalidInput, match="撤销理由"):
            self.take_back(city, made, reason=" ")
        with pytest.raises(PermissionRefused):
            self.take_back(city, made, actor=city.bureau_officer)
        assert HouseholdMove.objects.exists()

    def test_not_twice_and_not_what_another_changed_meanwhile(self, city: City) -> None:
        made = move(city, house(city), respond(city))
        return_household(actor=city.office, move=HouseholdMove.objects.get(), at=minute(7))
        with pytest.raises(StateConflict, match="刚刚有改动"):
            self.take_back(city, made)
        assert HouseholdMove.objects.exists()

    def test_not_after_the_end(self, city: City) -> None:
        response = respond(city)
        made = move(city, house(city), response)
        Response.objects.filter(pk=response.pk).update(terminated_at=minute(8))
        with pytest.raises(StateConflict, match="已经终止"):
            self.take_back(city, made)

    def test_of_one_that_left_twice_the_second_time(self, city: City) -> None:
        household, response = house(city), respond(city)
        first = move(city, household, response)
        return_household(actor=city.street_officer, move=first, at=minute(7))
        first.refresh_from_db()
        move(city, household, response, at=minute(8))
        with pytest.raises(StateConflict, match="刚刚有改动"):
            self.take_back(city, first)
        assert not self.take_back(city, HouseholdMove.objects.get(returned_at=None))
        assert HouseholdMove.objects.get() == first

    def test_in_the_browser(self, city: City) -> None:
        household, response = house(city), respond(city)
        move(city, household, response)
        client, address = browser(city.street_officer), f"/flood/households/{household.pk}/"
        sent = {"response": response.pk, "step": "undo", "reason": "点错户"}
        assert "登记错了" in client.get("/flood/households/").content.decode()
        answer = client.post(address, sent, follow=True)
        assert "林甲户的转移登记已撤销" in answer.content.decode()
        assert [line.state for line in answer.context["page"]] == ["waiting"]
        again = client.post(address, sent, follow=True)
        assert "没有转移登记" in again.content.decode()
