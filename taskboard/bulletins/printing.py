"""A bulletin on paper: an official document with a red head (GB/T 9704)."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from foundation.publication import PUBLISHED, WITHDRAWN
from organizations.access import StaffRequest, staff_page
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.official import Imprint, OfficialDocument, RedHead
from printing.printouts import Printout
from taskboard.bulletins.composing import numbered
from taskboard.bulletins.querysets import READ
from taskboard.models import Bulletin

ANNEX = "牵头部门办理情况表"


@pdf_page
@staff_page(READ, "打印通报")
def bulletin_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The bulletin; a draft says so on every page, a withdrawn one is not printed."""
    found = Bulletin.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise NothingToPrint("没有这份通报，或者它还没有印发。")
    if found.publication == WITHDRAWN:
        raise NothingToPrint("这份通报已撤回，不再打印。页面上保留原文和撤回理由。")
    return deliver(request, printout_of(found))


def printout_of(bulletin: Bulletin) -> Printout:
    """The bulletin set as an official document."""
    document = document_of(bulletin)
    context = {
        "document": document,
        "title": document.title,
        "author": document.issuer,
        "created": document.dated,
        "bulletin": bulletin,
        "opening": _paragraphs(bulletin.opening),
        "parts": parts_of(bulletin),
        "closing": _paragraphs(bulletin.closing),
        "units": bulletin.figures.get("units", []),
        "watermark": "" if bulletin.publication == PUBLISHED else "草稿",
    }
    html = render_to_string("taskboard/bulletins/paper.html", context)
    return Printout(html, Layout.OFFICIAL, document.title, document.title)


def document_of(bulletin: Bulletin) -> OfficialDocument:
    """Head, number, addressees and imprint."""
    published = bulletin.publication == PUBLISHED
    dated = timezone.localdate(bulletin.published_at) if bulletin.published_at else None
    return OfficialDocument(
        head=RedHead(f"{bulletin.issuer}文件", bulletin.full_number or f"{bulletin.mark}〔　　〕　号"),
        title=bulletin.title,
        issuer=bulletin.issuer,
        dated=dated,
        addressees=(bulletin.addressees,),
        annexes=(ANNEX,) if bulletin.figures.get("units") else (),
        imprint=Imprint(settings.SITE_OWNER, dated) if dated else None,
        draft=not published,
    )


def parts_of(bulletin: Bulletin) -> list[dict[str, Any]]:
    """Sections with their numeral and their paragraphs."""
    return [
        {"numeral": numbered(place), "heading": part["heading"], "paragraphs": _paragraphs(part["text"])}
        for place, part in enumerate(bulletin.sections, start=1)
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
