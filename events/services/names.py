"""Names that were corrected, carried into entries that stand: the printed forms stay."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from events.contents import read_event
from events.models import Event, EventDepartment, EventOfficial
from foundation.services.audit import record_change
from foundation.services.versions import keep_stored, keep_version
from organizations.models import Department, Person, User
from organizations.permissions import require

REASON = "名称更正回填"


@transaction.atomic
def carry_names_into_event(
    *,
    actor: User | None,
    at: datetime,
    event: Event,
    people: Mapping[int, Person],
    departments: Collection[Department] = (),
) -> bool:
    """Point lines of people (by their keys) at whom they mean now, and add departments that are mentioned.

    A line of somebody who stands in the entry already is merged into the other. Returns whether
    anything was changed; what somebody else did meanwhile stays.
    """
    require(actor, "organizations.change_names", REASON)
    locked = Event.objects.select_for_update().get(pk=event.pk)
    lines = list(locked.officials.filter(pk__in=people))
    before = read_event(locked)
    missing = [d for d in departments if d.name not in before["departments"]]
    if not missing and all(line.person_id == people[line.pk].pk for line in lines):
        return False
    keep_stored(at=at, record=locked, content=before)
    for line in lines:
        _point(line, people[line.pk])
    EventDepartment.objects.bulk_create(EventDepartment(event=locked, department=d) for d in missing)
    locked._change_reason = REASON  # type: ignore[attr-defined]  # read by django-simple-history
    locked.save()
    after = read_event(locked)
    keep_version(actor=actor, at=at, record=locked, content=after, reason=REASON)
    names = ("officials", "departments")
    record_change(
        actor=actor,
        action="event.names",
        target=locked,
        at=at,
        before={name: before[name] for name in names},
        after={name: after[name] for name in names},
        reason=REASON,
    )
    return True


def _point(line: EventOfficial, person: Person) -> None:
    others = EventOfficial.objects.filter(event=line.event_id, person=person).exclude(pk=line.pk)
    if others.exists():
        line.delete()
        return
    line.person = person
    line.save(update_fields=["person"])
