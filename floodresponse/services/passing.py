"""Verifying an incident and passing it up (核实上报) to party committee and government, with copies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from floodresponse.models import Incident, PassingUp
from floodresponse.services.announcing import ABOVE, DRILL
from floodresponse.services.obligations import require_office
from floodresponse.services.reminders import recipients_for
from floodresponse.services.reports import latest_figures
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import Department, User

LONGEST_TEXT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingContent:
    """What is passed up; ``seen`` is the key of the last report that the person read, None for none."""

    text: str
    seen: int | None = None
    copies: Sequence[Department] = field(default_factory=tuple)


@transaction.atomic
def pass_up(*, actor: User, incident: Incident, content: PassingContent, at: datetime) -> PassingUp:
    """Keep what the office verified and tell those above and those copied; a drill stays inside the post.

    Raises StateConflict when a report came in that the person has not read, or
    when this very report was passed up before with the same words.
    """
    require_office(actor, "核实上报")
    text = content.text.strip()
    if not text:
        raise InvalidInput("请写明上报内容。", fields={"text": ["请写明上报内容。"]})
    locked = Incident.objects.select_for_update(of=("self",)).select_related("unit").get(pk=incident.pk)
    last = locked.reports.order_by("-pk").first()
    if (last.pk if last else None) != content.seen:
        raise StateConflict("刚刚收到新的报告，请看过后再上报。本页已更新，您写的内容还在。")
    before = locked.passings_up.order_by("-number").first()
    if before is not None and (before.report_id, before.text) == (content.seen, text):
        raise StateConflict(f"同样的内容已由{before.passed_by}作为第 {before.number} 次上报，无需重复。")
    passed = PassingUp.objects.create(
        incident=locked,
        number=before.number + 1 if before else 1,
        report=last,
        text=text[:LONGEST_TEXT],
        figures=latest_figures(locked),
        passed_at=at,
        passed_by=actor,
    )
    passed.copies.set(content.copies)
    after = {
        "number": passed.number,
        "report": content.seen,
        "copies": [unit.name for unit in content.copies],
        "exercise": locked.exercise,
    }
    record_change(actor=actor, action="incident.pass_up", target=locked, at=at, after=after)
    _tell(passed, [*units_above(), *content.copies], at)
    return passed


def units_above() -> list[Department]:
    """The offices of the party committee and of the government."""
    return list(Department.objects.filter(name__in=ABOVE).order_by("order", "name"))


def without_officers(units: Sequence[Department]) -> list[Department]:
    """Units that no message reaches: somebody has to call them."""
    officers = recipients_for(unit.pk for unit in units).officers
    return [unit for unit in units if unit.pk not in officers]


def _tell(passed: PassingUp, units: Sequence[Department], at: datetime) -> None:
    incident = passed.incident
    people = recipients_for(unit.pk for unit in units)
    told: list[User] = [user for unit in units for user in people.officers.get(unit.pk, [])]
    if incident.exercise:
        told = [*people.office, *people.commanders]
    drill = DRILL if incident.exercise else ""
    queue_messages(
        drafts=[
            Draft(
                about=f"flood-incident:{incident.pk}",
                tier=f"passed-up-{passed.number}",
                recipient=user,
                topic=Topic.FLOOD,
                subject=f"{drill}防涝办上报（第 {passed.number} 次）：{incident}",
                body=f"{drill}{passed.text}",
                not_before=at,
                urgent=True,
                exercise=incident.exercise,
            )
            for user in {user.pk: user for user in told}.values()
        ],
        at=at,
    )
