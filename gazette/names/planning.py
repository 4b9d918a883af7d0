"""What corrected names change in the records that stand: worked out anew each time, nothing is stored."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from directives.models import RosterMember
from events.models import Event, EventOfficial
from gazette.parser.departments import DepartmentNames
from gazette.services.vocabulary import current_vocabulary
from organizations.models import Department, PersonVariant


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the preview; ``key`` names it in what a person chooses."""

    key: str
    url: str
    record: str
    printed: str
    before: str
    after: str


def officials_meant_otherwise() -> QuerySet[EventOfficial]:
    """Lines of entries whose printed name, or whose person's name, is somebody else's variant."""
    rows = EventOfficial.objects.annotate(meant=_meant("printed_name", "person__name"))
    wrong = rows.filter(meant__isnull=False).exclude(person=F("meant"))
    return wrong.select_related("event", "person").order_by("-event__start_date", "pk")


def members_meant_otherwise() -> QuerySet[RosterMember]:
    """Lines of rosters whose printed name, or whose person's name, is somebody else's variant."""
    rows = RosterMember.objects.annotate(meant=_meant("printed_name", "person__name"))
    wrong = rows.filter(Q(person=None) | ~Q(person=F("meant")), meant__isnull=False)
    return wrong.select_related("roster__directive", "person").order_by("-pk")


def _meant(*fields: str) -> Coalesce:
    found = [PersonVariant.objects.filter(printed_name=OuterRef(field)).values("person") for field in fields]
    return Coalesce(*(Subquery(rows[:1]) for rows in found))


def change_of_official(line: Any, names: dict[int, str]) -> Change:
    """A line of an entry as the preview shows it."""
    event = line.event
    before, after = line.person.name, names[line.meant]
    return Change(
        f"official:{line.pk}", event.get_absolute_url(), str(event), line.printed_name, before, after
    )


def change_of_member(line: Any, names: dict[int, str]) -> Change:
    """A line of a roster as the preview shows it."""
    directive = line.roster.directive
    before = line.person.name if line.person else "未登记"
    return Change(
        f"member:{line.pk}",
        directive.get_absolute_url(),
        f"{directive} · {line.roster.name}",
        line.printed_name,
        before,
        names[line.meant],
    )


def entries_mentioning(department: Department, limit: int | None = None) -> list[Change]:
    """Entries whose text names the department by any of its names and that are not filed under it;
    all of them, or the newest ``limit``.

    Of two names that begin alike the longer one counts, as in reading a gazette.
    """
    words = [department.name, *department.aliases.values_list("name", flat=True)]
    holding = Q()
    for word in words:
        holding |= Q(text__contains=word)
    names = DepartmentNames(current_vocabulary())
    found = Event.objects.filter(holding).exclude(mentions__department=department)
    changes: list[Change] = []
    for event in found.order_by("-start_date", "-position").iterator(chunk_size=500):
        if department.name in names.known(event.text):
            printed = next(word for word in words if word in event.text)
            url = event.get_absolute_url()
            changes.append(Change(f"mention:{event.pk}", url, str(event), printed, "未登记", department.name))
            if len(changes) == limit:
                break
    return changes
