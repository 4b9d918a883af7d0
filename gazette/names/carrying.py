"""Carrying out what was chosen of the preview, record by record through the rooms' services."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from directives.services.names import carry_name_into_roster
from events.models import Event
from events.services.names import carry_names_into_event
from foundation.errors import InvalidInput
from gazette.names.planning import members_meant_otherwise, officials_meant_otherwise
from organizations.models import Department, Person, User
from organizations.permissions import require

# So many lines are carried out with one press: each record keeps a version of its text.
AT_ONCE = 200


def carry_people(*, actor: User, at: datetime, keys: Collection[str]) -> int:
    """Carry the chosen lines (``official:3``, ``member:7``); returns how many still differed."""
    require(actor, "organizations.change_names", "回填名称")
    _check(keys)
    done = 0
    lines: list[Any] = list(officials_meant_otherwise().filter(pk__in=_numbers(keys, "official")))
    members: list[Any] = list(members_meant_otherwise().filter(pk__in=_numbers(keys, "member")))
    people = Person.objects.in_bulk({line.meant for line in [*lines, *members]})
    by_event: dict[Event, dict[int, Person]] = defaultdict(dict)
    for line in lines:
        by_event[line.event][line.pk] = people[line.meant]
    for event, meant in by_event.items():
        done += len(meant) * carry_names_into_event(actor=actor, at=at, event=event, people=meant)
    for member in members:
        person = people[member.meant]
        done += carry_name_into_roster(actor=actor, at=at, member=member, person=person)
    return done


def carry_department(*, actor: User, at: datetime, department: Department, keys: Collection[str]) -> int:
    """File the chosen entries (``mention:5``) under the department; returns how many were not yet."""
    require(actor, "organizations.change_names", "回填名称")
    _check(keys)
    events = Event.objects.filter(pk__in=_numbers(keys, "mention"))
    return sum(
        carry_names_into_event(actor=actor, at=at, event=event, people={}, departments=[department])
        for event in events
    )


def _check(keys: Collection[str]) -> None:
    if not keys:
        raise InvalidInput("没有选中任何一条，未改动。请先勾选要回填的记录。")
    if len(keys) > AT_ONCE:
        raise InvalidInput(f"一次最多回填 {AT_ONCE} 条，未改动。请分次办理。")


def _numbers(keys: Collection[str], kind: str) -> list[int]:
    found = (key.removeprefix(f"{kind}:") for key in keys if key.startswith(f"{kind}:"))
    return [int(number) for number in found if number.isdecimal() and len(number) < 15]
