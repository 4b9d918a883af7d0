"""A filled-in sheet of stocks: new ones are opened, known ones are put right by what was counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from floodresponse.models import Supply, SupplyMove
from floodresponse.services.supplies import SupplyContent, change_keeper, move_supply, open_stock
from foundation.errors import InvalidInput
from organizations.models import User

REASON = "按表格盘点"


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of the sheet."""

    content: SupplyContent
    quantity: Decimal


@transaction.atomic
def take_stock(*, actor: User, lines: Iterable[Counted], at: datetime) -> tuple[int, int]:
    """All lines or none; returns how many stocks are new and how many were put right."""
    opened = corrected = 0
    for line in lines:
        content = line.content
        known = Supply.objects.filter(unit=content.unit, name=content.name, place=content.place)
        supply = known.select_related("unit").first()
        if supply is None:
            open_stock(actor=actor, content=content, quantity=line.quantity, at=at)
            opened += 1
            continue
        _check_measure(supply, content)
        if supply.quantity != line.quantity:
            kind, quantity = SupplyMove.Kind.COUNTED, line.quantity
            move_supply(actor=actor, supply=supply, kind=kind, quantity=quantity, reason=REASON, at=at)
            corrected += 1
        change_keeper(actor=actor, supply=supply, keeper=content.keeper, phone=content.phone, at=at)
    return opened, corrected


def _check_measure(supply: Supply, content: SupplyContent) -> None:
    if supply.measure != content.measure:
        raise InvalidInput(
            f"{supply} 以“{supply.measure}”计量，表格里是“{content.measure}”，没有写入任何内容。"
        )
