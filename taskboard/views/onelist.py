"""Steps that are taken on a whole list: issuing it, signing for it."""

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page
from taskboard import services
from taskboard.forms import IssueForm
from taskboard.models import TaskList
from taskboard.views.reading import PERMISSION
from taskboard.views.ways import way_back


@staff_page("taskboard.issue_list", "下发任务清单")
def issue(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose the tasks and the end that undated ones inherit, then issue."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = IssueForm(request.POST if request.method == "POST" else None, task_list=found)
    status = 400 if form.is_bound else 200
    if form.is_valid():
        try:
            issued = _issue(request, found, form)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
        else:
            notes.success(request, f"已向 {issued.departments} 个部门下发 {issued.tasks} 项任务，开始计时。")
            return redirect(found)
    return render(request, "taskboard/issue.html", {"task_list": found, "form": form}, status=status)


def _issue(request: StaffRequest, found: TaskList, form: IssueForm) -> services.Issued:
    values = form.cleaned_data
    chosen = None if values["whole"] else [task.pk for task in values["tasks"]]
    return services.issue_list(
        actor=request.user, at=timezone.now(), task_list=found, tasks=chosen, ends_on=values["ends_on"]
    )


@staff_page(PERMISSION, "签收清单")
def sign_whole_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Sign for everything that waits in the list for one's departments."""
    found = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect(found)
    number = services.sign_list(actor=request.user, at=timezone.now(), task_list=found)
    notes.success(request, f"已签收 {number} 项任务。")
    return redirect(way_back(request, found))
