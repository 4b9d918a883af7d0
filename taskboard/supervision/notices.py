"""The supervision notice (督办通知) of a task: an official document to the departments that lead it."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from directives.numbers import INNER_MARKS
from organizations.access import StaffRequest, staff_page
from printing import Layout
from printing.access import pdf_page
from printing.delivery import NothingToPrint, deliver
from printing.official import Imprint, OfficialDocument, RedHead
from printing.printouts import Printout
from taskboard.acting import SUPERVISE
from taskboard.listviews.reading import WITH_DUTIES
from taskboard.models import Task, TaskDepartment

NOT_OPEN = {
    Task.State.DRAFT: "任务还没有下发，不印督办通知。请先下发任务清单。",
    Task.State.CLOSED: "任务已经办结，不再印督办通知。",
    Task.State.SUSPENDED: "任务已暂停，不计时，不印督办通知。请先恢复办理。",
}


@pdf_page
@staff_page(SUPERVISE, "打印督办通知")
def notice_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The notice as of today; only of a task that somebody has to work on."""
    tasks = Task.objects.visible_to(request.user).select_related("task_list__directive")
    found = tasks.prefetch_related(WITH_DUTIES, "targets").filter(pk=pk).first()
    if found is None:
        raise NothingToPrint("没有这项任务，或者它已被删除。")
    if why := why_no_notice(found):
        raise NothingToPrint(why)
    return deliver(request, notice_of(found, timezone.localdate()))


def why_no_notice(task: Task) -> str:
    """Why no notice of the task is printed; empty when one is."""
    if not task.leads:
        return "任务没有牵头部门，督办通知没有主送单位。请先在任务中补上。"
    return NOT_OPEN.get(Task.State(task.state), "")


def notice_of(task: Task, today: date) -> Printout:
    """The notice set as an official document."""
    document = document_of(task, today)
    due, directive = task.effective_due_on, task.task_list.directive
    context = {
        "document": document,
        "title": document.title,
        "author": document.issuer,
        "created": document.dated,
        "task": task,
        "basis": (directive.plan_title or directive.title).translate(INNER_MARKS) if directive else "",
        "due": due,
        "overdue_days": max((today - due).days, 0) if due and task.state != Task.State.SUBMITTED else 0,
        "leads": _names(task.leads),
        "supporters": _names(task.supporters),
        "paragraphs": [line.strip() for line in task.text.splitlines() if line.strip()],
    }
    html = render_to_string("taskboard/supervision/notice.html", context)
    return Printout(html, Layout.OFFICIAL, document.title, document.title)


def document_of(task: Task, today: date) -> OfficialDocument:
    """Head, addressees and imprint; the number is left to be written in by the office that registers it."""
    issuer = settings.SITE_OWNER
    return OfficialDocument(
        head=RedHead(f"{issuer}督办通知", f"{settings.CITY_NAME[0]}政办督〔{today.year}〕　号"),
        title=f"关于“{task.title}”的督办通知",
        issuer=issuer,
        dated=today,
        addressees=_names(task.leads),
        imprint=Imprint(issuer, today, _names(task.supporters)),
    )


def _names(duties: list[TaskDepartment]) -> list[str]:
    return [duty.department.name for duty in duties]
