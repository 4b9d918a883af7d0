"""Households to move in the response that runs, checked off one by one."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.matrix import Badge
from floodresponse.models import Household, HouseholdMove, Response, Shelter
from floodresponse.reportsheets import DRILL
from floodresponse.resources.checkoff import COLOURS, STATES, WORDS, Line, lines_in, running_of
from floodresponse.resources.forms import MAX_WORDS
from floodresponse.resources.situation import Running
from floodresponse.services.households import move_household, note_list_taken, return_household
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_households", "查看转移避险户"
PAGE_SIZE = 50
SORTS = {"street": "street__name", "address": "address", "head": "head", "people": "people"}
HEADER = ("街道", "户主", "住址", "人数", "需帮扶情况", "电话", "包保责任人", "责任人电话", "状态", "安置点")


class HouseholdFilter(forms.Form):
    """Words, street, state."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    street = forms.ModelChoiceField(
        Department.objects.none(), label="街道", required=False, empty_label="全部", to_field_name="slug"
    )
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(self, *args: Any, seen: QuerySet[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        streets = Department.objects.filter(pk__in=seen.order_by().values("street"))
        self.fields["street"].queryset = streets  # type: ignore[attr-defined]


def _asked(
    request: StaffRequest, running: Running | None
) -> tuple[HouseholdFilter, QuerySet[Household], list[Line]]:
    seen = Household.objects.visible_to(request.user).on_book()
    form = HouseholdFilter(request.GET, seen=seen)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = seen.select_related("street", "shelter")
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(head__icontains=word) | Q(address__icontains=word) | Q(helper__icontains=word))
    if chosen.get("street"):
        rows = rows.filter(street=chosen["street"])
    order = request.GET.get("sort", "")
    if place := SORTS.get(order.removeprefix("-")):
        rows = rows.order_by(f"-{place}" if order.startswith("-") else place, "pk")
    lines = lines_in(running, rows)
    if chosen.get("state"):
        lines = [line for line in lines if line.state == chosen["state"]]
    return form, seen, lines


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Who has to leave at this level, who has left, who is home again; shelters with their room."""
    running = running_of(request.GET.get("response"))
    form, _, lines = _asked(request, running)
    shelters = Shelter.objects.with_people().select_related("street")
    context = {
        "page": Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "order": request.GET.get("sort", ""),
        "running": running,
        "badge": Badge(running.level) if running else None,
        "counts": _counts(lines),
        "shelters": shelters,
        "here": "households",
    }
    return render(request, "floodresponse/resources/households.html", context)


def _counts(lines: list[Line]) -> list[tuple[str, str, int, int]]:
    """Colour, word, households and people by state."""
    return [
        (
            COLOURS[state],
            WORDS[state],
            len(of_state := [line for line in lines if line.state == state]),
            sum(line.move.people if line.move else line.household.people for line in of_state),
        )
        for state in ("waiting", "moved", "returned", "later")
    ]


@require_safe
@staff_page(PERMISSION, "导出转移避险户")
def households_xlsx(request: StaffRequest) -> HttpResponse:
    """The households asked for, with where they are."""
    running = running_of(request.GET.get("response"))
    _, _, lines = _asked(request, running)
    drill = DRILL if running and running.response.exercise else ""
    note_list_taken(actor=request.user, households=len(lines), at=timezone.now())
    rows = (
        (
            line.household.street.name,
            line.household.head,
            line.household.address,
            str(line.household.people),
            line.household.in_need,
            line.household.phone,
            line.household.helper,
            line.household.helper_phone,
            f"{drill}{line.word}",
            str((line.move.shelter if line.move else line.household.shelter) or ""),
        )
        for line in lines
    )
    return workbook_response(f"{drill}转移避险户", "flood-households", HEADER, rows)


@require_POST
@staff_page(PERMISSION, READING)
def check_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Moved, or home again."""
    seen = Household.objects.visible_to(request.user).select_related("street")
    household = get_object_or_404(seen, pk=pk)
    found = get_object_or_404(Response, pk=_number(request.POST.get("response")) or 0)
    try:
        if request.POST.get("step") == "return":
            move = get_object_or_404(HouseholdMove, household=household, response=found)
            move.household = household
            return_household(actor=request.user, move=move, at=timezone.now())
            notes.success(request, f"{household.head}户已登记返回。")
        else:
            _move(request, household, found)
    except (InvalidInput, StateConflict) as refusal:
        notes.error(request, refusal.message)
    return redirect(f"{household.get_absolute_url()}?response={found.pk}")


def _move(request: StaffRequest, household: Household, found: Response) -> None:
    shelter = Shelter.objects.with_people().filter(pk=_number(request.POST.get("shelter")) or 0).first()
    people = _number(request.POST.get("people")) or 0
    move_household(
        actor=request.user,
        household=household,
        response=found,
        shelter=shelter,
        people=people,
        at=timezone.now(),
    )
    notes.success(request, f"{household.head}户已登记转移。")
    if shelter and not found.exercise and shelter.capacity is not None:
        over = shelter.housed + people - shelter.capacity  # type: ignore[attr-defined]
        if over > 0:
            notes.warning(request, f"{shelter.name}已超过可安置人数 {over} 人，请另行安排。")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
