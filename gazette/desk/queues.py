"""What waits on the editors' desk: queues of rows of one shape, whatever kind of record they stand for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from directives.models import Directive, DirectiveCorrection, StatusChange
from events.models import Correction, Event
from floodresponse.models import PlanCorrection
from foundation.models import AuditEntry, Proposal, Revision
from foundation.publication import DRAFT, REVIEW
from foundation.services.publication import no_text
from gazette.models import DepartmentMerge, Issue

KINDS = {
    "event": "大事记条目",
    "directive": "政策文件",
    "event_revision": "条目更正稿",
    "directive_revision": "文件更正稿",
    "correction": "条目更正",
    "directive_correction": "文件更正",
    "status": "有效性变更",
    "plan_correction": "防内涝方案更正",
    "issue": "公报期次",
    "merge": "部门合并",
}
QUEUES = {"drafts": "草稿", "reviews": "待签发"}
# Of a row: its kind, the key of the record to open, what it says, when it moved last, who moved it.
COLUMNS = ("waiting_kind", "record_key", "label", "moved_at", "mover")
ORDERS = {"-moved_at": "最近更新在前", "moved_at": "等得最久在前", "label": "按标题"}
MINE, OTHERS = "mine", "others"
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a queue is asked for; ``whose`` is mine, others or empty, ``sort`` one of ORDERS.

    Mine is what one of ``people`` moved last: who asks, and those whose work came to that person.
    """

    queue: str
    people: Collection[int] = ()
    q: str = ""
    kind: str = ""
    whose: str = ""
    sort: str = "-moved_at"


def rows_of(asked: Asked) -> Rows:
    """The rows of a queue in its order, of all kinds or of one; one query."""
    wanted = [kind for kind in SOURCES if asked.kind in ("", kind)]
    found = [_narrowed(SOURCES[kind](asked.queue), asked) for kind in wanted]
    first, *others = (rows.values_list(*COLUMNS) for rows in found)
    order = asked.sort if asked.sort in ORDERS else "-moved_at"
    return first.union(*others, all=True).order_by(order, "waiting_kind", "record_key")


def _narrowed(rows: Rows, asked: Asked) -> Rows:
    if asked.q:
        rows = rows.filter(label__icontains=asked.q)
    if asked.whose == MINE:
        rows = rows.filter(mover__in=asked.people)
    if asked.whose == OTHERS:
        rows = rows.filter(~Q(mover__in=asked.people) | Q(mover=None))
    return rows.order_by()


def _texts(model: type[Event | Directive], queue: str) -> Rows:
    """Records on their way; the mover is who changed the text last, as four eyes ask for it."""
    changes = AuditEntry.objects.filter(
        object_type=model._meta.label, object_id=Cast(OuterRef("pk"), CharField())
    ).exclude(no_text(model._meta.model_name))
    rows: Rows = model._default_manager.filter(publication=DRAFT if queue == "drafts" else REVIEW)
    found: Rows = rows.annotate(
        waiting_kind=_kind(str(model._meta.model_name)),
        record_key=F("pk"),
        label=F("title"),
        moved_at=F("updated_at"),
        mover=Subquery(changes.order_by("-sequence").values("actor")[:1]),
    )
    return found


def _revisions(model: type[Event | Directive], queue: str) -> Rows:
    titles = model._default_manager.filter(pk=OuterRef("owner_id")).values("title")[:1]
    state = Revision.State.DRAFT if queue == "drafts" else Revision.State.REVIEW
    owner_type = ContentType.objects.get_for_model(model)
    return Revision.objects.filter(owner_type=owner_type, state=state).annotate(
        waiting_kind=_kind(f"{model._meta.model_name}_revision"),
        record_key=F("owner_id"),
        label=Subquery(titles),
        moved_at=F("changed_at"),
        mover=F("head__made_by"),
    )


def _proposals(proposals: Rows, kind: str, label: str, target: str, queue: str) -> Rows:
    waiting = proposals.filter(standing=Proposal.Standing.PROPOSED)
    rows: Rows = waiting if queue == "reviews" else waiting.none()
    found: Rows = rows.annotate(
        waiting_kind=_kind(kind),
        record_key=F(target),
        label=F(label),
        moved_at=F("proposed_at"),
        mover=F("proposed_by"),
    )
    return found


def _issues(queue: str) -> Rows:
    """Issues on their way; the mover is who worked on one last."""
    changes = AuditEntry.objects.filter(
        object_type=Issue._meta.label, object_id=Cast(OuterRef("pk"), CharField())
    )
    # Issues have a property of the name, so the type checker would refuse it as a keyword.
    label = {"label": Concat("title", "year", Value("年第"), "number", Value("期"), output_field=CharField())}
    found: Rows = Issue.objects.filter(publication=DRAFT if queue == "drafts" else REVIEW).annotate(
        waiting_kind=_kind("issue"),
        record_key=F("pk"),
        moved_at=F("updated_at"),
        mover=Subquery(changes.order_by("-sequence").values("actor")[:1]),
        **label,
    )
    return found


def _merges(queue: str) -> Rows:
    into = Concat("source_name", Value(" 并入 "), "target__name", output_field=CharField())
    waiting = DepartmentMerge.objects.annotate(into=into)
    return _proposals(waiting, "merge", "into", "pk", queue)


def _kind(word: str) -> Value:
    return Value(word, output_field=CharField())


SOURCES: dict[str, Callable[[str], Rows]] = {
    "event": lambda queue: _texts(Event, queue),
    "directive": lambda queue: _texts(Directive, queue),
    "event_revision": lambda queue: _revisions(Event, queue),
    "directive_revision": lambda queue: _revisions(Directive, queue),
    "correction": lambda queue: _proposals(
        Correction.objects.all(), "correction", "event__title", "event_id", queue
    ),
    "directive_correction": lambda queue: _proposals(
        DirectiveCorrection.objects.all(), "directive_correction", "directive__title", "directive_id", queue
    ),
    "status": lambda queue: _proposals(
        StatusChange.objects.all(), "status", "directive__title", "directive_id", queue
    ),
    "plan_correction": lambda queue: _proposals(
        PlanCorrection.objects.all(), "plan_correction", "plan__title", "plan_id", queue
    ),
    "issue": _issues,
    "merge": _merges,
}
