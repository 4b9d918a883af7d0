"""The whole log of the command post: filtered, page by page, as a workbook."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from floodresponse.command.drillmarks import drills_among
from floodresponse.command.journal import IN_LOG, SUBJECTS, line_of, lines_of
from floodresponse.command.ownlog import readable_by
from floodresponse.command.views import PERMISSION
from floodresponse.downloads import workbook_response
from floodresponse.models import Recommendation
from foundation.models import AuditEntry
from organizations.access import StaffRequest, staff_page
from organizations.models import User

READING = "查看指挥部日志"
PAGE_SIZE, MOST_ROWS = 50, 20_000
SYSTEM = "system"
ALL = [
    ("", "全部（不含研判）"),
    *((key, label) for key, (label, _) in SUBJECTS.items()),
    (SYSTEM, "自动研判"),
]
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "field"})
NEWEST, OLDEST = "-at", "at"


class LogFilter(forms.Form):
    """``kind date_from date_to q sort``; what cannot be read is left out and said."""

    kind = forms.ChoiceField(label="类别", choices=ALL, required=False)
    date_from = forms.DateField(label="自", required=False, widget=DAY)
    date_to = forms.DateField(label="至", required=False, widget=DAY)
    q = forms.CharField(label="含", required=False, max_length=80)
    sort = forms.ChoiceField(
        label="次序", choices=[(NEWEST, "最近的在前"), (OLDEST, "最早的在前")], required=False
    )

    def chosen(self) -> dict[str, Any]:
        """What was understood."""
        self.is_valid()
        return self.cleaned_data

    @property
    def system(self) -> bool:
        """Whether the results of the automatic assessment are asked for."""
        return self.chosen().get("kind") == SYSTEM

    def entries(self, user: User) -> QuerySet[AuditEntry]:
        """Entries of the audit log that belong here and that the person may read."""
        chosen = self.chosen()
        _, actions = SUBJECTS.get(chosen.get("kind", ""), ("", tuple(IN_LOG)))
        found = AuditEntry.objects.filter(readable_by(user), action__in=actions)
        if word := chosen.get("q"):
            found = found.filter(
                Q(object_label__icontains=word) | Q(actor_label__icontains=word) | Q(reason__icontains=word)
            )
        begins, ends = chosen.get("date_from"), chosen.get("date_to")
        found = found.filter(at__date__gte=begins) if begins else found
        found = found.filter(at__date__lte=ends) if ends else found
        return found.order_by(*(("at", "sequence") if chosen.get("sort") == OLDEST else ("-at", "-sequence")))

    def results(self) -> QuerySet[Recommendation]:
        """Results of the automatic assessment."""
        chosen = self.chosen()
        begins, ends = chosen.get("date_from"), chosen.get("date_to")
        found = Recommendation.objects.all()
        found = found.filter(begins_at__date__gte=begins) if begins else found
        return found.filter(begins_at__date__lte=ends) if ends else found


@staff_page(PERMISSION, READING)
def log(request: StaffRequest) -> HttpResponse:
    """What was decided, ordered, called and reported, the newest first."""
    form = LogFilter(request.GET)
    rows: QuerySet[Any] = form.results() if form.system else form.entries(request.user)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    drills = set() if form.system else drills_among(page)
    context = {
        "form": form,
        "page": page,
        "lines": lines_of([], page, PAGE_SIZE, whole=True) if form.system else [],
        "entries": [] if form.system else [(line_of(entry, drills), entry) for entry in page],
        "filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "floodresponse/command/log.html", context)


@staff_page(PERMISSION, READING)
def log_xlsx(request: StaffRequest) -> HttpResponse:
    """The filtered log as a workbook, 20,000 rows at most."""
    form = LogFilter(request.GET)
    if form.system:
        found = lines_of([], form.results()[:MOST_ROWS], MOST_ROWS, whole=True)
        rows = [(_local(line.at), line.who, line.text, "") for line in found]
    else:
        entries = list(form.entries(request.user)[:MOST_ROWS])
        drills = drills_among(entries)
        lines = ((line_of(entry, drills), entry) for entry in entries)
        rows = [(_local(line.at), line.who, line.text, entry.reason) for line, entry in lines]
    return workbook_response("防内涝指挥部日志", "flood-log", ("时间", "谁", "内容", "理由"), rows)


def _local(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
