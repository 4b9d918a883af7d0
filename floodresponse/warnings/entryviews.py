"""Taking in a warning: by hand, or read from a CAP file."""

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from floodresponse.incidentviews import units_for
from floodresponse.models import FloodWarning
from floodresponse.services.warnings import receive_warning
from floodresponse.standing import keeps_office
from floodresponse.warnings.capfile import LARGEST, CapFile, read_cap
from floodresponse.warnings.forms import CapForm, WarningForm, read_from
from floodresponse.warnings.views import SUBMIT
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.forms import show_refusal


@staff_page(SUBMIT, "登记预警")
def new(request: StaffRequest) -> HttpResponse:
    """Take in a warning."""
    now = timezone.localtime()
    posted = request.POST if request.method == "POST" else None
    form = WarningForm(posted, issuers=units_for(request), at=now)
    if form.is_valid():
        try:
            received = receive_warning(actor=request.user, at=timezone.now(), content=form.content())
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(form, refusal)
        else:
            notes.success(request, "预警已登记，已提醒防涝办研判。")
            return redirect(received)
    context = {"form": form, "office": keeps_office(request.user)}
    return render(request, "floodresponse/warnings/new.html", context, status=400 if form.errors else 200)


@staff_page(SUBMIT, "登记预警")
def capfile(request: StaffRequest) -> HttpResponse:
    """Read a CAP file into the form of a warning; nothing is stored before a person has looked at it."""
    sent = request.method == "POST"
    form = CapForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        try:
            read = read_cap(form.cleaned_data["file"].read(LARGEST + 1))
        except InvalidInput as refusal:
            form.add_error("file", refusal.message)
        else:
            return _filled_in(request, read)
    return render(
        request, "floodresponse/warnings/capfile.html", {"form": form}, status=400 if form.errors else 200
    )


def _filled_in(request: StaffRequest, read: CapFile) -> HttpResponse:
    issuers = units_for(request)
    form = WarningForm(None, issuers=issuers, at=timezone.localtime(), initial=read_from(read, issuers))
    known = FloodWarning.objects.visible_to(request.user).filter(key=read.key).first()
    context = {"form": form, "office": keeps_office(request.user), "read": read, "known": known}
    return render(request, "floodresponse/warnings/new.html", context)
