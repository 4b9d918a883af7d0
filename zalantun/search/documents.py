"""Documents in the search."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from directives.filters import holding as holding_form
from directives.models import Annex, Directive, RosterMember, Section
from organizations.visitors import Visitor
from zalantun.search.rows import Row, any_form, any_text
from zalantun.snippets import highlighted, hits, passage
from zalantun.words import Days, Word


def holding(found: QuerySet[Any], words: Sequence[Word], visitor: Visitor) -> QuerySet[Any]:
    """Documents that hold all words or were issued on the days they name, the newest first."""
    for word in words:
        found = found.filter(any_form(word, _holding_form) | _issued_on(word.days))
    return found.order_by(F("issued_on").desc(nulls_last=True), "-pk")


def _holding_form(form: str) -> Q:
    here = {"directive": OuterRef("pk")}
    annexes = Annex.objects.filter(Q(title__icontains=form) | Q(text__icontains=form), **here)
    members = RosterMember.objects.filter(_named(form), roster__directive=OuterRef("pk"))
    own = Q(issuer__icontains=form) | Q(release_note__icontains=form) | Q(summary__icontains=form)
    return own | holding_form(form) | Q(Exists(annexes)) | Q(Exists(members))


def _named(form: str) -> Q:
    return Q(printed_name__icontains=form) | Q(post__icontains=form) | Q(roster__name__icontains=form)


def _issued_on(days: Days | None) -> Q:
    if days is None:
        return Q(pk__in=[])
    if days.any_year:
        return Q(issued_on__month=days.first.month, issued_on__day=days.first.day)
    return Q(issued_on__range=(days.first, days.last))


def rows(directives: Sequence[Directive], words: Sequence[str]) -> list[Row]:
    """Each with the part that holds a word."""
    parts = _parts_with(directives, words)
    return [_row(directive, parts[directive.pk], words) for directive in directives]


def _parts_with(directives: Sequence[Directive], words: Sequence[str]) -> dict[int, list[tuple[str, str]]]:
    """Of each document the parts that hold a word, as text and anchor: sections, annexes, names."""
    parts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    in_sections, in_annexes, in_rosters = Q(), Q(), Q()
    for form in words:
        in_sections |= Q(heading__icontains=form) | Q(text__icontains=form)
        in_annexes |= Q(title__icontains=form) | Q(text__icontains=form)
        in_rosters |= _named(form)
    for section in Section.objects.filter(in_sections, directive__in=directives).order_by("order"):
        text = " ".join(filter(None, (section.number, section.heading, section.text)))
        parts[section.directive_id].append((text, f"#{section.anchor}"))
    for annex in Annex.objects.filter(in_annexes, directive__in=directives).order_by("order"):
        parts[annex.directive_id].append((" ".join(filter(None, (annex.title, annex.text))), ""))
    members = RosterMember.objects.filter(in_rosters, roster__directive__in=directives).order_by("pk")
    for member in members.select_related("roster"):
        names = (member.roster.name, member.role, member.printed_name, member.post)
        parts[member.roster.directive_id].append((" ".join(filter(None, names)), ""))
    return parts


def _row(directive: Directive, parts: Sequence[tuple[str, str]], words: Sequence[str]) -> Row:
    own = (directive.preamble, directive.plan_title, directive.plan_preamble, directive.summary)
    text, anchor = parts[0] if parts else (any_text(own, words, directive.preamble or directive.summary), "")
    note = highlighted("，".join(filter(None, (directive.issuer, directive.number))), words)
    url = directive.get_absolute_url() + ("" if hits(directive.title, words) else anchor)
    return Row(
        "directives",
        highlighted(directive.title, words),
        passage(text, words),
        url,
        directive.issued_on,
        note,
    )
