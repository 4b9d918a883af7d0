"""A document on paper: gazette text for what a gazette printed, official document for what is issued here."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from directives import official, pages, reading
from directives.models import Annex, Citation, Directive, DirectiveCorrection
from directives.reading import Parts
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.printouts import Printout
from printing.titles import title_lines

# What every page says of a text that does not stand before the public.
MARKS = {Directive.Publication.PUBLISHED: "", Directive.Publication.WITHDRAWN: "已撤回"}
DRAFT = "草稿"
NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十]")


@pdf_page
def print_directive(request: HttpRequest, pk: int) -> HttpResponse:
    """The document with its rosters and annexes."""
    return deliver(request, printout_of(document_seen_by(request, pk), request.user))


def document_seen_by(request: HttpRequest, pk: int) -> Directive:
    """The document to be printed, when the person may see it."""
    found = Directive.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise NothingToPrint("没有这份文件，或者它尚未公开。")
    return found


def printout_of(directive: Directive, viewer: pages.Viewer) -> Printout:
    """The document in its own layout, with what the viewer may know of its citations."""
    if directive.is_issued_here:
        parts = pages.parts_of(directive, [])
        return official_printout(directive, parts, official.printing_day(directive))
    return gazette_printout(directive, print_context(directive, viewer))


def official_printout(directive: Directive, parts: Parts, printed_on: date | None) -> Printout:
    """The document set as an official document; ``printed_on`` stands in its imprint."""
    laid = text_context(directive, parts)
    context = {
        **laid,
        "document": official.document_of(directive, parts.annexes, printed_on),
        "annexes": [(a.label, a, lines) for a, lines in laid["annexes"]],
        "annex_titles": [annex.title for annex in parts.annexes],
    }
    html = render_to_string("directives/official.html", context)
    return Printout(html, Layout.OFFICIAL, directive.title, directive.title)


def gazette_printout(directive: Directive, context: dict[str, Any]) -> Printout:
    """The document set as gazette text."""
    html = render_to_string("directives/print.html", context)
    return Printout(html, Layout.GAZETTE, directive.title, directive.title)


def print_context(directive: Directive, viewer: pages.Viewer) -> dict[str, Any]:
    """What the templates of a printed gazette text need."""
    citations, _ = pages.citations_around(directive, viewer)
    status_changes, notices = pages.announced_of(directive)
    return {
        **text_context(directive, pages.parts_of(directive, citations), notices),
        "citations": [(citation, standing_of(citation)) for citation in citations],
        "status_changes": status_changes,
        "notices": notices,
        "unprinted": unprinted_facts(directive),
    }


def text_context(
    directive: Directive, parts: Parts, notices: Sequence[DirectiveCorrection] = ()
) -> dict[str, Any]:
    """What the templates need of the text itself; asks nothing of the database."""
    # On paper the conditions of a flood plan are plain paragraphs.
    laid = reading.lay_out(
        parts, directive.preamble, directive.plan_preamble, with_levels=False, notices=notices
    )
    numbered = any(NUMBER.search(annex.label) for annex in parts.annexes)
    mentioned = [annex for annex in parts.annexes if numbered and is_mentioned_only(directive, annex)]
    return {
        "directive": directive,
        "reading": laid,
        "title": directive.title,
        "title_lines": title_lines(directive.title),
        "plan_title_lines": title_lines(directive.plan_title),
        "annexes": [(annex, title_lines(annex.annex.title)) for annex in laid.annexes],
        "annex_names": [annex for annex in parts.annexes if annex not in mentioned],
        "mentioned_annexes": [annex.title for annex in mentioned],
        "stages": parts.stages,
        "numbered_annexes": numbered,
        # A gazette prints the date alone; whose document it is stands in the title.
        "signer": "" if directive.source else directive.issuer,
        "author": directive.issuer,
        "created": directive.issued_on,
        "keywords": list(filter(None, [directive.get_kind_display(), directive.number, directive.issuer])),
        "description": directive.summary,
        "number": directive.number,
        "source": directive.source,
        "site_name": settings.SITE_NAME,
        "running": f"{settings.SITE_NAME} · 公报文本{'' if directive.is_public else ' · 不公开'}",
        "watermark": MARKS.get(Directive.Publication(directive.publication), DRAFT),
    }


def is_mentioned_only(directive: Directive, annex: Annex) -> bool:
    """Whether a gazette names the annex in a sentence and neither prints nor numbers it."""
    return not (directive.is_issued_here or annex.printed or NUMBER.search(annex.label))


def standing_of(citation: Citation) -> str:
    """Whether the portal holds what is cited, and where it was printed."""
    if citation.target is None:
        return "未收录"
    return f"已收录，见{citation.target.source}" if citation.target.source else "已收录"


def unprinted_facts(directive: Directive) -> list[str]:
    """What a document usually has and the gazette does not print of this one."""
    facts = {
        "发文字号": directive.number,
        "成文日期": directive.issued_on,
        "主送机关": directive.addressees,
    }
    return [name for name, value in facts.items() if not value]
