"""Warnings (预警) before a response: taken in, assessed, issued to those concerned, lifted.

Each step claims the row in the state before it, so of two people pressing at
once one is told what the other did. A warning expires by itself when its time
is over; the office is told at that moment.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from floodresponse.models import FloodWarning
from floodresponse.services.obligations import require_office
from floodresponse.services.reminders import recipients_for
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import Department, User
from organizations.permissions import require

State = FloodWarning.State
SUBMIT, HANDLE = "floodresponse.submit_warning", "floodresponse.handle_warning"
LONGEST_TEXT, LONGEST_NOTE, LONGEST_REASON = 5000, 500, 300
SHORTEST_NOTE = 4
DRILL = "【演练】"


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningContent:
    """A warning as its issuer sent it; ``key`` makes one form one warning."""

    issuer: Department
    kind: str
    colour: int
    text: str
    valid_from: datetime
    valid_to: datetime
    exercise: bool = False
    key: uuid.UUID


@transaction.atomic
def receive_warning(*, actor: User, at: datetime, content: WarningContent) -> FloodWarning:
    """Take in a warning and tell the office; the same form twice is one warning.

    A unit hands in its own, the office those of every issuer. Raises
    InvalidInput for one that says nothing or is over already.
    """
    require(actor, SUBMIT, "登记预警")
    if not acts_for(actor, content.issuer):
        raise PermissionRefused(f"您不能代{content.issuer}登记预警，只能登记本单位的预警。")
    _check(content, at)
    known = FloodWarning.objects.filter(key=content.key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            warning = FloodWarning.objects.create(
                issuer=content.issuer,
                kind=content.kind,
                colour=content.colour,
                text=content.text.strip(),
                valid_from=content.valid_from,
                valid_to=content.valid_to,
                exercise=content.exercise,
                key=content.key,
                received_at=at,
                received_by=actor,
            )
    except IntegrityError:
        return FloodWarning.objects.get(key=content.key)
    record_change(actor=actor, action="flood_warning.receive", target=warning, at=at, after=_facts(warning))
    _tell(warning, "received", recipients_for([]).office, at, f"收到{_name(warning)}，请研判")
    return warning


def _check(content: WarningContent, at: datetime) -> None:
    faults = {}
    if not content.text.strip() or len(content.text) > LONGEST_TEXT:
        faults["text"] = f"请填写预警内容（不超过 {LONGEST_TEXT} 字）。"
    if content.kind not in FloodWarning.Kind.values:
        faults["kind"] = "请选择类别。"
    if content.colour not in FloodWarning.Colour.values:
        faults["colour"] = "请选择预警颜色。"
    if content.valid_to <= content.valid_from:
        faults["valid_to"] = "终止时间应晚于起始时间。"
    elif content.valid_to <= at:
        faults["valid_to"] = "这份预警已经过期，请核对终止时间。"
    if faults:
        fields = {name: [sentence] for name, sentence in faults.items()}
        raise InvalidInput("".join(faults.values()), fields=fields)


@transaction.atomic
def assess_warning(
    *, actor: User, at: datetime, warning: FloodWarning, issue: bool, note: str
) -> FloodWarning:
    """Decide whether it goes out, with a note; only what waits can be assessed."""
    _require_handling(actor, "研判预警")
    checked = _sentence(note, "note", "研判意见", LONGEST_NOTE)
    move = {
        "state": State.APPROVED if issue else State.DECLINED,
        "assessed_at": at,
        "assessed_by": actor,
        "assessment": checked,
    }
    return _move(actor, at, warning, State.RECEIVED, move, "flood_warning.assess", reason=checked)


@transaction.atomic
def issue_warning(
    *, actor: User, at: datetime, warning: FloodWarning, units: Iterable[Department]
) -> FloodWarning:
    """Send it to the officers of the units, the office and the commanders; of a drill to the latter alone.

    Raises StateConflict when it is not approved or its time is over.
    """
    _require_handling(actor, "发布预警")
    chosen = list(units)
    if not chosen:
        raise InvalidInput("请选择发布范围。", fields={"units": ["请至少选择一个单位。"]})
    if warning.valid_to <= at:
        raise StateConflict(f"{_name(warning)}已经过期，没有发布。请另行登记新的预警。")
    move = {"state": State.ISSUED, "issued_at": at, "issued_by": actor}
    issued = _move(
        actor, at, warning, State.APPROVED, move, "flood_warning.issue", units=[unit.name for unit in chosen]
    )
    issued.units.set(chosen)
    people = _concerned(issued)
    _tell(issued, "issued", people, at, f"{_name(issued)}：{_span(issued)}")
    office = recipients_for([]).office
    _tell(issued, "expired", office, issued.valid_to, f"{_name(issued)}已到期，请研判是否需要新的预警", at=at)
    return issued


@transaction.atomic
def lift_warning(*, actor: User, at: datetime, warning: FloodWarning, reason: str) -> FloodWarning:
    """Lift it before its time is over, and tell whoever had it."""
    _require_handling(actor, "解除预警")
    checked = _sentence(reason, "reason", "解除原因", LONGEST_REASON)
    if warning.state == State.ISSUED and warning.valid_to <= at:
        raise StateConflict(
            f"{_name(warning)}已于 {timezone.localtime(warning.valid_to):%m月%d日 %H:%M} 到期，无需解除。"
        )
    move = {"state": State.LIFTED, "lifted_at": at, "lifted_by": actor, "lift_reason": checked}
    lifted = _move(actor, at, warning, State.ISSUED, move, "flood_warning.lift", reason=checked)
    cancel_messages(about=_about(lifted), at=at, why="预警已解除")
    _tell(lifted, "lifted", _concerned(lifted), at, f"解除{_name(lifted)}", body=f"解除原因：{checked}")
    return lifted


def _require_handling(actor: User, what: str) -> None:
    require(actor, HANDLE, what)
    require_office(actor, what)


def _sentence(text: str, field: str, what: str, longest: int) -> str:
    stripped = text.strip()
    if not SHORTEST_NOTE <= len(stripped) <= longest:
        sentence = f"请填写{what}（{SHORTEST_NOTE} 至 {longest} 字）。"
        raise InvalidInput(sentence, fields={field: [sentence]})
    return stripped


def _move(
    actor: User,
    at: datetime,
    warning: FloodWarning,
    old: str,
    move: Mapping[str, object],
    action: str,
    *,
    reason: str = "",
    units: Sequence[str] = (),
) -> FloodWarning:
    """Claim the row in its old state and put the change on record."""
    if not FloodWarning.objects.filter(pk=warning.pk, state=old).update(**move):
        warning.refresh_from_db()
        raise StateConflict(f"这份预警现在是“{warning.get_state_display()}”，没有重复办理。请刷新页面。")
    warning.refresh_from_db()
    after = {
        "state": warning.state,
        "exercise": warning.exercise,
        **({"units": list(units)} if units else {}),
    }
    record_change(
        actor=actor, action=action, target=warning, at=at, before={"state": old}, after=after, reason=reason
    )
    return warning


def _concerned(warning: FloodWarning) -> list[User]:
    """Officers of the units with office and commanders; in a drill office and commanders alone."""
    units = [] if warning.exercise else list(warning.units.values_list("pk", flat=True))
    people = recipients_for(units)
    officers = [user for unit in units for user in people.officers.get(unit, [])]
    found = {user.pk: user for user in (*officers, *people.office, *people.commanders)}
    return [found[pk] for pk in sorted(found)]


def _tell(
    warning: FloodWarning,
    tier: str,
    people: Iterable[User],
    moment: datetime,
    subject: str,
    *,
    body: str = "",
    at: datetime | None = None,
) -> None:
    """Queue a message about the warning for a moment; flood messages know no quiet hours."""
    queue_messages(
        drafts=[
            Draft(
                about=_about(warning),
                tier=tier,
                recipient=user,
                topic=Topic.FLOOD,
                subject=f"{DRILL if warning.exercise else ''}{subject}",
                body=body or f"{warning.issuer}：{warning.text}",
                url=warning.get_absolute_url(),
                not_before=moment,
                urgent=True,
                exercise=warning.exercise,
            )
            for user in people
        ],
        at=at or moment,
    )


def _about(warning: FloodWarning) -> str:
    return f"flood-warning:{warning.pk}"


def _name(warning: FloodWarning) -> str:
    return f"{warning.get_kind_display()}{warning.get_colour_display()}预警"


def _span(warning: FloodWarning) -> str:
    begins, ends = (timezone.localtime(moment) for moment in (warning.valid_from, warning.valid_to))
    return f"{begins:%m月%d日 %H:%M} 至 {ends:%m月%d日 %H:%M}"


def _facts(warning: FloodWarning) -> dict[str, object]:
    return {
        "issuer": warning.issuer.name,
        "kind": warning.kind,
        "colour": warning.colour,
        "valid_from": warning.valid_from,
        "valid_to": warning.valid_to,
        "exercise": warning.exercise,
    }
