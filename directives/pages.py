"""What the page of a document shows beside the document itself, in a constant number of queries.

Rooms above this one are reached by reverse relations only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce

from directives.models import Citation, Directive, DirectiveCorrection, RosterMember, StatusChange, Topic
from directives.reading import Parts

Viewer = AbstractBaseUser | AnonymousUser
SHOWN_TASKS = 5


@dataclass(frozen=True, slots=True)
class Produced:
    """A list or ledger that was made from the document."""

    kind: str
    pk: int
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class RelatedTasks:
    """The most urgent tasks of the document's own lists, else those of its subjects (``topics``)."""

    rows: Sequence[Any]
    total: int
    topics: tuple[str, ...] = ()


def far_rows(rows: QuerySet[Any], relation: str) -> Any:
    """All rows of the model at the other end of a relation, as its own queryset."""
    model: Any = rows.model._meta.get_field(relation).related_model
    return model._default_manager.all()


def citations_around(directive: Directive, viewer: Viewer) -> tuple[list[Citation], list[Citation]]:
    """What the document cites, and where visible documents cite it; one query.

    A target that the viewer may not see counts as 未收录.
    """
    visible = Directive.objects.visible_to(viewer).values("pk")
    rows = (
        Citation.objects.filter(Q(directive=directive) | Q(target=directive, directive__in=visible))
        .select_related("target", "directive")
        .annotate(target_visible=Exists(Directive.objects.visible_to(viewer).filter(pk=OuterRef("target"))))
        .order_by("order", "directive__issued_on", "pk")
    )
    cites: list[Citation] = []
    cited_by: list[Citation] = []
    for row in rows:
        if row.directive_id != directive.pk:
            cited_by.append(row)
            continue
        if not row.target_visible:
            row.target = None
        cites.append(row)
    return cites, cited_by


def effects_of(directive: Directive, viewer: Viewer) -> list[StatusChange]:
    """What the document has changed: signed changes of visible documents, by date; one query."""
    return list(directive.effects.confirmed().of_visible(viewer).select_related("directive"))


def parts_of(directive: Directive, citations: Sequence[Citation]) -> Parts:
    """The rows of the document; four queries."""
    return Parts(
        sections=list(directive.sections.order_by("order")),
        annexes=list(directive.annexes.order_by("order")),
        members=list(
            RosterMember.objects.filter(roster__directive=directive)
            .select_related("roster", "person")
            .order_by("roster__order", "order")
        ),
        stages=list(directive.stages.order_by("order")),
        citations=citations,
    )


def produced_by(directive: Directive, viewer: Viewer) -> list[Produced]:
    """Task lists and ledgers made from the document, for staff; one query."""
    lists = directive.task_lists.visible_to(viewer).annotate(n=Count("tasks"))
    if not viewer.has_perm("taskboard.view_task"):  # type: ignore[union-attr]
        return []
    ledgers = directive.ledgers.annotate(n=Count("columns"))
    rows = [
        found.order_by().annotate(sort=Value(kind)).values_list("sort", "pk", "title", "n")
        for kind, found in (("task_list", lists), ("ledger", ledgers))
    ]
    return [Produced(*row) for row in rows[0].union(rows[1]).order_by("-sort", "pk")]


def flood_plan_of(directive: Directive) -> Any:
    """The flood plan taken from the document, with counts of its parts; None without one."""
    plans = directive.flood_plans.published()

    def count_of(relation: str) -> Any:
        counted = (
            far_rows(plans, relation)
            .filter(plan=OuterRef("pk"))
            .order_by()
            .values("plan")
            .annotate(n=Count("pk"))
        )
        return Coalesce(Subquery(counted.values("n")), 0)

    return plans.annotate(
        criterion_count=count_of("criteria"),
        deadline_count=count_of("deadlines"),
        member_count=count_of("members"),
    ).first()


