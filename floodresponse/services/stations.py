"""Registering and changing stations, and confirming signs on the ground."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from floodresponse.models import SignObservation, Station
from floodresponse.observed import SIGN_CODES
from floodresponse.ownstations import require_own
from floodresponse.seen import refuse_stale
from floodresponse.standing import keeps_office, streets_bound_to
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require

PERMISSION = "floodresponse.change_station"
# Code and kind stay: readings rest on them.
CHANGEABLE = (
    "name", "is_urban", "is_low_spot", "street", "network", "interval_minutes", "longitude", "latitude",
    "is_active",
)  # fmt: skip
SHORTEST_REASON, LONGEST_REASON = 4, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContent:
    """A station before it is a row."""

    code: str
    name: str
    kind: str
    is_urban: bool = False
    is_low_spot: bool = False
    street: str = ""
    network: str = ""
    interval_minutes: int = 5
    longitude: Decimal | None = None
    latitude: Decimal | None = None


@transaction.atomic
def register_station(*, actor: User | None, at: datetime, content: StationContent) -> Station:
    """Register a station; only those marked 城区 or 低洼 count for the level.

    A unit's duty officer registers the own unit's. Raises StateConflict when the
    code is taken, also by somebody at the same moment.
    """
    require(actor, PERMISSION, "登记监测站点")
    require_own(actor, Station(**asdict(content)), "登记这个站点")
    if not content.code.strip() or content.kind not in Station.Kind.values:
        raise InvalidInput("站号不能为空，类别应为雨量站或积水点。", fields={"code": ["请核对站号和类别。"]})
    if Station.objects.filter(code=content.code).exists():
        raise _taken(content.code)
    try:
        with transaction.atomic():
            station = Station.objects.create(**asdict(content))
    except IntegrityError:
        raise _taken(content.code) from None
    record_change(actor=actor, action="flood_station.register", target=station, at=at, after=asdict(content))
    return station


def _taken(code: str) -> StateConflict:
    return StateConflict(f"站号“{code}”已经登记过了。")


@transaction.atomic
def change_station(
    *,
    actor: User | None,
    at: datetime,
    station: Station,
    changes: Mapping[str, Any],
    reason: str,
    seen: str | None = None,
) -> Station:
    """Change what is known of a station, with a reason: its marks decide whether the level rests on it.

    ``seen`` is the mark of the page that the changes were typed on; raises
    StalePage when somebody changed the station since.
    """
    require(actor, PERMISSION, "修改监测站点")
    why = reason.strip()
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        sentence = f"请写明修改理由（{SHORTEST_REASON} 至 {LONGEST_REASON} 字）。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    stored = Station.objects.select_for_update().get(pk=station.pk)
    before = {name: getattr(stored, name) for name in CHANGEABLE if name in changes}
    after = {name: changes[name] for name, value in before.items() if changes[name] != value}
    if not after:
        raise InvalidInput("没有改动任何内容。")
    refuse_stale(stored, {name: changes[name] for name in before}, seen)
    require_own(actor, stored, "修改这个站点")
    for name, value in after.items():
        setattr(stored, name, value)
    require_own(actor, stored, "把站点划给别的单位")
    stored.save(update_fields=list(after))
    record_change(
        actor=actor,
        action="flood_station.change",
        target=stored,
        at=at,
        before={name: before[name] for name in after},
        after=after,
        reason=why,
    )
    return stored


@transaction.atomic
def confirm_sign(
    *,
    actor: User,
    at: datetime,
    code: str,
    place: str,
    observed_at: datetime,
    note: str = "",
    street: Department | None = None,
) -> SignObservation:
    """Record a sign that the actor confirms as caused by waterlogging; it never sets the level.

    A street confirms in its own street, the office and the commander everywhere; of whoever has one
    street alone it is that one unless another is named.
    """
    require(actor, "floodresponse.enter_observations", "核实现场现象")
    if code not in SIGN_CODES:
        raise InvalidInput(f"现场现象（{code}）不是已知的代码。", fields={"code": ["请从列表中选择。"]})
    if not place.strip():
        raise InvalidInput("请写明地点。", fields={"place": ["请写明地点。"]})
    street = _own_street(actor, street)
    if observed_at > at:
        raise InvalidInput("发现时间在未来，请核对。", fields={"observed_at": ["不能晚于现在。"]})
    sign = SignObservation.objects.create(
        code=code,
        place=place.strip(),
        street=street,
        observed_at=observed_at,
        confirmed_by=actor,
        confirmed_at=at,
        note=note,
    )
    after = {"code": code, "place": sign.place, "street": str(street or ""), "observed_at": observed_at}
    record_change(actor=actor, action="flood_sign.confirm", target=sign, at=at, after=after)
    return sign


def _own_street(actor: User, street: Department | None) -> Department | None:
    bound = streets_bound_to(actor)
    if bound is None:
        return street
    if street is None and len(bound) == 1:
        return Department.objects.get(pk=next(iter(bound)))
    if street is None or street.pk not in bound:
        raise PermissionRefused(
            "您只能核实本街道的现场现象：别的街道的由所在街道、防涝办值班员和指挥长核实。请核对所在街道。"
        )
    return street


@transaction.atomic
def end_sign(*, actor: User, at: datetime, sign: SignObservation) -> None:
    """The sign is over, says who confirmed it or the office; StateConflict when that was recorded before."""
    require(actor, "floodresponse.enter_observations", "解除现场现象")
    if sign.confirmed_by_id != actor.pk and not keeps_office(actor):
        raise PermissionRefused(
            f"您没有权限解除这条现场现象：由核实人（{sign.confirmed_by}）、防涝办值班员和指挥长解除。"
        )
    if not SignObservation.objects.filter(pk=sign.pk, ended_at=None).update(ended_at=at):
        raise StateConflict("这条现场现象已经解除，请刷新页面。")
    record_change(actor=actor, action="flood_sign.end", target=sign, at=at, after={"ended_at": at})
