"""People and departments as they are to be found.

A name that was learnt from a text is open to visitors as far as the text is,
so what makes records public changes names as well.
"""

from collections.abc import Iterator, Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from directives.models import Directive, Roster, RosterMember
from events.models import Event, EventDepartment, EventOfficial
from organizations.models import Department, DepartmentAlias, Person, PersonVariant, Post
from organizations.querysets import ALL_NAMES, WITHOUT_ALL_NAMES
from search.documents import EVERYBODY, Document, Part, Source, Watch

OFFICIALS = "SELECT person_id AS id FROM events_eventofficial WHERE event_id = {row}.id"
MEMBERS = (
    "SELECT member.person_id AS id FROM directives_rostermember member "
    "JOIN directives_roster roster ON roster.id = member.roster_id WHERE roster.{column} = {{row}}.id"
)
MENTIONED = "SELECT department_id AS id FROM events_eventdepartment WHERE event_id = {row}.id"
POSTS_OF = "SELECT department_id AS id FROM organizations_post WHERE person_id "


def compose_people(ids: Sequence[int]) -> Iterator[Document]:
    """People with posts and misprints; for visitors a row of their own where they may see less."""
    people = Person.objects.filter(pk__in=ids).with_posts().prefetch_related("variants").order_by("pk")
    visitor = AnonymousUser()
    seen = Person.objects.visible_to(visitor).filter(pk__in=ids)
    public_posts = Post.objects.visible_to(visitor)
    public = {
        person.pk: _person_parts(person)
        for person in seen.prefetch_related(Prefetch("posts", public_posts), "variants")
    }
    for person in people:
        parts = _person_parts(person)
        if public.get(person.pk) == parts:
            yield _person(person, EVERYBODY, parts)
            continue
        yield _person(person, ALL_NAMES, parts)
        if person.pk in public:
            yield _person(person, WITHOUT_ALL_NAMES, public[person.pk])


def _person_parts(person: Person) -> list[str]:
    posts = [post.title for post in person.posts.all()]
    return posts + [f"原文印作{variant.printed_name}" for variant in person.variants.all()]


def _person(person: Person, visibility: str, parts: Sequence[str]) -> Document:
    return Document(
        object_id=person.pk,
        visibility=visibility,
        title=str(person),
        url=person.get_absolute_url(),
        parts=[Part("；".join(parts))],
        people=[person.pk],
    )


def compose_departments(ids: Sequence[int]) -> Iterator[Document]:
    """Departments in use with their other names."""
    seen = set(Department.objects.filter(pk__in=ids).visible_to(AnonymousUser()).values_list("pk", flat=True))
    for department in Department.objects.filter(pk__in=ids).active().with_aliases().order_by("order", "pk"):
        names = [department.short_name, *(alias.name for alias in department.aliases.all())]
        yield Document(
            object_id=department.pk,
            visibility=EVERYBODY if department.pk in seen else ALL_NAMES,
            title=department.name,
            url=department.get_absolute_url(),
            parts=[Part("、".join(filter(None, dict.fromkeys(names))))],
            note=department.get_kind_display(),
            departments=[department.pk],
        )


PEOPLE = Source(
    "people",
    compose_people,
    Person.objects.all,
    (
        Watch(Person, "SELECT {row}.id AS id"),
        Watch(Post, "SELECT {row}.person_id AS id"),
        Watch(PersonVariant, "SELECT {row}.person_id AS id"),
        Watch(EventOfficial, "SELECT {row}.person_id AS id"),
        Watch(Event, OFFICIALS),
        Watch(RosterMember, "SELECT {row}.person_id AS id"),
        Watch(Roster, MEMBERS.format(column="id")),
        Watch(Directive, MEMBERS.format(column="directive_id")),
    ),
)
DEPARTMENTS = Source(
    "departments",
    compose_departments,
    Department.objects.all,
    (
        Watch(Department, "SELECT {row}.id AS id"),
        Watch(DepartmentAlias, "SELECT {row}.department_id AS id"),
        Watch(Post, "SELECT {row}.department_id AS id"),
        Watch(EventDepartment, "SELECT {row}.department_id AS id"),
        Watch(EventOfficial, f"{POSTS_OF} = {{row}}.person_id"),
        Watch(Event, MENTIONED),
        Watch(Event, f"{POSTS_OF} IN ({OFFICIALS})"),
        Watch(RosterMember, f"{POSTS_OF} = {{row}}.person_id"),
        Watch(Directive, "SELECT {row}.issuing_department_id AS id"),
        Watch(Directive, f"{POSTS_OF} IN ({MEMBERS.format(column='directive_id')})"),
    ),
)
