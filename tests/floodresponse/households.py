"""Households to move, a response in which they move, and their moves."""

from typing import Any

from floodresponse.models import Household, HouseholdMove, Plan, Response
from floodresponse.services.households import move_household
from tests.floodresponse.reporting import City, minute


def house(city: City, **more: Any) -> Household:
    values: dict[str, Any] = {"street": city.street, "head": "林甲", "address": "柳巷 1 号", "people": 3}
    return Household.objects.create(**values | more)


def respond(city: City, level: int = 3, **more: Any) -> Response:
    plan, _ = Plan.objects.get_or_create(title="方案", year=2023)
    made = Response.objects.create(plan=plan, declared_at=minute(-30), **more)
    made.levels.create(level=level, since=minute(-30), decided_by=city.commander)
    return made


def move(city: City, household: Household, response: Response, **more: Any) -> HouseholdMove:
    given: dict[str, Any] = {"shelter": None, "people": 3, "at": minute(5), "actor": city.street_officer}
    return move_household(household=household, response=response, **given | more)