def mentions_of(directive: Directive, viewer: Viewer) -> list[Any]:
    """Chronicle entries that name the document or were linked with it, as far as the viewer may see them."""
    mentions = directive.events.all()
    linked = directive.links.confirmed().filter(event__isnull=False).order_by()
    named = Q(pk__in=mentions.order_by().values("event")) | Q(pk__in=linked.values("event"))
    visible = far_rows(mentions, "event").visible_to(viewer)
    return list(visible.filter(named).order_by("start_date", "position", "pk"))


def related_tasks(
    directive: Directive, topics: Sequence[Topic], viewer: Viewer, on_day: date
) -> RelatedTasks | None:
    """Tasks to look at beside the document; None for who may not see tasks. One query.

    ``topics`` are the document's, with their rules.
    Tasks of its own lists and those that an editor linked with it come first.
    """
    if not viewer.has_perm("taskboard.view_task"):  # type: ignore[union-attr]
        return None
    tasks = far_rows(directive.task_lists.all(), "tasks").visible_to(viewer)
    own = Exists(directive.task_lists.filter(pk=OuterRef("task_list"))) | Exists(
        directive.links.confirmed().filter(task=OuterRef("pk"))
    )
    matching = Q(pk__in=[])
    for word in {word for topic in topics for rule in topic.rules.all() for word in rule.any_of}:
        matching |= Q(title__icontains=word) | Q(text__icontains=word)
    rows = list(_with_lead(tasks.filter(own | matching).annotate(own=own)).with_light(on_day)[:SHOWN_TASKS])
    named = () if any(row.own for row in rows) else tuple(topic.name for topic in topics)
    return RelatedTasks(rows, rows[0].total if rows else 0, named)


def _with_lead(tasks: Any) -> Any:
    leads = far_rows(tasks, "duties").filter(task=OuterRef("pk"), role="lead").order_by("order")
    return (
        tasks.select_related("task_list")
        .annotate(
            lead_name=Subquery(leads.values("department__name")[:1]),
            total=Window(Count("pk")),
            due_day=Coalesce("due_on", "task_list__ends_on"),
        )
        .order_by("-own", F("due_day").asc(nulls_last=True), "task_list", "order")
    )


def announced_of(directive: Directive) -> tuple[list[StatusChange], list[DirectiveCorrection]]:
    """Signed changes of the legal state and signed correction notices, each by date; one query.

    What waits for its signature is left out.
    """
    by = ("by_directive", "by_directive__title", "by_directive__publication", "by_directive__is_public")
    changes = (
        StatusChange.objects.confirmed()
        .filter(directive=directive)
        .order_by()
        .annotate(sort=Value(0), more=Value(""))
        .values_list("sort", "effective_on", "pk", "status", "more", "note", *by)
    )
    nothing = {
        "no_pk": Value(None, output_field=BigIntegerField()),
        "no_title": Value(None, output_field=CharField()),
        "no_state": Value(None, output_field=CharField()),
        "no_flag": Value(None, output_field=BooleanField()),
    }
    notices = (
        DirectiveCorrection.objects.confirmed()
        .filter(directive=directive)
        .order_by()
        .annotate(sort=Value(1), **nothing)
        .values_list("sort", "made_on", "pk", "printed", "corrected", "note", *nothing)
    )
    rows = list(changes.union(notices).order_by("sort", "effective_on", "pk"))
    return (
        [_status_change(*row[1:]) for row in rows if row[0] == 0],
        [
            DirectiveCorrection(made_on=day, pk=pk, printed=printed, corrected=corrected, note=note)
            for sort, day, pk, printed, corrected, note, *_ in rows
            if sort == 1
        ],
    )


def _status_change(
    day: date, pk: int, status: str, _: str, note: str, by: int | None, title: str, state: str, public: bool
) -> StatusChange:
    other = Directive(pk=by, title=title, publication=state, is_public=public) if by else None
    return StatusChange(pk=pk, effective_on=day, status=status, note=note, by_directive=other)
