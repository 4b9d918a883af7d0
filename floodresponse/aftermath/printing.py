"""The after-action report on paper: its sections, then tables from the rows."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from floodresponse.aftermath.views import PERMISSION, is_published, may_read_all, tables_of
from floodresponse.models import AfterActionReport
from organizations.access import StaffRequest, staff_page
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.printouts import Printout
from printing.titles import title_lines

NUMBERS = "一二三四五六七八九十"


@pdf_page
@staff_page(PERMISSION, "打印总结报告")
def report_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The report as it stands; one that is not published says so on top."""
    found = AfterActionReport.objects.select_related("response__plan").filter(response=pk).first()
    if not may_read_all(request.user) and not is_published(found):
        raise Http404
    if found is None:
        raise NothingToPrint("这次响应还没有总结报告。请先在报告页面按记录生成。")
    return deliver(request, printout_of(found))


def printout_of(report: AfterActionReport) -> Printout:
    """Set as a working paper."""
    issuer = f"{settings.CITY_NAME}防内涝指挥部"
    sections = [
        (chinese_number(place), section, [line for line in section.text.splitlines() if line.strip()])
        for place, section in enumerate(report.sections.all(), start=1)
    ]
    # Tables as of the writing: what is printed does not move while nobody writes.
    context = {
        "report": report,
        "response": report.response,
        "title": report.title,
        "title_lines": title_lines(report.title),
        "author": issuer,
        "issuer": issuer,
        "created": timezone.localtime(report.written_at).date(),
        "written": timezone.localtime(report.written_at),
        "sections": sections,
        **tables_of(report.response, report.written_at),
    }
    html = render_to_string("floodresponse/aftermath/report_pdf.html", context)
    return Printout(html, Layout.REPORT, report.title, report.title)


def chinese_number(number: int) -> str:
    """一 to 十九, which is more than a report has sections."""
    tens, ones = divmod(number, 10)
    if number <= 10:
        return NUMBERS[number - 1]
    return "十" * tens + (NUMBERS[ones - 1] if ones else "")
