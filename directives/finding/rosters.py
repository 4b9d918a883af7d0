"""Who leads what: the bodies of all documents with their people, and the people with their bodies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directives.finding.filters import BY_PERSON, MAX_WORDS, RosterFilter, in_member
from directives.models import Directive, LegalState, Roster, RosterMember
from foundation.tables import Row, refuse_errors, table_file
from organizations.models import Person

PAGE_SIZE = 30
HEADS = ("总指挥", "指挥长", "组长", "主任", "召集人", "队长")
HEADER = ("机构", "职责", "姓名", "职务", "兼任", "依据文件", "发文字号", "成文日期", "有效性")


@dataclass(frozen=True, slots=True)
class Body:
    """A body: who leads it, who stands in for them, how many more there are."""

    roster: Roster
    heads: Sequence[RosterMember]
    deputies: Sequence[RosterMember]
    others: int


def rank_of(role: str) -> int:
    """0 for who leads, 1 for deputies, 2 for everybody else; inner spaces of the print do not count."""
    plain = "".join(role.split())
    if plain in HEADS:
        return 0
    return 1 if plain.endswith(HEADS) and "副" in plain else 2


def bodies(rosters: Iterable[Roster]) -> list[Body]:
    """The rosters by rank; their members have been fetched."""
    return [_body(roster, list(roster.members.all())) for roster in rosters]


def _body(roster: Roster, members: Sequence[RosterMember]) -> Body:
    heads = [member for member in members if rank_of(member.role) == 0]
    deputies = [member for member in members if rank_of(member.role) == 1]
    return Body(roster, heads, deputies, len(members) - len(heads) - len(deputies))


@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """The bodies, or with ``view=person`` the people, in pages."""
    found = _found(request)
    by_person = request.GET.get("view") == BY_PERSON
    rows: Any = _people(found) if by_person else with_parts(found.qs, found.day)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "bodies": [] if by_person else bodies(page),
        "by_person": by_person,
        "form": found.form,
        "as_of": found.day,
        "today": timezone.localdate(),
        "filtered": any(request.GET.get(name) for name in ("q", "status", "as_of")),
    }
    return render(request, "directives/rosters.html", context)


@require_safe
def rosters_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every line of the rosters found, body by body."""
    found = _found(request)
    refuse_errors(found.form)
    rows = _lines(with_parts(found.qs, found.day))
    return table_file(form, stem="rosters", title="组成人员名单", header=HEADER, rows=rows)


def _found(request: HttpRequest) -> RosterFilter:
    visible = Directive.objects.visible_to(request.user).order_by().values("pk")
    return RosterFilter(request.GET, queryset=Roster.objects.filter(directive__in=visible), request=request)


def with_parts(found: QuerySet[Roster], day: date) -> QuerySet[Roster]:
    """The newest document's bodies first, with members and the document's state: three queries."""
    return found.prefetch_related(
        Prefetch("directive", Directive.objects.with_status(day)),
        Prefetch("members", RosterMember.objects.select_related("person").order_by("order")),
    ).order_by(F("directive__issued_on").desc(nulls_last=True), "-directive", "order")


def _people(found: RosterFilter) -> QuerySet[Person]:
    """People of the bodies found, by sound, with their lines: who is found by name alone, too."""
    lines = RosterMember.objects.filter(roster__in=found.qs.order_by().values("pk"))
    words = (found.form.cleaned_data.get("q") or "").split()[:MAX_WORDS] if found.form.is_valid() else []
    for word in words:
        lines = lines.filter(
            in_member(word) | Q(roster__name__icontains=word) | Q(roster__directive__title__icontains=word)
        )
    directives = Directive.objects.with_status(found.day)
    shown = lines.select_related("roster").prefetch_related(Prefetch("roster__directive", directives))
    named = Person.objects.filter(Exists(lines.filter(person=OuterRef("pk"))))
    newest = F("roster__directive__issued_on").desc(nulls_last=True)
    return named.prefetch_related(Prefetch("memberships", shown.order_by(newest, "roster__order", "order")))


def _lines(rosters: QuerySet[Roster]) -> Iterator[Row]:
    for roster in rosters.iterator(chunk_size=200):
        for member in roster.members.all():
            yield _line(roster, member)


def _line(roster: Roster, member: RosterMember) -> Row:
    document = roster.directive
    return (
        roster.name,
        "".join(member.role.split()),
        "".join(member.printed_name.split()),
        member.post,
        "是" if member.concurrent else "",
        document.title,
        document.number,
        document.issued_on.isoformat() if document.issued_on else "",
        str(LegalState(document.status_code).label),  # type: ignore[attr-defined]  # annotated
    )
