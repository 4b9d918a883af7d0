"""The list of documents and the page of one."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from directives import linkeddata, official, pages, reading
from directives.filters import DirectiveFilter
from directives.finding.following import followed_by
from directives.models import Directive, LegalState
from directives.numbers import titled
from directives.services import move_directive
from directives.writing.desk import desk_of
from foundation.days import day_from
from foundation.linkeddata import block, canonical
from foundation.models import Attachment
from foundation.publishing import Rights, step_on_page, steps_for
from organizations.access import StaffRequest

PAGE_SIZE = 30
RIGHTS = Rights(change="directives.change_directive", sign="directives.publish_directive")
NEWEST = "-issued_on"
ORDERS: dict[str, tuple[Any, ...]] = {
    "-issued_on": (F("issued_on").desc(nulls_last=True), "-pk"),
    "issued_on": (F("issued_on").asc(nulls_last=True), "pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "pk"),
    "issuer": ("issuer", F("issued_on").desc(nulls_last=True), "-pk"),
    "-issuer": ("-issuer", F("issued_on").desc(nulls_last=True), "-pk"),
}


def index(request: HttpRequest) -> HttpResponse:
    """All documents that the visitor may see, filtered, sorted and in pages."""
    visible = Directive.objects.visible_to(request.user)
    found = DirectiveFilter(request.GET, queryset=visible, request=request)
    order = request.GET.get("sort", NEWEST)
    order = order if order in ORDERS else NEWEST
    page = Paginator(found.qs.order_by(*ORDERS[order]), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": found.form,
        "as_of": found.day,
        "today": timezone.localdate(),
        "order": order,
        "issuers": _issuers(visible),
        "filtered": any(request.GET.get(name) for name in found.filters if name != "as_of"),
    }
    return render(request, "directives/index.html", context)


def _issuers(visible: QuerySet[Directive]) -> list[str]:
    return list(visible.order_by("issuer").values_list("issuer", flat=True).distinct())


def directive(request: HttpRequest, pk: int) -> HttpResponse:
    """One document with all that belongs to it, its legal state as of a day."""
    today = timezone.localdate()
    as_of = day_from(request.GET.get("as_of")) or today
    visible = Directive.objects.visible_to(request.user).annotate(followed=followed_by(request.user))
    found = get_object_or_404(visible.with_status(as_of), pk=pk)
    context = {"directive": found, "as_of": as_of, "today": today, **_document(request, found, as_of)}
    page = canonical(request, found.get_absolute_url())
    facts = linkeddata.facts_of(found, context["status"], context["citations"], page, settings.CITY_NAME)
    context["linked_data"] = block(facts)
    context["desk"] = desk_of(found, request.user)
    context["steps"] = steps_for(request.user, found.publication, RIGHTS)
    return render(request, "directives/directive.html", context)


def _document(request: HttpRequest, found: Directive, as_of: date) -> dict[str, Any]:
    cites, cited_by = pages.citations_around(found, request.user)
    plan = pages.flood_plan_of(found)
    parts = pages.parts_of(found, cites)
    topics = list(found.topics.with_rules())
    status_changes, notices = pages.announced_of(found)
    laid = reading.lay_out(
        parts,
        found.preamble,
        found.plan_preamble,
        with_levels=plan is not None,
        moved=found.moved_anchors,
        notices=notices,
    )
    return {
        "reading": laid,
        "notices": notices,
        "topics": topics,
        # What a gazette may have left out, an author of the portal left empty.
        "absent": "无" if found.is_issued_here else "",
        "imprint": official.imprint_of(found, official.printing_day(found)) if found.is_issued_here else None,
        "flood_plan": plan,
        "citations": cites,
        "cited_by": cited_by,
        "effects": pages.effects_of(found, request.user),
        "files": Attachment.objects.of(found).order_by("uploaded_at"),
        "produced": pages.produced_by(found, request.user),
        "related": pages.related_tasks(found, topics, request.user, as_of),
        "mentions": pages.mentions_of(found, request.user),
        "status": LegalState(found.status_code),  # type: ignore[attr-defined]  # annotated
        "status_changes": status_changes,
        "citation_text": citation_text(found),
    }


def citation_text(directive: Directive) -> str:
    """How to cite the document: title, issuer, number or date, source; what was not printed is left out."""
    day = directive.issued_on
    facts = [
        directive.issuer,
        directive.number,
        f"{day.year}年{day.month}月{day.day}日" if day else "",
        directive.source,
    ]
    return f"{titled(directive.title)}（{'，'.join(fact for fact in facts if fact)}）"


@require_POST
@login_required
def directive_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    """Submit, publish, return, withdraw or reopen."""

    seen = request.POST.get("version", "")

    def move(found: Directive, reason: str) -> None:
        move_directive(
            actor=request.user, at=timezone.now(), directive=found, step=step, reason=reason, seen=seen
        )

    visible = Directive.objects.visible_to(request.user)
    return step_on_page(request, visible=visible, pk=pk, step=step, move=move, elsewhere="directives:index")
