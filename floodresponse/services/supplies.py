"""Supplies come in, go out, are counted and handed over; never below zero, each move on record."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from floodresponse.models import Supply, SupplyMove
from floodresponse.services.resources import PERMISSION, masked
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require

Kind = SupplyMove.Kind
MOST = Decimal(10) ** 9
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyContent:
    """A stock before it is a row."""

    unit: Department
    name: str
    measure: str
    place: str = ""
    keeper: str = ""
    phone: str = ""


def _require_keeping(actor: User, unit: Department, what: str) -> None:
    require(actor, PERMISSION, what)
    if not acts_for(actor, unit):
        raise PermissionRefused(f"{unit.name}的物资由该单位或防涝办登记，您不能{what}。")


@transaction.atomic
def open_stock(*, actor: User, content: SupplyContent, quantity: Decimal, at: datetime) -> Supply:
    """Begin to keep an article at a place; what is there comes in as the first move."""
    _require_keeping(actor, content.unit, "登记物资")
    if not content.name.strip() or not content.measure.strip():
        raise InvalidInput("请填写物资名称和计量单位。", fields={"name": ["请填写。"]})
    _check(quantity, zero=True)
    supply = _new_stock(actor, content, at)
    if quantity:
        _book(actor, supply, Kind.IN, quantity, "初始登记", at)
    return supply


def _new_stock(actor: User, content: SupplyContent, at: datetime) -> Supply:
    try:
        with transaction.atomic():
            supply = Supply.objects.create(
                unit=content.unit,
                name=content.name.strip(),
                place=content.place.strip(),
                measure=content.measure.strip(),
                keeper=content.keeper.strip(),
                phone=content.phone.strip(),
            )
    except IntegrityError:
        raise StateConflict(f"{content.unit.name}在该地点已登记{content.name}，请在原条目上入库。") from None
    after = {"unit": supply.unit.name, "name": supply.name, "place": supply.place, "measure": supply.measure}
    record_change(actor=actor, action="supply.open", target=supply, at=at, after=after)
    return supply


@transaction.atomic
def move_supply(
    *, actor: User, supply: Supply, kind: str, quantity: Decimal, reason: str, at: datetime
) -> SupplyMove:
    """Bring in, take out, or put right after counting (``quantity`` is then what was counted)."""
    _require_keeping(actor, supply.unit, "办理物资出入库")
    if kind not in {Kind.IN, Kind.OUT, Kind.COUNTED}:
        raise InvalidInput("请选择入库、出库或盘点。", fields={"kind": ["请选择。"]})
    _check(quantity, zero=kind == Kind.COUNTED)
    _check_reason(reason)
    locked = _locked(supply)
    change = {Kind.IN: quantity, Kind.OUT: -quantity, Kind.COUNTED: quantity - locked.quantity}[Kind(kind)]
    return _book(actor, locked, Kind(kind), change, reason, at)


@transaction.atomic
def transfer_supply(
    *,
    actor: User,
    supply: Supply,
    unit: Department,
    place: str,
    quantity: Decimal,
    reason: str,
    at: datetime,
) -> tuple[SupplyMove, SupplyMove]:
    """Hand over to another unit or place: out of one stock, into the other, or neither."""
    _require_keeping(actor, supply.unit, "调拨物资")
    _check(quantity, zero=False)
    _check_reason(reason)
    content = SupplyContent(unit=unit, name=supply.name, place=place, measure=supply.measure)
    known = Supply.objects.filter(unit=unit, name=supply.name, place=place.strip()).first()
    if known is not None and known.pk == supply.pk:
        raise InvalidInput("调出和调入是同一处库存，请另选单位或地点。", fields={"place": ["同一处。"]})
    to = known or _new_stock(actor, content, at)
    if to.measure != supply.measure:
        raise InvalidInput(
            f"对方以“{to.measure}”计量，此处以“{supply.measure}”计量，不能直接调拨。",
            fields={"unit": ["计量单位不同。"]},
        )
    # Always in the same order, so that two transfers in opposite directions do not wait for each other.
    locked = {stock.pk: stock for stock in map(_locked, sorted((supply, to), key=lambda stock: stock.pk))}
    out, into = locked[supply.pk], locked[to.pk]
    return (
        _book(actor, out, Kind.SENT, -quantity, reason, at, other=into),
        _book(actor, into, Kind.RECEIVED, quantity, reason, at, other=out),
    )


@transaction.atomic
def change_keeper(*, actor: User, supply: Supply, keeper: str, phone: str, at: datetime) -> Supply:
    """Name another person to ask."""
    _require_keeping(actor, supply.unit, "修改保管人")
    locked = _locked(supply)
    before = {"keeper": locked.keeper, "phone": locked.phone}
    after = {"keeper": keeper.strip(), "phone": phone.strip()}
    if before != after:
        Supply.objects.filter(pk=locked.pk).update(**after)
        record_change(
            actor=actor,
            action="supply.change_keeper",
            target=locked,
            at=at,
            before=before | {"phone": masked(before["phone"])},
            after=after | {"phone": masked(after["phone"])},
        )
    return locked


def _locked(supply: Supply) -> Supply:
    return Supply.objects.select_for_update(of=("self",)).select_related("unit").get(pk=supply.pk)


def _check(quantity: Decimal, *, zero: bool) -> None:
    fits = quantity.is_finite() and Decimal(0) <= quantity < MOST and quantity == quantity.quantize(CENT)
    if not fits or (not zero and not quantity):
        least = "不小于 0" if zero else "大于 0"
        sentence = f"数量应{least}，最多两位小数。"
        raise InvalidInput(sentence, fields={"quantity": [sentence]})


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("请写明事由。", fields={"reason": ["请写明事由。"]})


def _book(
    actor: User,
    supply: Supply,
    kind: SupplyMove.Kind,
    change: Decimal,
    reason: str,
    at: datetime,
    other: Supply | None = None,
) -> SupplyMove:
    """One move of a stock that is locked; the stock has to be as it was read."""
    after = supply.quantity + change
    if after < 0:
        raise InvalidInput(
            f"{supply.name}结存只有 {supply.quantity.normalize():f} {supply.measure}，不够。",
            fields={"quantity": ["超过结存。"]},
        )
    if Supply.objects.filter(pk=supply.pk, quantity=supply.quantity).update(quantity=after) != 1:
        raise StateConflict("这处库存刚刚有别的出入，请刷新页面后再办。")
    supply.quantity = after
    move = SupplyMove.objects.create(
        supply=supply,
        kind=kind,
        change=change,
        after=after,
        other=other,
        reason=reason.strip()[:200],
        at=at,
        by=actor,
    )
    record_change(
        actor=actor,
        action=f"supply.{kind.value}",
        target=supply,
        at=at,
        before={"quantity": after - change},
        after={"quantity": after, "other": str(other or "")},
        reason=move.reason,
    )
    return move
