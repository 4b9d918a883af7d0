"""The page of a document's correction notices."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from directives.models import Directive
from directives.services.corrections import CHANGE, add_notice, confirm_notice, void_notice
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page


class NoticeForm(forms.Form):
    """The printed words, what they should be, or what is doubtful about them."""

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
def notices(request: StaffRequest, pk: int) -> HttpResponse:
    """The notices of a document, and a new one."""
    found = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    form = NoticeForm(request.POST or None)
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                add_notice(actor=request.user, at=timezone.now(), directive=found, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(next(iter(refusal.fields), None), refusal.message)
                status = refusal.status
            else:
                messages.success(request, "已登记更正，签发后随正文公开，并在下一期公报刊登。")
                return redirect("directives:notices", pk=pk)
    rows = found.corrections.select_related("proposed_by", "settled_by").prefetch_related("issues")
    context = {"directive": found, "form": form, "notices": rows.order_by("-made_on", "-pk")}
    return render(request, "directives/notices.html", context, status=status)


@require_POST
@staff_page(CHANGE, "办理更正")
def notice_step(request: StaffRequest, pk: int, notice: int, step: str) -> HttpResponse:
    """Sign (``confirm``) or void a notice."""
    found = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    registered = get_object_or_404(found.corrections.select_related("directive"), pk=notice)
    try:
        if step == "confirm":
            confirm_notice(actor=request.user, at=timezone.now(), notice=registered)
            messages.success(request, "已签发更正，公众可见，并列入下一期公报。")
        elif step == "void":
            reason = request.POST.get("reason", "")
            void_notice(actor=request.user, at=timezone.now(), notice=registered, reason=reason)
            messages.success(request, "已作废，正文旁不再显示。")
        else:
            raise Http404("没有这一步。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("directives:notices", pk=pk)
