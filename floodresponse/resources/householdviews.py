"""Households to move in the response that runs, checked off one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.matrix import Badge
from floodresponse.models import Household, HouseholdMove, Response, Shelter
from floodresponse.reportsheets import DRILL
from floodresponse.resources.checkoff import COLOURS, STATES, WORDS, Line, lines_in, running_of
from floodresponse.resources.forms import MAX_WORDS
from floodresponse.resources.situation import Running, running_responses
from floodresponse.services.households import (
    move_household,
    note_list_taken,
    return_household,
    take_back_move,
)
from foundation.errors import InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from organizations.models import Department

PERMISSION, READING = "floodresponse.view_households", "查看转移避险户"
PAGE_SIZE = 50
SORTS = {"street": "street__name", "address": "address", "head": "head", "people": "people"}
HEADER = ("街道", "户主", "住址", "人数", "需帮扶情况", "电话", "包保责任人", "责任人电话", "状态", "安置点")


class HouseholdFilter(forms.Form):
    """Words, street, state; beside a real response that runs, also in which of the two."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    street = forms.ModelChoiceField(
        Department.objects.none(), label="街道", required=False, empty_label="全部", to_field_name="slug"
    )
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)

    def __init__(
        self, *args: Any, seen: QuerySet[Household], running: Sequence[Running], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        streets = Department.objects.filter(pk__in=seen.order_by().values("street"))
        self.fields["street"].queryset = streets  # type: ignore[attr-defined]
        if len(running) > 1:
            choices = [(one.response.pk, DRILL if one.response.exercise else "实际响应") for one in running]
            self.fields["response"] = forms.ChoiceField(label="响应", required=False, choices=choices)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: ``lines`` to show, ``counted`` those of all states."""

    form: HouseholdFilter
    running: Running | None
    counted: list[Line]
    lines: list[Line]


def _asked(request: StaffRequest) -> Asked:
    found = running_responses()
    running = running_of(request.GET.get("response"), found)
    seen = Household.objects.visible_to(request.user).on_book()
    form = HouseholdFilter(request.GET, seen=seen, running=found)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = seen.select_related("street", "shelter")
    for word in chosen.get("q", "").split()[:MAX_WORDS]:
        rows = rows.filter(Q(head__icontains=word) | Q(address__icontains=word) | Q(helper__icontains=word))
    if chosen.get("street"):
        rows = rows.filter(street=chosen["street"])
    order = request.GET.get("sort", "")
    if place := SORTS.get(order.removeprefix("-")):
        rows = rows.order_by(f"-{place}" if order.startswith("-") else place, "pk")
    counted = lines_in(running, rows)
    state = chosen.get("state")
    return Asked(form, running, counted, [one for one in counted if not state or one.state == state])


@require_safe
@staff_page(PERMISSION, READING)
def index(request: StaffRequest) -> HttpResponse:
    """Who has to leave at this level, who has left, who is home again; shelters with their room."""
    asked = _asked(request)
    shelters = Shelter.objects.with_people().select_related("street")
    context = {
        "page": Paginator(asked.lines, PAGE_SIZE).get_page(request.GET.get("page")),
        "form": asked.form,
        "filtered": any(request.GET.get(name) for name in asked.form.fields),
        "order": request.GET.get("sort", ""),
        "running": asked.running,
        "badge": Badge(asked.running.level) if asked.running else None,
        "counts": _counts(asked.counted),
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
    asked = _asked(request)
    running, lines = asked.running, asked.lines
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
    """Moved, home again, or what was registered by mistake taken back; then on with the list as it was."""
    seen = Household.objects.visible_to(request.user).select_related("street")
    household = get_object_or_404(seen, pk=pk)
    found = get_object_or_404(Response, pk=_number(request.POST.get("response")) or 0)
    query = QueryDict(request.POST.get("back", ""), mutable=True)
    query["response"] = str(found.pk)
    address = f"{household.get_absolute_url()}?{query.urlencode()}"
    step = {"return": _return, "undo": _take_back}.get(request.POST.get("step", ""), _move)
    try:
        warned = step(request, household, found)
    except (InvalidInput, StateConflict) as refusal:
        notes.error(request, refusal.message)
        return redirect(address)
    # Whoever checks off one household after another is brought back to it, unless there is something to read.
    return redirect(address if warned else f"{address}#household-{household.pk}")


def _move(request: StaffRequest, household: Household, found: Response) -> bool:
    """It has left; returns whether the shelter is too full."""
    shelter = _shelter(request.POST.get("shelter"))
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
    if shelter is None or found.exercise or shelter.capacity is None:
        return False
    over: int = shelter.housed + people - shelter.capacity  # type: ignore[attr-defined]
    if over > 0:
        notes.warning(request, f"{shelter.name}已超过可安置人数 {over} 人，请另行安排。")
    return over > 0


def _shelter(chosen: str | None) -> Shelter | None:
    """The one chosen, None where none was; never none in place of one that is gone meanwhile."""
    if not chosen:
        return None
    shelter = Shelter.objects.with_people().filter(pk=_number(chosen) or 0).first()
    if shelter is None:
        raise InvalidInput("所选安置点已不在清单中，没有登记，请另选安置点。")
    return shelter


def _return(request: StaffRequest, household: Household, found: Response) -> bool:
    """It is home again."""
    return_household(actor=request.user, move=_stored(household, found), at=timezone.now())
    notes.success(request, f"{household.head}户已登记返回。")
    return False


def _take_back(request: StaffRequest, household: Household, found: Response) -> bool:
    """The last step was registered by mistake."""
    reason = request.POST.get("reason", "")
    move = _stored(household, found)
    was_home = take_back_move(actor=request.user, move=move, reason=reason, at=timezone.now())
    notes.success(request, f"{household.head}户的{'返回' if was_home else '转移'}登记已撤销。")
    return False


def _stored(household: Household, found: Response) -> HouseholdMove:
    moves = HouseholdMove.objects.filter(household=household, response=found).last_of_each()
    move = moves.select_related("shelter").first()
    if move is None:
        raise StateConflict(f"{household.head}户没有转移登记（可能已被撤销），请刷新页面。")
    move.household = household
    return move


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
