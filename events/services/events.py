"""Creating and correcting entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from directives.models import Topic
from directives.services import DocumentIndex
from events.contents import read_event
from events.models import Event, EventDepartment, EventDirective, EventOfficial
from events.services.places import last_place, refuse_taken_place
from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from foundation.services.versions import keep_stored, keep_version
from foundation.wording import first_clause
from organizations.models import User
from organizations.permissions import require
from organizations.services import NameDirectory


@dataclass(frozen=True, slots=True)
class OfficialContent:
    """A person of an entry: canonical name, name and post as printed."""

    name: str
    post: str = ""
    printed_name: str = ""


@dataclass(frozen=True, slots=True)
class EventContent:
    """All of an entry; departments are names, citations titles, topics slugs.

    ``position`` is its place among the entries of its day; None is the last.
    """

    start_date: date
    end_date: date
    position: int | None = None
    text: str = ""
    title: str = ""
    source: str = ""
    officials: tuple[OfficialContent, ...] = ()
    departments: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    topics: tuple[str, ...] = field(default=())


@transaction.atomic
def create_event(
    *,
    actor: User | None,
    at: datetime,
    content: EventContent,
    publication: str,
    directory: NameDirectory,
    reason: str = "",
    keeps_place: bool = True,
) -> Event:
    """Create an entry with its people, departments, citations and topics.

    Raises StateConflict when its place of the day is taken; with ``keeps_place``
    False the caller parts shared places afterwards (``part_places``).
    """
    require(actor, "events.change_event", "登记大事记")
    if publication != Event.Publication.DRAFT:
        require(actor, "events.publish_event", "直接发布大事记")
    _check_range(content.start_date, content.end_date)
    position = content.position if content.position is not None else last_place(content.start_date)
    if keeps_place:
        refuse_taken_place(content.start_date, position)
    event = Event(
        start_date=content.start_date,
        end_date=content.end_date,
        position=position,
        title=content.title or first_clause(content.text),
        text=content.text,
        source=content.source,
        publication=publication,
        topics_by_hand=actor is not None and bool(content.topics),
    )
    event._change_reason = reason  # type: ignore[attr-defined]  # read by django-simple-history
    event.save()
    _write_officials(event, content.officials, directory)
    _write_departments(event, content.departments, directory)
    _write_citations(event, content.citations)
    event.topics.set(Topic.objects.filter(slug__in=content.topics))
    record_change(
        actor=actor, action="event.create", target=event, at=at, after={"title": event.title}, reason=reason
    )
    return event


@transaction.atomic
def update_event(
    *,
    actor: User | None,
    at: datetime,
    event: Event,
    changes: Mapping[str, Any],
    directory: NameDirectory,
    reason: str,
    keeps_place: bool = True,
) -> Event:
    """Change some fields of an entry; keys are those of ``EventContent``, ``keeps_place`` as there.

    Asks for no second person: what people type goes through ``save_event``. The texts before and after
    are kept as versions; the place among the entries of the day is no text.
    """
    require(actor, "events.change_event", "修改大事记")
    locked = Event.objects.select_for_update().get(pk=event.pk)
    keeps_text = bool(changes.keys() - {"position"})
    if keeps_text:
        keep_stored(at=at, record=locked, content=read_event(locked))
    # Nothing else can be set this way: publication has steps of its own.
    plain = {name: value for name, value in changes.items() if name in PLAIN_FIELDS}
    before = {name: getattr(locked, name) for name in plain}
    for name, value in plain.items():
        setattr(locked, name, value)
    if "topics" in changes and set(changes["topics"]) != {topic.slug for topic in locked.topics.all()}:
        locked.topics_by_hand = True
    _check_range(locked.start_date, locked.end_date)
    if keeps_place and plain.keys() & {"start_date", "position"}:
        refuse_taken_place(locked.start_date, locked.position, but=locked.pk)
    locked._change_reason = reason[:100]  # type: ignore[attr-defined]
    locked.save()
    if "officials" in changes:
        _write_officials(locked, changes["officials"], directory)
    if "departments" in changes:
        _write_departments(locked, changes["departments"], directory)
    if "citations" in changes:
        _write_citations(locked, changes["citations"])
    if "topics" in changes:
        locked.topics.set(Topic.objects.filter(slug__in=changes["topics"]))
    if keeps_text:
        keep_version(actor=actor, at=at, record=locked, content=read_event(locked), reason=reason)
    record_change(
        actor=actor,
        action="event.update",
        target=locked,
        at=at,
        before=before,
        after={**plain, "related": sorted(set(changes) & RELATED)},
        reason=reason,
    )
    return locked


PLAIN_FIELDS = frozenset({"start_date", "end_date", "position", "title", "text", "source"})
RELATED = frozenset({"officials", "departments", "citations", "topics"})


def _check_range(start: date, end: date) -> None:
    if end < start:
        raise InvalidInput("结束日期早于起始日期，请更正日期后再保存。")


def _write_officials(event: Event, officials: tuple[OfficialContent, ...], directory: NameDirectory) -> None:
    event.officials.all().delete()
    rows: dict[int, EventOfficial] = {}
    # Two posts under one name are two people, as in a roster.
    people = directory.people_of_roster((official.name, official.post) for official in officials)
    for official, person in zip(officials, people, strict=True):
        if person is None or person.pk in rows:
            continue
        rows[person.pk] = EventOfficial(
            event=event,
            person=person,
            order=len(rows) + 1,
            printed_name=official.printed_name or official.name,
            post=official.post,
        )
    EventOfficial.objects.bulk_create(rows.values())


def _write_departments(event: Event, names: tuple[str, ...], directory: NameDirectory) -> None:
    event.mentions.all().delete()
    departments = {directory.department(name).pk for name in names}
    EventDepartment.objects.bulk_create(
        EventDepartment(event=event, department_id=pk) for pk in sorted(departments)
    )


def _write_citations(event: Event, titles: tuple[str, ...]) -> None:
    event.citations.all().delete()
    if not titles:
        return
    documents = DocumentIndex()
    EventDirective.objects.bulk_create(
        EventDirective(event=event, title=title, directive_id=documents.find(title))
        for title in dict.fromkeys(titles)
    )


def link_event_citations() -> int:
    """Link documents that entries name to those that have arrived since; returns how many."""
    open_citations = list(EventDirective.objects.filter(directive=None))
    if not open_citations:
        return 0
    documents = DocumentIndex()
    linked = []
    for citation in open_citations:
        citation.directive_id = documents.find(citation.title)
        if citation.directive_id is not None:
            linked.append(citation)
    EventDirective.objects.bulk_update(linked, ["directive"], batch_size=500)
    return len(linked)
