"""Telephone numbers are whole for those who work in the flood command; other staff see their end."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from floodresponse.models import DutyShift, RescueTeam, Shelter, Supply
from floodresponse.services.supplies import SupplyContent, open_stock
from organizations.models import User
from tests.accounts import person, token_for
from tests.floodresponse.reporting import City, build_city, minute

pytestmark = pytest.mark.django_db
NUMBER, END = "5550177", "…77"
PAGES = [
    "/flood/supplies/",
    "/flood/resources/shelters/",
    "/flood/resources/teams/",
    "/flood/roster/?day=2023-07-26",
    "/flood/roster/units/liuhe/?month=2023-07",
]
SHEETS = [
    "/flood/supplies/supplies.xlsx",
    "/flood/resources/shelters/list.xlsx",
    "/flood/resources/teams/list.xlsx",
    "/flood/roster/roster.xlsx?day=2023-07-26",
    "/flood/roster/roster.xlsx?month=2023-07",
]
DATA = ["supplies", "shelters", "teams", "roster"]
# Whoever works in the flood command calls others; other staff do not.
WHO = [
    ("viewer", False),
    ("editor", False),
    ("supervisor", False),
    ("duty_officer", True),
    ("commander", True),
    ("of another unit", True),
]


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(minute(0)):
        made = build_city()
        of_street: dict[str, Any] = {"phone": NUMBER}
        Shelter.objects.create(name="一中", street=made.street, address="柳巷", capacity=9, **of_street)
        RescueTeam.objects.create(name="一队", unit=made.street, strength=9, **of_street)
        content = SupplyContent(unit=made.street, name="沙袋", measure="只", keeper="林甲", **of_street)
        open_stock(actor=made.office, content=content, quantity=Decimal(9), at=minute(0))
        DutyShift.objects.create(
            unit=made.street,
            day=date(2023, 7, 26),
            role="officer",
            name="林乙",
            entered_at=minute(0),
            **of_street,
        )
        yield made


def reader(city: City, who: str) -> User:
    return city.bureau_officer if who == "of another unit" else person(who)


def shows(text: str) -> tuple[bool, bool]:
    return NUMBER in text, END in text


@pytest.mark.parametrize(("who", "whole"), WHO)
def test_on_pages_and_in_sheets(city: City, who: str, whole: bool) -> None:
    client = Client()
    client.force_login(reader(city, who))
    singles = [Supply.objects.get().get_absolute_url(), DutyShift.objects.get().get_absolute_url()]
    assert [page for page in PAGES if shows(client.get(page).content.decode()) != (whole, not whole)] == []
    assert [page for page in singles if (NUMBER in client.get(page).content.decode()) is not whole] == []
    for sheet in SHEETS:
        rows = load_workbook(BytesIO(client.get(sheet).content)).worksheets[0].iter_rows(values_only=True)
        assert shows(str(list(rows))) == (whole, not whole), sheet


@pytest.mark.parametrize(("who", "whole"), WHO)
def test_as_data(city: City, who: str, whole: bool) -> None:
    client = Client(headers={"Authorization": f"Token {token_for(reader(city, who))}"})
    for name in DATA:
        answer = client.get(f"/api/v1/flood/{name}/").json()
        assert [row["phone"] for row in answer["results"]] == [NUMBER if whole else END], name


@pytest.mark.parametrize(("who", "whole"), WHO)
def test_a_number_that_is_not_shown_is_not_found_by_it(city: City, who: str, whole: bool) -> None:
    client = Client(headers={"Authorization": f"Token {token_for(reader(city, who))}"})
    assert client.get("/api/v1/flood/shelters/", {"q": NUMBER}).json()["count"] == int(whole)
    assert client.get("/api/v1/flood/shelters/", {"q": "一中"}).json()["count"] == 1
    browser = Client()
    browser.force_login(reader(city, who))
    for path in ("resources/shelters/", "roster/"):
        page = browser.get(f"/flood/{path}", {"q": NUMBER, "day": "2023-07-26"})
        assert page.context["page"].paginator.count == int(whole), path


def test_what_is_masked_for_a_reader_stays_whole_in_the_books(city: City) -> None:
    client = Client()
    client.force_login(person("viewer"))
    client.get(PAGES[0])
    assert Supply.objects.get().phone == NUMBER
