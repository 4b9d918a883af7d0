"""Two sheets that name the same rows in opposite order: both are taken in, none waits for the other."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from floodresponse.models import DutyShift, RescueTeam, Supply
from floodresponse.resources.registers import REGISTERS
from floodresponse.services.roster import OnDuty, save_rosters
from floodresponse.services.stocktaking import Counted, take_stock
from floodresponse.services.supplies import SupplyContent, open_stock
from foundation.models import AuditEntry
from foundation.workbooks import workbook_of
from tests.atonce import press_at_once
from tests.floodresponse.reporting import City, build_city, minute
from tests.floodresponse.test_roster import NEXT, TEN

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [f"{number:02}号" for number in range(12)]


@pytest.fixture
def city() -> City:
    return build_city()


def both_ways(step: Any) -> None:
    """Two people hand in the same names, one from the first down, one from the last up."""
    answers = press_at_once([lambda: step(NAMES, 1), lambda: step(NAMES[::-1], 2)])
    assert answers == ["", ""]


def test_two_counts_of_the_same_stocks(city: City) -> None:
    content = {name: SupplyContent(unit=city.street, name=name, measure="只") for name in NAMES}
    for name in NAMES:
        open_stock(actor=city.office, content=content[name], quantity=Decimal(9), at=minute(0))

    def count(names: list[str], left: int) -> None:
        lines = [Counted(content[name], Decimal(left)) for name in names]
        assert take_stock(actor=city.office, lines=lines, at=minute(1)) == (0, len(NAMES))

    both_ways(count)
    assert Supply.objects.values_list("quantity", flat=True).distinct().count() == 1
    assert AuditEntry.objects.filter(action="supply.counted").count() == 2 * len(NAMES)


def test_two_sheets_of_the_same_list(city: City) -> None:
    RescueTeam.objects.bulk_create(RescueTeam(unit=city.street, name=name, strength=9) for name in NAMES)
    header = [column.label for column in REGISTERS["teams"].columns]

    def hand_in(names: list[str], strength: int) -> None:
        client = Client()
        client.force_login(city.office)
        rows = [(name, "柳河街道", Decimal(strength), "", "", "", "") for name in names]
        file = SimpleUploadedFile("表.xlsx", workbook_of("表", header, rows))
        answer = client.post("/flood/resources/teams/import/", {"file": file}, follow=True)
        assert f"修改 {len(NAMES)} 条" in answer.content.decode()

    both_ways(hand_in)
    assert RescueTeam.objects.values_list("strength", flat=True).distinct().count() == 1
    assert AuditEntry.objects.filter(action="rescueteam.change").count() == 2 * len(NAMES)


def test_two_rosters_of_the_same_units(city: City) -> None:
    units = [city.street, city.bureau]

    def enter(names: list[str], number: int) -> None:
        entries = {
            (NEXT + timedelta(days=place), "officer"): OnDuty(f"{name}之{number}")
            for place, name in enumerate(["林甲", "林乙"])
        }
        ordered = units if names == NAMES else units[::-1]
        rosters = dict.fromkeys(ordered, entries)
        assert save_rosters(actor=city.office, rosters=rosters, at=TEN) == 4

    with time_machine.travel(TEN, tick=False):
        enter(NAMES, 0)
        both_ways(enter)
    assert {name[-1] for name in DutyShift.objects.values_list("name", flat=True)} in ({"1"}, {"2"})
    assert AuditEntry.objects.filter(action="roster.save").count() == 6
