"""A document on paper, as gazette text."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from directives import pages, reading
from directives.models import Citation, Directive
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.printouts import Printout
from printing.titles import title_lines

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
    """The document set as gazette text, with what the viewer may know of its citations."""
    html = render_to_string("directives/print.html", print_context(directive, viewer))
    return Printout(html, Layout.GAZETTE, directive.title, directive.title)


def print_context(directive: Directive, viewer: pages.Viewer) -> dict[str, Any]:
    """What the templates of a printed document need."""
    citations, _ = pages.citations_around(directive, viewer)
    parts = pages.parts_of(directive, citations)
    # On paper the conditions of a flood plan are plain paragraphs.
    laid = reading.lay_out(parts, directive.preamble, directive.plan_preamble, with_levels=False)
    status_changes, notices = pages.announced_of(directive)
    published = directive.publication == Directive.Publication.PUBLISHED
    return {
        "directive": directive,
        "reading": laid,
        "title": directive.title,
        "title_lines": title_lines(directive.title),
        "plan_title_lines": title_lines(directive.plan_title),
        "annexes": [(annex, title_lines(annex.annex.title)) for annex in laid.annexes],
        "annex_names": parts.annexes,
        "stages": parts.stages,
        "numbered_annexes": any(NUMBER.search(annex.label) for annex in parts.annexes),
        # A gazette prints the date alone; whose document it is stands in the title.
        "signer": "" if directive.source else directive.issuer,
        "author": directive.issuer,
        "created": directive.issued_on,
        "number": directive.number,
        "source": directive.source,
        "site_name": settings.SITE_NAME,
        "running": f"{settings.SITE_NAME} · 公报文本{'' if directive.is_public else ' · 不公开'}",
        "watermark": "" if published else DRAFT,
        "citations": [(citation, standing_of(citation)) for citation in citations],
        "status_changes": status_changes,
        "notices": notices,
        "unprinted": unprinted_facts(directive),
    }


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
