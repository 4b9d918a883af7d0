"""The page of a document's files."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from directives.models import Directive
from directives.services.files import CHANGE, add_file, remove_file, right_for_files
from foundation.errors import DomainError
from foundation.models import Attachment
from foundation.publication import REVIEW
from organizations.access import StaffRequest, staff_page


class FileForm(forms.Form):
    """A file to hand in."""

    file = forms.FileField(
        label="选择文件",
        error_messages={"required": "请先选择要上传的文件。", "empty": "文件是空的，请重新选择。"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(CHANGE, "管理文件附件")
def files(request: StaffRequest, pk: int) -> HttpResponse:
    """List, add and remove the files of a document."""
    found = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    form = FileForm()
    status = 200
    if request.method == "POST":
        if "remove" in request.POST:
            return _remove(request, found)
        form = FileForm(request.POST, request.FILES)
        if form.is_valid() and _add(request, found, form):
            return redirect("directives:files", pk=found.pk)
        status = 400
    return render(request, "directives/files.html", _context(request, found, form), status=status)


def _context(request: HttpRequest, found: Directive, form: FileForm) -> dict[str, Any]:
    allowed = found.publication != REVIEW and request.user.has_perm(right_for_files(found.publication))
    return {
        "directive": found,
        "files": Attachment.objects.of(found).select_related("uploaded_by"),
        "form": form,
        "allowed": allowed,
    }


def _add(request: StaffRequest, found: Directive, form: FileForm) -> bool:
    try:
        added = add_file(
            actor=request.user, at=timezone.now(), directive=found, upload=form.cleaned_data["file"]
        )
    except DomainError as refusal:
        form.add_error("file", refusal.message)
        return False
    messages.success(request, f"已上传“{added.name}”。")
    return True


def _remove(request: StaffRequest, found: Directive) -> HttpResponse:
    attachment = next(
        (file for file in Attachment.objects.of(found) if str(file.pk) == request.POST["remove"]), None
    )
    if attachment is None:
        raise Http404("本文件没有这个附件，可能已被移除。")
    try:
        remove_file(
            actor=request.user,
            at=timezone.now(),
            directive=found,
            attachment=attachment,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, f"已移除“{attachment.name}”。")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("directives:files", pk=found.pk)
