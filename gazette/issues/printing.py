"""The whole issue as PDF."""

from django.http import HttpRequest, HttpResponse

from directives.models import Directive
from events.models import Event
from foundation.errors import StateConflict
from foundation.publication import PUBLISHED, WITHDRAWN
from gazette.issues.contents import PUBLIC
from gazette.issues.paper import printout_of
from gazette.models import Issue
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver


@pdf_page
def issue_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The issue; one in the making says so on every page."""
    found = Issue.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise NothingToPrint("没有这一期公报，或者它还没有出版。")
    if found.publication == WITHDRAWN:
        raise NothingToPrint("这一期公报已撤回，不再提供。撤回理由见这一期的页面。")
    if withdrawn_since(found):
        raise StateConflict("这一期刊载的内容有的已撤回，整期暂停提供，由编辑重新编排后再出版。")
    return deliver(request, printout_of(found))


def withdrawn_since(issue: Issue) -> int:
    """How many of the records in a published issue the public may not see any more."""
    if issue.publication != PUBLISHED:
        return 0
    events, directives = issue.frozen_records["events"], issue.frozen_records["directives"]
    held = Event.objects.visible_to(PUBLIC).filter(pk__in=events).count()
    held += Directive.objects.visible_to(PUBLIC).filter(pk__in=directives).count()
    return len(events) + len(directives) - held
