"""Supplies: in, out, counted, handed over; never below zero; every move on record."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from floodresponse.models import Supply, SupplyMinimum, SupplyMove
from floodresponse.services.supplies import (
    SupplyContent,
    change_keeper,
    move_supply,
    open_stock,
    transfer_supply,
)
from foundation.errors import DomainError, InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def city() -> City:
    return build_city()


def stock(city: City, quantity: str = "100", **more: Any) -> Supply:
    """Sandbags of the street."""
    given: dict[str, Any] = {"unit": city.street, "name": "沙袋", "measure": "只", "place": "河东库", **more}
    content = SupplyContent(**given)
    return open_stock(actor=city.office, content=content, quantity=D(quantity), at=minute(0))


def move(
    city: City, supply: Supply, kind: str, quantity: str, *, reason: str = "防汛", actor: Any = None
) -> Any:
    return move_supply(
        actor=actor or city.street_officer,
        supply=supply,
        kind=kind,
        quantity=D(quantity),
        reason=reason,
        at=minute(1),
    )


def left(supply: Supply) -> Decimal:
    return Supply.objects.get(pk=supply.pk).quantity


class TestMoves:
    def test_the_quantity_follows_from_the_moves(self, city: City) -> None:
        supply = stock(city)
        move(city, supply, "in", "20.5")
        move(city, supply, "out", "30")
        move(city, supply, "counted", "88")
        rows = SupplyMove.objects.order_by("pk").values_list("kind", "change", "after")
        assert list(rows) == [
            ("in", D(100), D(100)),
            ("in", D("20.5"), D("120.5")),
            ("out", D(-30), D("90.5")),
            ("counted", D("-2.5"), D(88)),
        ]
        assert left(supply) == 88

    @pytest.mark.parametrize(("quantity", "remains"), [("99.99", "0.01"), ("100", "0")])
    def test_all_that_is_there_can_go(self, city: City, quantity: str, remains: str) -> None:
        supply = stock(city)
        move(city, supply, "out", quantity)
        assert left(supply) == D(remains)

    def test_more_than_there_is_does_not_go(self, city: City) -> None:
        supply = stock(city)
        with pytest.raises(InvalidInput, match="结存只有 100 只"):
            move(city, supply, "out", "100.01")
        assert left(supply) == 100
        assert supply.moves.count() == 1

    @pytest.mark.parametrize("quantity", ["0", "-1", "0.001", "NaN", "1e12", "Infinity"])
    def test_what_is_no_quantity_is_refused(self, city: City, quantity: str) -> None:
        with pytest.raises(InvalidInput, match="数量"):
            move(city, stock(city), "in", quantity)

    def test_nothing_counted_is_a_count(self, city: City) -> None:
        supply = stock(city)
        move(city, supply, "counted", "0")
        assert left(supply) == 0

    def test_a_reason_is_owed(self, city: City) -> None:
        with pytest.raises(InvalidInput, match="事由"):
            move(city, stock(city), "in", "1", reason=" ")

    def test_kinds_of_a_transfer_are_not_typed(self, city: City) -> None:
        with pytest.raises(InvalidInput):
            move(city, stock(city), "sent", "1")

    def test_every_move_is_in_the_log(self, city: City) -> None:
        supply = stock(city)
        move(city, supply, "out", "30", reason="封堵地库口")
        entry = AuditEntry.objects.get(action="supply.out")
        assert (entry.after["quantity"], entry.reason) == ("70.00", "封堵地库口")

    def test_the_database_itself_refuses_less_than_nothing(self, city: City) -> None:
        supply = stock(city)
        with pytest.raises(IntegrityError), transaction.atomic():
            Supply.objects.filter(pk=supply.pk).update(quantity=-1)

    def test_the_same_article_at_the_same_place_is_one_stock(self, city: City) -> None:
        stock(city)
        with pytest.raises(StateConflict, match="已登记"):
            stock(city)
        assert stock(city, place="河西库").quantity == 100

    def test_other_units_and_readers_are_refused(self, city: City) -> None:
        supply = stock(city)
        for actor in (city.bureau_officer, UserFactory(role="viewer")):
            with pytest.raises(PermissionRefused):
                move(city, supply, "out", "1", actor=actor)

    def test_somebody_else_is_named_to_ask(self, city: City) -> None:
        supply = stock(city)
        change_keeper(actor=city.street_officer, supply=supply, keeper="林甲", phone="5550101", at=minute(1))
        change_keeper(actor=city.street_officer, supply=supply, keeper="林甲", phone="5550101", at=minute(2))
        told = AuditEntry.objects.get(action="supply.change_keeper")
        assert told.after == {"keeper": "林甲", "phone": "…01"}


class TestTransfers:
    def hand_over(self, city: City, supply: Supply, quantity: str = "40", **more: Any) -> Any:
        given = {"unit": city.bureau, "place": "主库", "reason": "支援", **more}
        return transfer_supply(actor=city.office, supply=supply, quantity=D(quantity), at=minute(2), **given)

    def test_out_of_one_into_the_other(self, city: City) -> None:
        supply = stock(city)
        out, into = self.hand_over(city, supply)
        assert (out.change, out.after, into.change, into.after) == (-40, 60, 40, 40)
        assert (out.other, into.other) == (into.supply, supply)
        assert into.supply.measure == "只"

    def test_a_stock_that_is_there_takes_it_in(self, city: City) -> None:
        supply = stock(city)
        there = stock(city, "5", unit=city.bureau, place="主库")
        self.hand_over(city, supply)
        assert left(there) == 45

    def test_neither_moves_when_there_is_not_enough(self, city: City) -> None:
        supply = stock(city)
        with pytest.raises(InvalidInput, match="不够"):
            self.hand_over(city, supply, "100.01")
        assert (left(supply), Supply.objects.count()) == (D(100), 1)

    def test_not_to_the_same_place(self, city: City) -> None:
        with pytest.raises(InvalidInput, match="同一处"):
            self.hand_over(city, stock(city), unit=city.street, place="河东库")

    def test_not_between_different_measures(self, city: City) -> None:
        stock(city, "5", unit=city.bureau, place="主库", measure="箱")
        with pytest.raises(InvalidInput, match="计量"):
            self.hand_over(city, stock(city))


class TestMinimums:
    @pytest.mark.parametrize(("level", "minimum"), [(4, 50), (3, 80), (2, 80), (1, 200)])
    def test_the_most_that_the_level_or_a_less_severe_one_asks_for(
        self, city: City, level: int, minimum: int
    ) -> None:
        supply = stock(city)
        for of_level, quantity in ((4, 50), (3, 80), (1, 200)):
            SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=of_level, quantity=quantity)
        assert Supply.objects.with_minimum(level).get(pk=supply.pk).minimum == minimum  # type: ignore[attr-defined]

    def test_what_lies_at_several_places_counts_together(self, city: City) -> None:
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=4, quantity=150)
        stock(city)
        stock(city, "50", place="河西库")
        stock(city, "999", unit=city.bureau)
        minimum = SupplyMinimum.objects.with_held(Supply.objects.all()).get()
        assert minimum.held == 150  # type: ignore[attr-defined]
        stocks: Any = Supply.objects.with_minimum(4).filter(unit=city.street)
        assert [one.held for one in stocks] == [150, 150]

    def test_none_is_none(self, city: City) -> None:
        stock(city)
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=1, quantity=200)
        assert Supply.objects.with_minimum(3).get().minimum is None  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_at_once_do_not_both_get_it() -> None:
    city = build_city()
    supply = stock(city, "60")
    ready, outcomes = threading.Barrier(2), []

    def take() -> None:
        ready.wait()
        try:
            move(city, supply, "out", "40")
            outcomes.append("taken")
        except DomainError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "taken"]
    assert left(supply) == 20
