"""Documents as they are to be found."""

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch

from directives.models import Annex, Citation, Directive, Roster, RosterMember, Section, Stage, Topic
from organizations.models import Person
from search.documents import EVERYBODY, Document, Part, Source, Watch

OF_DOCUMENT = "SELECT {row}.directive_id AS id"
OF_ROSTER = "SELECT directive_id AS id FROM directives_roster WHERE id = {row}.roster_id"
BY_MEMBER = (
    "SELECT roster.directive_id AS id FROM directives_roster roster "
    "JOIN directives_rostermember member ON member.roster_id = roster.id WHERE member.person_id = {row}.id"
)


def compose(ids: Sequence[int]) -> Iterator[Document]:
    """Documents with everything that is printed of them: nine queries."""
    directives = Directive.objects.filter(pk__in=ids).prefetch_related(
        Prefetch("sections", Section.objects.order_by("order")),
        Prefetch("annexes", Annex.objects.order_by("order")),
        Prefetch("rosters", Roster.objects.order_by("order")),
        Prefetch("rosters__members", RosterMember.objects.select_related("person").order_by("order")),
        Prefetch("stages", Stage.objects.order_by("order")),
        Prefetch("citations", Citation.objects.order_by("order")),
        Prefetch("topics", Topic.objects.order_by("pk")),
    )
    for directive in directives.order_by("pk"):
        yield _document(directive)


def _document(directive: Directive) -> Document:
    published = directive.publication == Directive.Publication.PUBLISHED
    mark = "" if published else directive.get_publication_display()
    members = [member for roster in directive.rosters.all() for member in roster.members.all()]
    return Document(
        object_id=directive.pk,
        visibility=_visibility(directive, published),
        title=directive.title,
        url=directive.get_absolute_url(),
        parts=list(_parts(directive)),
        asides=list(_asides(directive)),
        note="，".join(filter(None, (mark, directive.issuer, directive.number))),
        first_day=directive.issued_on,
        departments=[directive.issuing_department_id] if directive.issuing_department_id else [],
        people=(member.person_id for member in members if member.person_id),
        topics=(topic.pk for topic in directive.topics.all()),
    )


def _visibility(directive: Directive, published: bool) -> str:
    """What ``DirectiveQuerySet.visible_to`` asks for."""
    if not published:
        return "directives.view_unpublished"
    return EVERYBODY if directive.is_public else "directives.view_internal"


def _parts(directive: Directive) -> Iterator[Part]:
    for text in (directive.preamble, directive.plan_title, directive.plan_preamble):
        yield from map(Part, text.splitlines())
    for section in directive.sections.all():
        yield Part(_joined(section.number, section.heading, section.text), f"#{section.anchor}")
    yield from (Part(_joined(cited.title, cited.number)) for cited in directive.citations.all())
    yield Part(directive.number)


def _asides(directive: Directive) -> Iterator[Part]:
    yield from map(Part, directive.summary.splitlines())
    for annex in directive.annexes.all():
        yield Part(_joined(annex.label, annex.title))
        yield from map(Part, annex.text.splitlines())
    for roster in directive.rosters.all():
        yield Part(roster.name)
        yield from (Part(_member_words(member)) for member in roster.members.all())
    yield Part("、".join(stage.name for stage in directive.stages.all()))
    yield Part(_joined(directive.issuer, directive.release_note))
    yield Part("、".join(map(str, (*directive.addressees, *directive.copies_to))))


def _member_words(member: RosterMember) -> str:
    known = member.person.name if member.person and member.person.name != member.printed_name else ""
    return _joined(member.role, member.printed_name, known and f"（{known}）", member.post)


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


DIRECTIVES = Source(
    "directives",
    compose,
    Directive.objects.all,
    (
        Watch(Directive, "SELECT {row}.id AS id"),
        Watch(Section, OF_DOCUMENT),
        Watch(Annex, OF_DOCUMENT),
        Watch(Roster, OF_DOCUMENT),
        Watch(RosterMember, OF_ROSTER),
        Watch(Stage, OF_DOCUMENT),
        Watch(Citation, OF_DOCUMENT),
        Watch(Directive.topics.through, OF_DOCUMENT),
        Watch(Person, BY_MEMBER),
    ),
)
