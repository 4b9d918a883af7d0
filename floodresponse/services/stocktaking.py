"""A filled-in sheet of stocks: new ones are opened, known ones are put right by what was counted."""

from collections.abc import Iterable, Sequence
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
    counted = list(lines)
    known = _locked(counted)
    opened = corrected = 0
    for line in counted:
        content = line.content
        supply = known.get((content.unit.pk, content.name, content.place))
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


def _locked(lines: Sequence[Counted]) -> dict[tuple[int, str, str], Supply]:
    """The stocks of the sheet by unit, name and place, all locked before the first is written.

    Whoever waits for the audit log of this transaction must not hold a row that it still needs.
    """
    units = {line.content.unit.pk for line in lines}
    names = {line.content.name for line in lines}
    rows = Supply.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(unit__in=units, name__in=names).order_by("pk")
    return {(supply.unit_id, supply.name, supply.place): supply for supply in found}


def _check_measure(supply: Supply, content: SupplyContent) -> None:
    if supply.measure != content.measure:
        raise InvalidInput(
            f"{supply} 以“{supply.measure}”计量，表格里是“{content.measure}”，没有写入任何内容。"
        )
