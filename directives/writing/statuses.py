"""The page of a document's legal states: registering, signing and voiding."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from directives.models import Directive, StatusChange
from directives.numbers import normalised_number
from directives.services.statuses import CHANGE, confirm_status, record_status, void_status
from foundation.errors import DomainError
from organizations.access import StaffRequest, staff_page


class StatusForm(forms.Form):
    """A change of the legal state."""

    status = forms.ChoiceField(label="变更为", choices=StatusChange.Status.choices, initial="amended")
    effective_on = forms.DateField(
        label="自何日起",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="失效日期可以在将来：到当天零时自动失效，此前 30 天、7 天、1 天提醒编辑。",
        error_messages={"required": "请填写生效日期。", "invalid": "请按 2023-05-08 的样式填写日期。"},
    )
    by = forms.CharField(
        label="依据文件",
        max_length=300,
        required=False,
        help_text="填发文字号（括号不限）、全称或本平台文件编号；未收录的写在说明中。",
    )
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = documents

    def clean_by(self) -> Directive | None:
        """The document that is meant."""
        typed = self.cleaned_data["by"].strip()
        if not typed:
            return None
        by_words = self.documents.filter(number=normalised_number(typed)) | self.documents.filter(title=typed)
        found = list(by_words[:2])
        if not found and typed.isdecimal() and len(typed) < 10:
            found = list(self.documents.filter(pk=int(typed)))
        if len(found) != 1:
            what = "有不止一件这样的文件，请改填文号" if found else "没有找到这件文件，请核对文号或全称"
            raise forms.ValidationError(f"{what}；未收录的请写在说明中。")
        return found[0]  # type: ignore[no-any-return]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "登记有效性变更")
def statuses(request: StaffRequest, pk: int) -> HttpResponse:
    """How the document's legal state changes, with what waits for its signature."""
    visible = Directive.objects.visible_to(request.user)
    found = get_object_or_404(visible, pk=pk)
    form = StatusForm(request.POST or None, documents=visible)
    if form.is_bound and form.is_valid() and _recorded(request, found, form):
        return redirect("directives:statuses", pk=pk)
    changes = found.status_changes.select_related("by_directive", "proposed_by", "settled_by")
    context = {"directive": found, "form": form, "changes": changes.order_by("-effective_on", "-pk")}
    context["today"] = timezone.localdate()
    return render(request, "directives/statuses.html", context, status=400 if form.is_bound else 200)


def _recorded(request: StaffRequest, found: Directive, form: StatusForm) -> bool:
    values = form.cleaned_data
    day: date = values["effective_on"]
    try:
        record_status(
            actor=request.user,
            at=timezone.now(),
            directive=found,
            status=values["status"],
            effective_on=day,
            by_directive=values["by"],
            note=values["note"],
        )
    except DomainError as refusal:
        field = {"by_directive": "by"}.get(next(iter(refusal.fields), ""), next(iter(refusal.fields), None))
        form.add_error(field, refusal.message)
        return False
    messages.success(request, "已登记，待另一位签发人签发后生效。")
    return True


@require_POST
@staff_page(CHANGE, "办理有效性变更")
def status_step(request: StaffRequest, pk: int, change: int, step: str) -> HttpResponse:
    """Sign (``confirm``) or void a change."""
    found = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    registered = get_object_or_404(found.status_changes.select_related("directive"), pk=change)
    try:
        if step == "confirm":
            confirm_status(actor=request.user, at=timezone.now(), change=registered)
            messages.success(request, "已签发。")
        elif step == "void":
            reason = request.POST.get("reason", "")
            void_status(actor=request.user, at=timezone.now(), change=registered, reason=reason)
            messages.success(request, "已作废，记载保留。")
        else:
            raise Http404("没有这一步。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("directives:statuses", pk=pk)
