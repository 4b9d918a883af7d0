"""Writing the duty roster: a unit enters its days, the person on duty signs in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from floodresponse.models import DutyShift, DutySwap
from floodresponse.roster import days
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, RoleAssignment, User
from organizations.permissions import require

PHONE = re.compile(r"[0-9+（）() \-转]{0,40}")
LONGEST_NAME, MOST_NAMED = 40, 5
# A person of a day and role, or None: nobody.
Slot = tuple[date, str]


class StaleRoster(StateConflict):
    """Places were changed after the page was opened; ``stored`` says who is there now."""

    def __init__(self, stored: Mapping[Slot, str]) -> None:
        told = "、".join(
            f"{_words(slot)}现为“{text}”" if text else f"{_words(slot)}现为空缺"
            for slot, text in list(stored.items())[:MOST_NAMED]
        )
        more = f"等 {len(stored)} 处" if len(stored) > MOST_NAMED else ""
        super().__init__(
            f"您打开页面后，值班表已有改动（如换班）：{told}{more}。"
            "没有保存任何改动，您填写的内容还在，请核对后再保存。"
        )
        self.stored = stored


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Whom to call; without a number the last one known of the name in the unit is taken."""

    name: str
    phone: str = ""


def require_keeping(actor: User, unit: Department, what: str) -> None:
    """Refuse whoever does not keep the roster of the unit."""
    require(actor, "floodresponse.keep_roster", what)
    if not acts_for(actor, unit):
        raise PermissionRefused(f"您不能{what}：{unit.name}的值班表由该单位或防涝办办理。")


@transaction.atomic
def save_roster(
    *,
    actor: User,
    unit: Department,
    entries: Mapping[Slot, OnDuty | None],
    at: datetime,
    reason: str = "",
    seen: Mapping[Slot, str] | None = None,
) -> int:
    """Enter, replace or clear people of a unit; returns how many places changed.

    What has not changed is left alone. A shift that is over stays as it was; one
    that is running changes with a reason, and the new person signs in anew.
    ``seen`` is what the page showed (as ``shown_in`` writes it); raises StaleRoster,
    and writes nothing, where somebody else is in a changed place by now.
    """
    require_keeping(actor, unit, "登记值班表")
    # The unit first: a place where nobody is entered has no row to lock.
    Department.objects.select_for_update().get(pk=unit.pk)
    known = {(shift.day, shift.role): shift for shift in _shifts(unit, entries)}
    wanted = _with_numbers(unit, {slot: _checked(slot, entry) for slot, entry in entries.items()})
    changed = {slot: entry for slot, entry in wanted.items() if _differs(known.get(slot), entry)}
    if not changed:
        return 0
    _refuse_stale(changed, known, seen)
    _refuse_past_and_running(changed, at, reason)
    before = {_words(slot): _told(known.get(slot)) for slot in changed}
    accounts = accounts_of(unit)
    for slot, entry in changed.items():
        _write(unit, slot, known.get(slot), entry, accounts, at)
    record_change(
        actor=actor,
        action="roster.save",
        target=unit,
        at=at,
        before=before,
        after={_words(slot): _named(e.name, e.phone) if e else "" for slot, e in changed.items()},
        reason=reason.strip(),
    )
    return len(changed)


@transaction.atomic
def save_rosters(
    *,
    actor: User,
    rosters: Mapping[Department, Mapping[Slot, OnDuty | None]],
    at: datetime,
    reason: str = "",
) -> int:
    """Several units at once, all or nothing; returns how many places changed.

    All rows are locked before the first is written: whoever waits for the audit
    log of this transaction must not hold a row that it still needs.
    """
    for unit in rosters:
        require_keeping(actor, unit, "登记值班表")
    units = Department.objects.filter(pk__in=[unit.pk for unit in rosters])
    list(units.select_for_update().order_by("pk"))
    asked = {day for entries in rosters.values() for day, _ in entries}
    list(_locked(DutyShift.objects.filter(unit__in=units.values("pk"), day__in=asked)))
    return sum(
        save_roster(actor=actor, unit=unit, entries=entries, at=at, reason=reason)
        for unit, entries in rosters.items()
    )


def shown_in(shift: DutyShift | None) -> str:
    """The line of text that a place has in the form; empty for nobody."""
    return " ".join(f"{shift.name} {shift.phone}".split()) if shift else ""


def _shifts(unit: Department, entries: Mapping[Slot, OnDuty | None]) -> list[DutyShift]:
    asked = {day for day, _ in entries}
    return list(_locked(DutyShift.objects.filter(unit=unit, day__in=asked)))


def _locked(shifts: QuerySet[DutyShift]) -> QuerySet[DutyShift]:
    """In the order in which swaps lock them too."""
    return shifts.select_for_update().order_by("pk")


def _refuse_stale(
    changed: Iterable[Slot], known: Mapping[Slot, DutyShift], seen: Mapping[Slot, str] | None
) -> None:
    if seen is None:
        return
    stored = {slot: shown_in(known.get(slot)) for slot in changed}
    stale = {slot: text for slot, text in stored.items() if text != seen.get(slot, "")}
    if stale:
        raise StaleRoster(stale)


