"""Entries of the chronicle as they are to be found."""

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from directives.models import Topic
from events.models import Correction, Event, EventDepartment, EventOfficial
from organizations.models import Department, Person
from search.documents import EVERYBODY, Document, Part, Source, Watch

BY_OFFICIAL = "SELECT event_id AS id FROM events_eventofficial WHERE person_id = {row}.id"
BY_MENTION = "SELECT event_id AS id FROM events_eventdepartment WHERE department_id = {row}.id"


def compose(ids: Sequence[int]) -> Iterator[Document]:
    """Entries with what is printed of them and the names of whom they mention: five queries."""
    events = Event.objects.filter(pk__in=ids).prefetch_related(
        "officials__person",
        "mentions__department",
        "corrections",
        Prefetch("topics", Topic.objects.order_by("pk")),
    )
    for event in events.order_by("start_date", "position", "pk"):
        yield _document(event)


def _document(event: Event) -> Document:
    officials, mentions = list(event.officials.all()), list(event.mentions.all())
    names = "、".join(mention.department.name for mention in mentions)
    corrections = [_correction_words(correction) for correction in event.corrections.all()]
    published = event.publication == Event.Publication.PUBLISHED
    return Document(
        object_id=event.pk,
        visibility=EVERYBODY if published else "events.view_unpublished",
        title=event.title,
        url=event.get_absolute_url(),
        parts=[Part(event.text), Part("、".join(map(_official_words, officials)))],
        asides=[Part(text) for text in (names, *corrections)],
        note="" if published else event.get_publication_display(),
        first_day=event.start_date,
        last_day=event.end_date,
        departments=(mention.department_id for mention in mentions),
        people=(official.person_id for official in officials),
        topics=(topic.pk for topic in event.topics.all()),
    )


def _official_words(official: EventOfficial) -> str:
    misprint = official.printed_name != official.person.name
    return f"{official.post}{official.person.name}" + (f"（印作{official.printed_name}）" if misprint else "")


def _correction_words(correction: Correction) -> str:
    return f"更正：{correction.printed} → {correction.corrected} {correction.note}"


EVENTS = Source(
    "events",
    compose,
    Event.objects.all,
    (
        Watch(Event, "SELECT {row}.id AS id"),
        Watch(EventOfficial, "SELECT {row}.event_id AS id"),
        Watch(EventDepartment, "SELECT {row}.event_id AS id"),
        Watch(Event.topics.through, "SELECT {row}.event_id AS id"),
        Watch(Correction, "SELECT {row}.event_id AS id"),
        Watch(Person, BY_OFFICIAL),
        Watch(Department, BY_MENTION),
    ),
)
