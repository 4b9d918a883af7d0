"""The versions of an entry, and any two of them compared."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from events.contents import LABELS, in_lines
from events.models import Event
from foundation.comparing import compare
from foundation.models import Revision, Version
from organizations.access import StaffRequest, staff_page

PAGE_SIZE = 30


@staff_page("foundation.view_revisions", "查看版本")
def versions(request: StaffRequest, pk: int) -> HttpResponse:
    """Who wrote which text when and why; two of them side by side."""
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    kept = Version.objects.of(event).select_related("made_by").order_by("-number")
    page = Paginator(kept, PAGE_SIZE).get_page(request.GET.get("page"))
    revision = Revision.objects.of(event).open().select_related("head").first()
    before, after = _chosen(request, event)
    context: dict[str, Any] = {
        "event": event,
        "page": page,
        "standing": _standing(page, event, revision),
        "revision": revision,
        "before": before,
        "after": after,
    }
    if before and after:
        context["changes"] = compare(before.content, after.content, labels=LABELS, in_lines=in_lines)
    return render(request, "events/writing/versions.html", context)


def _standing(page: Page[Version], event: Event, revision: Revision | None) -> int | None:
    """The newest version with the words that stand now, and not those of the correction under way."""
    now = {"title": event.title, "text": event.text, "source": event.source}
    now |= {"start_date": event.start_date.isoformat(), "end_date": event.end_date.isoformat()}
    proposed = revision.head.number if revision else None
    fitting = (v.number for v in page if v.number != proposed and now.items() <= v.content.items())
    return next(fitting, None)


def _chosen(request: StaffRequest, event: Event) -> tuple[Version | None, Version | None]:
    """The two versions asked for, the older first; the last two where none is named."""
    numbers = [request.GET.get(name, "") for name in ("a", "b")]
    kept = Version.objects.of(event).select_related("made_by").order_by("-number")
    if all(number.isdecimal() and len(number) < 9 for number in numbers):
        found = sorted(kept.filter(number__in=[int(number) for number in numbers]), key=lambda v: v.number)
        return (found[0], found[-1]) if len(found) == 2 else (None, None)
    last = list(kept[:2])
    return (last[1], last[0]) if len(last) == 2 else (None, None)
