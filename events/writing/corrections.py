"""Correction notices of an entry: registered by one person, signed by another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from events.models import Correction, Event
from events.reading import read_entries
from events.services import add_correction, confirm_correction, void_correction
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page

CHANGE = "events.change_event"


class CorrectionForm(forms.Form):
    """A notice: the printed words, what they should be, or what is doubtful about them."""

    printed = forms.CharField(
        label="原文",
        max_length=200,
        help_text="照正文逐字抄录有误的几个字；正文不改，旁注“原文如此”。",
        error_messages={"required": "请填写原文。"},
    )
    corrected = forms.CharField(label="应为", max_length=200, required=False)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="依据，或存疑之处；随更正公开。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "登记更正")
def corrections(request: StaffRequest, pk: int) -> HttpResponse:
    """The notices of an entry, and a new one."""
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    form = CorrectionForm(request.POST or None, initial={"printed": request.GET.get("printed", "")[:200]})
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                add_correction(
                    actor=request.user,
                    at=timezone.now(),
                    event=event,
                    made_on=timezone.localdate(),
                    **form.cleaned_data,
                )
            except DomainError as refusal:
                _tell(form, refusal)
                status = refusal.status
            else:
                messages.success(request, "已登记更正，签发后随正文公开，并在下一期公报刊登。")
                return redirect("events:corrections", pk=pk)
    context = {
        "event": event,
        "entry": read_entries(Event.objects.filter(pk=pk), request.user)[0],
        "form": form,
        "notices": _notices(event),
        "signs": request.user.has_perm("events.publish_event"),
    }
    return render(request, "events/writing/corrections.html", context, status=status)


def _notices(event: Event) -> QuerySet[Any]:
    rows = Correction.objects.filter(event=event).select_related("proposed_by", "settled_by")
    return rows.prefetch_related("issues").order_by("-made_on", "-pk")


def _tell(form: forms.Form, refusal: DomainError) -> None:
    if not refusal.fields:
        form.add_error(None, refusal.message)
    for name, sentences in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentences)


@require_POST
@staff_page(CHANGE, "办理更正")
def correction_step(request: StaffRequest, pk: int, correction_pk: int, step: str) -> HttpResponse:
    """Sign a notice, or take it back."""
    visible = Event.objects.visible_to(request.user)
    correction = get_object_or_404(Correction, pk=correction_pk, event=get_object_or_404(visible, pk=pk))
    try:
        if step == "confirm":
            confirm_correction(actor=request.user, at=timezone.now(), correction=correction)
            messages.success(request, "已签发更正，公众可见，并列入下一期公报。")
        elif step == "void":
            void_correction(
                actor=request.user,
                at=timezone.now(),
                correction=correction,
                reason=request.POST.get("reason", ""),
            )
            messages.success(request, "已作废，正文旁不再显示。")
        else:
            raise Http404("没有这一步。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("events:corrections", pk=pk)
