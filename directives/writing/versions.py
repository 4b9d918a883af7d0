"""The versions of a document, and any two of them compared."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from directives.contents import LABELS, in_lines, read_directive
from directives.models import Directive
from foundation.comparing import compare
from foundation.models import Revision, Version
from foundation.versions import plain, same_text
from organizations.access import StaffRequest, staff_page

PAGE_SIZE = 30


@staff_page("foundation.view_revisions", "查看版本")
def versions(request: StaffRequest, pk: int) -> HttpResponse:
    """Who wrote which text when and why; two of them compared."""
    directive = get_object_or_404(Directive.objects.visible_to(request.user), pk=pk)
    kept = Version.objects.of(directive).select_related("made_by").order_by("-number")
    public = plain(read_directive(directive))
    before, after = _chosen(request, kept)
    context: dict[str, Any] = {
        "directive": directive,
        "page": Paginator(kept.defer("content"), PAGE_SIZE).get_page(request.GET.get("page")),
        "standing": next((v.number for v in kept.iterator() if same_text(v.content, public)), None),
        "revision": Revision.objects.of(directive).open().select_related("head").first(),
        "before": before,
        "after": after,
    }
    if before and after:
        context["changes"] = compare(before.content, after.content, labels=LABELS, in_lines=in_lines)
    return render(request, "directives/versions.html", context)


def _chosen(request: StaffRequest, kept: Any) -> tuple[Version | None, Version | None]:
    """The two versions asked for, the older first; the last two where none is named."""
    numbers = [request.GET.get(name, "") for name in ("a", "b")]
    if all(number.isdecimal() and len(number) < 9 for number in numbers):
        found = sorted(kept.filter(number__in=[int(number) for number in numbers]), key=lambda v: v.number)
    else:
        found = list(reversed(kept[:2]))
    return (found[0], found[1]) if len(found) == 2 else (None, None)
