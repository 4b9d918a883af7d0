"""Entering what is kept at hand: teams, experts, key places, shelters, households, drills, minimums."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from floodresponse.models import Household
from floodresponse.seen import refuse_stale
from floodresponse.standing import acts_for, keeps_office
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require

PERMISSION = "floodresponse.keep_resources"
# The fields that may name whose it is; the first that is filled in decides.
OWNERS = ("unit", "street")
# Telephone numbers, and where people live who have to be moved: the audit log has other readers.
KEPT = 2
PRIVATE = frozenset({"phone", "helper_phone"})
HOUSEHOLD_PRIVATE = frozenset({"head", "address", "in_need", "helper"})


def masked(number: str) -> str:
    """A telephone number for the audit log: its last figures tell two apart."""
    return f"…{number[-KEPT:]}" if number else ""


def owner_of(record: models.Model) -> Department | None:
    """Whose record it is; nobody's is the office's."""
    return next((owner for name in OWNERS if (owner := getattr(record, name, None))), None)


def may_keep(actor: User, record: models.Model) -> bool:
    """Whether the person keeps this record: the office all, a unit its own."""
    owner = owner_of(record)
    return actor.has_perm(PERMISSION) and (acts_for(actor, owner) if owner else keeps_office(actor))


def require_keeping_of(actor: User, record: models.Model) -> None:
    """Refuse whoever does not keep this record."""
    kind = record._meta.verbose_name
    require(actor, PERMISSION, f"登记{kind}")
    if not may_keep(actor, record):
        whose = owner_of(record)
        told = f"{whose.name}的{kind}由该单位或防涝办登记" if whose else f"不属于某单位的{kind}由防涝办登记"
        raise PermissionRefused(f"{told}，您不能办理。")


@transaction.atomic
def add_resource(*, actor: User, record: models.Model, at: datetime) -> models.Model:
    """Keep a new record that a form has checked."""
    require_keeping_of(actor, record)
    _save(record)
    kind = record._meta.model_name
    record_change(actor=actor, action=f"{kind}.add", target=record, at=at, after=values_of(record))
    return record


@transaction.atomic
def change_resource(
    *,
    actor: User,
    record: models.Model,
    values: Mapping[str, Any],
    at: datetime,
    reason: str = "",
    seen: str | None = None,
) -> bool:
    """Change fields of a record; False when nothing differs.

    Both the old and the new owner have to be units that the person acts for.
    ``seen`` is the mark of the page that the values were typed on; raises
    StalePage when somebody changed the record since.
    """
    stored: Any = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    require_keeping_of(actor, stored)
    before = {name: getattr(stored, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return False
    refuse_stale(stored, values, seen)
    for name, value in changed.items():
        setattr(stored, name, value)
    require_keeping_of(actor, stored)
    _save(stored)
    record_change(
        actor=actor,
        action=f"{record._meta.model_name}.change",
        target=stored,
        at=at,
        before=_plain(record, {name: before[name] for name in changed}),
        after=_plain(record, changed),
        reason=reason.strip(),
    )
    return True


def lock_resources(records: Iterable[models.Model]) -> None:
    """Lock stored records of one list, in one order, before the first of many is written.

    Whoever waits for the audit log of this transaction must not hold a row that it
    still needs. Belongs into the caller's transaction.
    """
    stored = list(records)
    if stored:
        rows = type(stored[0])._default_manager.select_for_update(of=("self",))
        list(rows.filter(pk__in=[record.pk for record in stored]).order_by("pk"))


@transaction.atomic
def remove_resource(*, actor: User, record: models.Model, reason: str, at: datetime) -> None:
    """Take a record off the list, with a reason; what others rest on stays."""
    require_keeping_of(actor, record)
    if not reason.strip():
        raise InvalidInput("请写明删除理由。", fields={"reason": ["请写明理由。"]})
    stored = type(record)._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if stored is None:
        raise StateConflict("这一条已经删除，请刷新页面。")
    record_change(
        actor=actor,
        action=f"{record._meta.model_name}.remove",
        target=stored,
        at=at,
        before=values_of(stored),
        reason=reason.strip(),
    )
    try:
        stored.delete()
    except ProtectedError:
        raise StateConflict("这一条已有记录引用（如转移记录），不能删除；不再使用的请改为不在册。") from None


def values_of(record: models.Model) -> dict[str, Any]:
    """The record as the audit log keeps it."""
    fields = record._meta.concrete_fields
    values = {field.name: getattr(record, field.name) for field in fields if not field.primary_key}
    return _plain(record, values)


def _plain(record: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """As text where they are records; of a number its end, which tells two apart, of a household nothing."""
    hidden = HOUSEHOLD_PRIVATE if isinstance(record, Household) else frozenset()
    plain: dict[str, Any] = {}
    for name, value in values.items():
        plain[name] = str(value) if isinstance(value, models.Model) else value
        if value and name in hidden:
            plain[name] = "（不记入审计）"
        elif value and name in PRIVATE:
            plain[name] = masked(value)
    return plain


def _save(record: models.Model) -> None:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        kind = record._meta.verbose_name
        raise StateConflict(f"同样的{kind}已经登记，或数字超出范围，请核对。") from None
