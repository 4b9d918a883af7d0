"""An issue as one printed whole: cover, contents, chronicle, documents, corrections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from directives.models import Directive, DirectiveCorrection
from directives.printing import print_context
from directives.reading import LaidAnnex
from events.models import Correction
from events.printing import printed_days
from foundation.publication import PUBLISHED
from gazette.issues.contents import (
    PUBLIC,
    chosen_document_corrections,
    chosen_documents,
    entries_of,
    months_of,
)
from gazette.models import Issue
from printing import Layout
from printing.printouts import Printout
from printing.titles import title_lines

DRAFT_MARK = "草稿"
# The name on the cover is as large as one line allows, and never larger than this (points).
NAME_SIZE, NAME_WIDTH = 44.0, 430.0
CHRONICLE, DOCUMENTS, CORRECTIONS = "大事记", "文件", "更正"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents; ``below`` are its annexes."""

    anchor: str
    title: str
    below: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the issue that begins a page; ``rubric`` on the first of its kind only."""

    line: Line
    running: str
    html: SafeString
    rubric: str = ""


@dataclass(slots=True)
class Composed:
    """The markup of an issue and the keys of what stands in it."""

    html: str
    events: list[int] = field(default_factory=list)
    directives: list[int] = field(default_factory=list)


def printout_of(issue: Issue) -> Printout:
    """The issue for the press: a published one as it was signed, any other as the records stand now."""
    html = issue.frozen_html if issue.publication == PUBLISHED else compose(issue).html
    return Printout(html, Layout.ISSUE, str(issue), str(issue), in_background=True)


def compose(issue: Issue, *, published_on: date | None = None) -> Composed:
    """Set the issue; without a day of publication it is a draft and says so on every page."""
    made = Composed("")
    chronicle = [part for month in months_of(issue) if (part := _month(month, made))]
    documents = [_document(directive, made) for directive in chosen_documents(issue)]
    corrections = list(issue.corrections.select_related("event").order_by("event__start_date", "pk"))
    groups = [(CHRONICLE, chronicle), (DOCUMENTS, documents)]
    of_documents = list(chosen_document_corrections(issue))
    if corrections or of_documents:
        groups.append((CORRECTIONS, [_corrections(corrections, of_documents)]))
    context = {
        "issue": issue,
        "title": str(issue),
        "author": settings.SITE_OWNER,
        "name_size": f"{min(NAME_SIZE, NAME_WIDTH / max(len(issue.title), 1)):.2f}",
        "owner": settings.SITE_OWNER,
        "site_name": settings.SITE_NAME,
        "created": published_on,
        "published_on": published_on,
        "running": str(issue),
        "watermark": "" if published_on else DRAFT_MARK,
        "groups": [(name, parts) for name, parts in groups if parts],
    }
    made.html = render_to_string("gazette/issues/paper.html", context)
    return made


def _month(month: date, made: Composed) -> Part | None:
    entries = entries_of(month)
    if not entries:
        return None
    made.events += [entry.pk for entry in entries]
    title = f"{settings.CITY_NAME}{month.year}年{month.month}月大事记"
    context = {"title_lines": title_lines(title), "days": printed_days(entries)}
    html = render_to_string("gazette/issues/_month.html", context)
    return Part(Line(f"m{month:%Y%m}", title), f"{CHRONICLE} · {month.year}年{month.month}月", html)


def _document(directive: Directive, made: Composed) -> Part:
    made.directives.append(directive.pk)
    anchor = f"d{directive.pk}"
    context: dict[str, Any] = {**print_context(directive, PUBLIC), "anchor": anchor}
    html = render_to_string("gazette/issues/_document.html", context)
    title = f"{directive.title}（{directive.number}）" if directive.number else directive.title
    return Part(Line(anchor, title, _annexes(anchor, context["annexes"])), DOCUMENTS, html)


def _annexes(anchor: str, annexes: Sequence[tuple[LaidAnnex, list[str]]]) -> tuple[Line, ...]:
    return tuple(Line(f"{anchor}-{laid.anchor}", f"{laid.label} {laid.annex.title}") for laid, _ in annexes)


def _corrections(corrections: Sequence[Correction], of_documents: Sequence[DirectiveCorrection]) -> Part:
    context = {"corrections": corrections, "document_corrections": of_documents}
    html = render_to_string("gazette/issues/_corrections.html", context)
    return Part(Line("corrections", CORRECTIONS), CORRECTIONS, html)