def _checked(slot: Slot, entry: OnDuty | None) -> OnDuty | None:
    name = " ".join(entry.name.split()) if entry else ""
    if entry is None or not name:
        return None
    phone = " ".join(entry.phone.split())
    if len(name) > LONGEST_NAME or not PHONE.fullmatch(phone):
        sentence = f"{_words(slot)}：姓名不超过 40 字，电话只写数字、空格、短横和“转”。"
        raise InvalidInput(sentence, fields={"entries": [sentence]})
    return OnDuty(name, phone)


def _with_numbers(unit: Department, wanted: Mapping[Slot, OnDuty | None]) -> dict[Slot, OnDuty | None]:
    """Names without a number get the one given beside, else the last known of the unit."""
    names = {entry.name for entry in wanted.values() if entry and not entry.phone}
    earlier = DutyShift.objects.filter(unit=unit, name__in=names).exclude(phone="").order_by("day")
    numbers = dict(earlier.values_list("name", "phone"))
    numbers |= {entry.name: entry.phone for entry in wanted.values() if entry and entry.phone}
    return {
        slot: OnDuty(entry.name, entry.phone or numbers.get(entry.name, "")) if entry else None
        for slot, entry in wanted.items()
    }


def _differs(shift: DutyShift | None, entry: OnDuty | None) -> bool:
    if shift is None or entry is None:
        return (shift is None) != (entry is None)
    return (shift.name, shift.phone) != (entry.name, entry.phone)


def _refuse_past_and_running(changed: Mapping[Slot, OnDuty | None], at: datetime, reason: str) -> None:
    local = timezone.localtime(at)
    today = days.duty_day(local)
    past = sorted({day for day, _ in changed if day < today})
    if past:
        named = "、".join(f"{day:%m月%d日}" for day in past[:5])
        raise InvalidInput(f"{named}的值班已经结束，不能再改。", fields={"entries": ["已结束的值班不能改。"]})
    if any(day == today for day, _ in changed) and not reason.strip():
        raise InvalidInput(
            "今天的值班正在进行，改动须写明理由，请填写后再保存。", fields={"reason": ["请填写理由。"]}
        )


def accounts_of(unit: Department) -> dict[str, User]:
    """The unit's people by the name they show; a name that two bear stands for neither."""
    held = RoleAssignment.objects.filter(department=unit, user__is_active=True).select_related("user")
    people = {row.user.pk: row.user for row in held}.values()
    names = [str(user) for user in people]
    return {str(user): user for user in people if names.count(str(user)) == 1}


def _write(
    unit: Department,
    slot: Slot,
    shift: DutyShift | None,
    entry: OnDuty | None,
    accounts: Mapping[str, User],
    at: datetime,
) -> None:
    if shift is not None:
        _withdraw_swaps(shift, at)
    if entry is None:
        _clear(shift)
        return
    values = {"name": entry.name, "phone": entry.phone, "user": accounts.get(entry.name), "entered_at": at}
    if shift is None:
        DutyShift.objects.create(unit=unit, day=slot[0], role=slot[1], **values)
        return
    if shift.name != entry.name:
        values |= {"signed_in_at": None, "signed_in_by": None}
    DutyShift.objects.filter(pk=shift.pk).update(**values)


def _withdraw_swaps(shift: DutyShift, at: datetime) -> None:
    """A swap that waits for an answer rests on people who are no longer there."""
    waiting = DutySwap.objects.asked().filter(Q(shift=shift) | Q(other=shift))
    waiting.update(state=DutySwap.State.WITHDRAWN, answered_at=at, answer_note="值班表已改动")


def _clear(shift: DutyShift | None) -> None:
    if shift is None:
        return
    if DutySwap.objects.filter(Q(shift=shift) | Q(other=shift)).exists():
        raise StateConflict(f"{_words((shift.day, shift.role))}有换班记录，不能清空，请改填别的人员。")
    shift.delete()


def _words(slot: Slot) -> str:
    return f"{slot[0]:%Y-%m-%d} {DutyShift.Role(slot[1]).label}"


def _told(shift: DutyShift | None) -> str:
    if shift is None:
        return ""
    signed = f"（{timezone.localtime(shift.signed_in_at):%H:%M} 签到）" if shift.signed_in_at else ""
    return _named(shift.name, shift.phone) + signed


def _named(name: str, phone: str) -> str:
    """For the audit log, whose readers need no numbers: the last two figures tell two apart."""
    return f"{name} …{phone[-2:]}" if phone else name


@transaction.atomic
def sign_in(*, actor: User, shift: DutyShift, at: datetime) -> DutyShift:
    """The person on duty, or the unit for somebody without an account, says: I am here (签到)."""
    if shift.user_id != actor.pk:
        require_keeping(actor, shift.unit, "代为签到值班表")
    local = timezone.localtime(at)
    if not days.may_sign_in(shift.day, local, timezone.get_current_timezone()):
        raise StateConflict("现在不在这一班的签到时间内：交接班前 30 分钟起至下一班接班前可以签到。")
    claimed = DutyShift.objects.filter(pk=shift.pk, name=shift.name, signed_in_at=None)
    if claimed.update(signed_in_at=at, signed_in_by=actor) != 1:
        raise StateConflict("这一班已经签到或已换人，请刷新页面查看。")
    shift.refresh_from_db()
    record_change(actor=actor, action="roster.sign_in", target=shift, at=at, after={"name": shift.name})
    return shift
