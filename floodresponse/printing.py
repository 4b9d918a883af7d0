"""The notice of a change of level, issued by the command post: an official document with a red head."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from floodresponse.models import LevelRecord, Measure
from floodresponse.wording import change_words, measured_words
from organizations.access import StaffRequest, staff_page
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.official import Imprint, OfficialDocument, RedHead
from printing.printouts import Printout

PERMISSION = "floodresponse.view_command_post"
COMMAND_POST = "防内涝指挥部"
ADDRESSEES = ("各成员单位", "各街道办事处")
# The plan has every change of level copied to the party committee and the government.
COPIES = ("市委办公室", "市政府办公室")
LONGEST_SEQUENCE = 9


@pdf_page
@staff_page(PERMISSION, "打印响应通知")
def notice(request: StaffRequest, pk: int) -> HttpResponse:
    """The notice of the last change, or of the one asked for by its sequence (``?n=2``)."""
    records = list(
        LevelRecord.objects.filter(response=pk)
        .select_related("response__plan", "notice")
        .order_by("-sequence")
    )
    asked = request.GET.get("n", "")
    if asked:
        known = asked.isdecimal() and len(asked) <= LONGEST_SEQUENCE
        records = [record for record in records if known and record.sequence <= int(asked)]
        records = records if records and str(records[0].sequence) == asked else []
    if not records or not hasattr(records[0], "notice"):
        raise NothingToPrint("没有这份响应通知。请从响应页面打开。")
    before = records[1] if len(records) > 1 else None
    return deliver(request, notice_of(records[0], before))


def notice_of(record: LevelRecord, before: LevelRecord | None) -> Printout:
    """The notice set as an official document."""
    document = document_of(record, before)
    context = {
        "document": document,
        "title": document.title,
        "author": document.issuer,
        "created": document.dated,
        "record": record,
        "since": timezone.localtime(record.since),
        "change": change_words(record, before),
        "measured": measured_words(record),
        "reason": f"{record.reason.rstrip('。')}。" if record.reason else "",
        "sirens": list(record.sirens.order_by("number")),
        "measures": _measures(record),
    }
    html = render_to_string("floodresponse/notice.html", context)
    return Printout(html, Layout.OFFICIAL, document.title, document.title)


def document_of(record: LevelRecord, before: LevelRecord | None) -> OfficialDocument:
    """Head, number, addressees and imprint; a drill says so in its mark, number and title."""
    exercise, numbered = record.response.exercise, record.notice
    issuer = f"{settings.CITY_NAME}{COMMAND_POST}"
    mark = f"{settings.CITY_NAME[0]}防涝指{'演' if exercise else ''}"
    dated = timezone.localtime(record.since).date()
    return OfficialDocument(
        head=RedHead(
            mark=f"{issuer}{'演练' if exercise else ''}文件",
            number=f"{mark}〔{numbered.year}〕{numbered.number}号",
            urgency="" if exercise else "特急",
        ),
        title=f"{'（演练）' if exercise else ''}{issuer}关于{change_words(record, before)}的通知",
        issuer=issuer,
        dated=dated,
        addressees=ADDRESSEES,
        note="演练，不作为实际指令" if exercise else "",
        imprint=Imprint(f"{issuer}办公室", dated, () if exercise else COPIES),
    )


def _measures(record: LevelRecord) -> list[Any]:
    """What the plan asks for at the level; after the end, what it asks for afterwards."""
    measures = record.response.plan.measures.order_by("order")
    if record.level is None:
        return list(measures.filter(situation=Measure.Situation.AFTERMATH))
    chosen = measures.filter(situation=Measure.Situation.RESPONSE)
    return [measure for measure in chosen if (measure.from_level or record.level) >= record.level]
