"""What an issue consists of, and what may still be taken into it."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from directives.models import Directive, DirectiveCorrection
from events.models import Correction, Event
from events.querysets import EventQuerySet
from events.reading import Entry, read_entries
from foundation.publication import DRAFT, PUBLISHED, REVIEW
from gazette.models import Issue

# A gazette is read by everybody: it holds what a visitor may see, whoever composes it.
PUBLIC = AnonymousUser()


def months_of(issue: Issue) -> list[date]:
    """The first days of the months that the chronicle covers."""
    months = [issue.first_month]
    while (last := months[-1]) < issue.last_month:
        months.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return months


def entries_of(month: date) -> list[Entry]:
    """The public entries that begin in a month, in printed order."""
    events = Event.objects.visible_to(PUBLIC).starting_in(month.year, month.month)
    return read_entries(events.order_by("start_date", "position", "pk"), PUBLIC)


def events_between(issue: Issue) -> EventQuerySet:
    """All entries of the issue's months, whatever their state."""
    last = months_of(issue)[-1]
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return Event.objects.filter(start_date__gte=issue.first_month, start_date__lt=end)


def waiting_entries(issue: Issue) -> int:
    """Entries of the months that are not signed yet and would be left out."""
    return events_between(issue).filter(publication__in=(DRAFT, REVIEW)).count()


def chosen_documents(issue: Issue) -> QuerySet[Directive]:
    """The issue's documents in their order."""
    return issue.directives.order_by("places__order", "pk").filter(places__issue=issue)


def documents_at_hand(issue: Issue) -> QuerySet[Directive]:
    """Public documents that are not in the issue; ``printed`` tells those that another one printed."""
    elsewhere = Issue.objects.published().exclude(pk=issue.pk).filter(directives=OuterRef("pk"))
    rows = Directive.objects.visible_to(PUBLIC).exclude(places__issue=issue)
    return rows.annotate(printed=Exists(elsewhere)).order_by("printed", "-issued_on", "-pk")


def documents_of_the_months(issue: Issue) -> QuerySet[Directive]:
    """What a new issue begins with: the documents of its months that no other issue printed."""
    last = months_of(issue)[-1]
    end = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    at_hand: Any = documents_at_hand(issue)  # annotated with ``printed``
    rows: QuerySet[Directive] = at_hand.filter(printed=False)
    return rows.filter(issued_on__gte=issue.first_month, issued_on__lt=end).order_by("issued_on", "pk")


def due_corrections(issue: Issue) -> QuerySet[Correction]:
    """Corrections of public entries that no issue has printed.

    Those of entries in the issue itself are left out: they stand beside their text.
    """
    printed = Issue.objects.published().exclude(pk=issue.pk).filter(corrections=OuterRef("pk"))
    return (
        Correction.objects.confirmed()
        .filter(event__publication=PUBLISHED)
        .exclude(event__in=events_between(issue).values("pk"))
        .exclude(Exists(printed))
        .select_related("event")
        .order_by("event__start_date", "event__position", "pk")
    )


def due_document_corrections(issue: Issue) -> QuerySet[DirectiveCorrection]:
    """Signed corrections of public documents that no other issue has printed.

    Those of documents in the issue itself are among them: an issue prints a document's text alone.
    """
    published = Issue.objects.published().exclude(pk=issue.pk)
    printed = published.filter(document_corrections=OuterRef("pk"))
    return (
        DirectiveCorrection.objects.confirmed()
        .filter(directive__in=Directive.objects.published().filter(is_public=True))
        .exclude(Exists(printed))
        .select_related("directive")
        .order_by("directive__issued_on", "directive", "pk")
    )


def chosen_document_corrections(issue: Issue) -> QuerySet[DirectiveCorrection]:
    """The corrections of documents that the issue prints, by document."""
    rows = issue.document_corrections.select_related("directive")
    return rows.order_by("directive__issued_on", "directive", "pk")
