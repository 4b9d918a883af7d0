"""What writing a gazette would do: the plan that a preview shows and a confirmation carries out."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from directives.models import Directive
from events.contents import cited_titles
from events.models import Event
from foundation.wording import first_clause
from gazette.parser.records import Directive as ReadDirective
from gazette.parser.records import Gazette
from gazette.services import payloads
from gazette.services.floodplans import plan_flood_plans
from gazette.services.matching import Candidate, Faces, pair
from gazette.services.payloads import Payload
from gazette.services.planned import ImportPlan, PlannedRecord, judge
from gazette.services.remembering import remembered, remembered_in
from taskboard.models import Task


def plan_import(gazette: Gazette) -> ImportPlan:
    """Compare a gazette with the database; reads only, a constant number of queries."""
    events, absent = _plan_events(gazette)
    directives = _plan_directives(gazette)
    tasks = _plan_tasks(gazette, directives)
    plans, doubts = plan_flood_plans(gazette)
    return ImportPlan(gazette, (*events, *directives, *tasks, *plans), absent, doubts)


# -- chronicle ------------------------------------------------------------------------------


def _plan_events(gazette: Gazette) -> tuple[list[PlannedRecord], tuple[str, ...]]:
    stored = _events_of_months({(e.start_date.year, e.start_date.month) for e in gazette.events})
    bases = remembered(Event, [event.pk for event in stored])
    pairs = pair(
        [_faces_of_event(event, bases.get(event.pk)) for event in stored],
        [Candidate((e.start_date, e.end_date), e.position, e.text) for e in gazette.events],
    )
    planned = []
    for n, entry in enumerate(gazette.events):
        match = stored[pairs[n]] if n in pairs else None
        planned.append(
            judge(
                kind="event",
                label=f"{entry.start_date:%Y-%m-%d} {first_clause(entry.text)}",
                line=entry.line,
                source=n,
                after=payloads.event_in_gazette(entry, cited_titles(entry.text)),
                stored=match,
                before=payloads.event_in_portal(match) if match else {},
                base=bases.get(match.pk) if match else None,
            )
        )
    left_over = [event for n, event in enumerate(stored) if n not in pairs.values() and event.pk in bases]
    return planned, tuple(str(event) for event in left_over)


def _faces_of_event(event: Event, base: Payload | None) -> Faces:
    now = Candidate((event.start_date, event.end_date), event.position, event.text, is_printed=False)
    if base is None:
        return (now,)
    days = date.fromisoformat(base["start_date"]), date.fromisoformat(base["end_date"])
    return Candidate(days, base["position"], base["text"]), now


def _events_of_months(months: set[tuple[int, int]]) -> list[Event]:
    """Entries of the months, and those that a gazette has there and a person has moved elsewhere."""
    if not months:
        return []
    wanted = Q(pk__in=remembered_in(Event, months))
    for year, month in months:
        wanted |= Q(start_date__year=year, start_date__month=month)
    return list(Event.objects.filter(wanted).with_mentions())


# -- documents ------------------------------------------------------------------------------


def _plan_directives(gazette: Gazette) -> list[PlannedRecord]:
    stored = list(Directive.objects.with_parts().filter(origin=Directive.Origin.GAZETTE))
    bases = remembered(Directive, [directive.pk for directive in stored])
    pairs = _paired_documents(stored, bases, gazette.directives)
    planned = []
    for n, read in enumerate(gazette.directives):
        match = stored[pairs[n]] if n in pairs else None
        planned.append(
            judge(
                kind="directive",
                label=read.title,
                line=read.line,
                source=n,
                after=payloads.directive_in_gazette(read),
                stored=match,
                before=payloads.directive_in_portal(match) if match else {},
                base=bases.get(match.pk) if match else None,
            )
        )
    return planned


def plain_title(title: str) -> str:
    """A title without spaces and kinds of quotation marks, for comparing."""
    return re.sub(r"[\s“”\"'‘’《》〈〉]", "", title)


@dataclass(frozen=True, slots=True)
class _Identity:
    """By what a document is known."""

    title: str
    number: str
    issuer: str
    issued_on: str | None

    def is_same(self, other: "_Identity") -> bool:
        """Same title; a different number or date means another document with that title."""
        same_number = not self.number or not other.number or self.number == other.number
        same_date = not self.issued_on or not other.issued_on or self.issued_on == other.issued_on
        numbered = bool(self.number) and self.number == other.number
        return self.title == other.title and same_number and (same_date or numbered)

    def has_number_of(self, other: "_Identity") -> bool:
        """An issuer gives a number once."""
        return bool(self.number) and (self.number, self.issuer) == (other.number, other.issuer)


def _paired_documents(
    stored: Sequence[Directive], bases: Mapping[int, Payload], read: Sequence[ReadDirective]
) -> dict[int, int]:
    """Which stored document each read one is: by what a gazette said, then by what stands there now."""
    said = [_identity_in(bases[d.pk]) if d.pk in bases else None for d in stored]
    now = [_identity_in(payloads.identity_of(d)) for d in stored]
    wanted = [_identity_in(payloads.identity_of(d)) for d in read]
    found: dict[int, int] = {}
    for known, is_one in (
        (said, _Identity.is_same),
        (now, _Identity.is_same),
        (now, _Identity.has_number_of),
    ):
        for new, identity in enumerate(wanted):
            if new in found:
                continue
            free = (old for old, face in enumerate(known) if face and old not in found.values())
            fitting = next((old for old in free if is_one(known[old], identity)), None)  # type: ignore[arg-type]
            if fitting is not None:
                found[new] = fitting
    return found


def _identity_in(payload: Mapping[str, Any]) -> _Identity:
    return _Identity(
        plain_title(payload["title"]), payload["number"], payload["issuer"], payload["issued_on"]
    )


# -- tasks ----------------------------------------------------------------------------------


def _plan_tasks(gazette: Gazette, directives: Sequence[PlannedRecord]) -> list[PlannedRecord]:
    planned = []
    for title, sources in _by_directive(gazette).items():
        stored = _stored_tasks(title, [d for d in directives if d.label == title])
        bases = remembered(Task, [task.pk for task in stored])
        read = [gazette.tasks[n] for n in sources]
        pairs = pair(
            [_faces_of_task(task, bases.get(task.pk)) for task in stored],
            [Candidate((t.part, t.subsection), t.number, t.text) for t in read],
        )
        for place, (n, task) in enumerate(zip(sources, read, strict=True)):
            match = stored[pairs[place]] if place in pairs else None
            planned.append(
                judge(
                    kind="task",
                    label=f"{task.subsection or task.part} {task.number} {first_clause(task.text)}",
                    line=task.line,
                    source=n,
                    after=payloads.task_in_gazette(task, place + 1),
                    stored=match,
                    before=payloads.task_in_portal(match) if match else {},
                    base=bases.get(match.pk) if match else None,
                )
            )
    return planned


def _by_directive(gazette: Gazette) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for n, task in enumerate(gazette.tasks):
        groups[task.directive].append(n)
    return groups


def _faces_of_task(task: Task, base: Payload | None) -> Faces:
    now = Candidate((task.part, task.subsection), task.number, task.text, is_printed=False)
    if base is None:
        return (now,)
    return Candidate((base["part"], base["subsection"]), base["number"], base["text"]), now


def _stored_tasks(directive_title: str, documents: Sequence[PlannedRecord]) -> list[Task]:
    """Tasks of the document that the gazette's one is; by its title when the gazette does not print it."""
    pks = [document.object_id for document in documents if document.object_id is not None]
    if not documents:
        wanted = plain_title(directive_title)
        titles = Directive.objects.filter(task_lists__isnull=False).values_list("pk", "title")
        pks = [pk for pk, title in titles if plain_title(title) == wanted]
    return list(
        Task.objects.filter(task_list__directive__in=pks)
        .with_departments()
        .prefetch_related("milestones")
        .order_by("order")
    )
