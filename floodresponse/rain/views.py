"""Orders below level IV: the one that stands, those before, one with what each unit did."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from floodresponse.downloads import workbook_response
from floodresponse.models import Measure, Plan, RainAction, RainOrder, Response
from floodresponse.rain.filters import SITUATIONS, OrderFilter
from floodresponse.services import acknowledge_action, finish_action
from floodresponse.services.rainorders import WORDS, end_order, order_measures
from floodresponse.standing import keeps_office, units_of
from foundation.errors import DomainError, InvalidInput, StateConflict
from organizations.access import StaffRequest, staff_page
from taskboard.ledgers.forms import show_refusal

PERMISSION, LOOKING = "floodresponse.view_command_post", "查看降雨部署"
ORDERING, ANSWERING = "floodresponse.order_rain_measures", "floodresponse.answer_action"
PAGE_SIZE = 50
SORTS = {"ordered": ("ordered_at", "pk"), "-ordered": ("-ordered_at", "-pk")}
HEADER = ("措施", "单位", "状态", "签收时间", "签收人", "落实时间", "落实人")
State = RainAction.State


class OrderForm(forms.Form):
    """What is ordered and why."""

    situation = forms.ChoiceField(label="情形", choices=SITUATIONS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="部署理由", max_length=300, widget=forms.TextInput(attrs={"class": "field"})
    )
    exercise = forms.BooleanField(label="演练", required=False)


class EndForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(
        label="结束原因", max_length=300, widget=forms.TextInput(attrs={"class": "field"})
    )


def _may_order(request: StaffRequest) -> bool:
    return request.user.has_perm(ORDERING) and keeps_office(request.user)


@require_safe
@staff_page(PERMISSION, LOOKING)
def orders(request: StaffRequest) -> HttpResponse:
    """The order that stands and those before."""
    return _orders_page(request, OrderForm())


def _orders_page(request: StaffRequest, form: OrderForm) -> HttpResponse:
    seen = RainOrder.objects.visible_to(request.user).select_related("ordered_by")
    counted = seen.annotate(
        total=Count("actions"), done=Count("actions", filter=Q(actions__state=State.DONE))
    )
    filtered = OrderFilter(request.GET, queryset=counted, request=request)
    order = request.GET.get("sort", "-ordered")
    order = order if order in SORTS else "-ordered"
    page = Paginator(filtered.qs.order_by(*SORTS[order]), PAGE_SIZE).get_page(request.GET.get("page"))
    plan = Plan.objects.holding_in(timezone.localdate().year)
    measures = plan.measures.filter(situation__in=WORDS).order_by("situation", "order") if plan else []
    context = {
        "page": page,
        "form": filtered.form,
        "filtered": any(request.GET.get(name) for name in filtered.filters),
        "order": order,
        "order_form": form if _may_order(request) else None,
        "standing": seen.standing().filter(exercise=False).first(),
        "active": Response.objects.active().filter(exercise=False).first(),
        "measures": [(words, [m for m in measures if m.situation == key]) for key, words in WORDS.items()],
    }
    status = 400 if form.errors else 200
    return render(request, "floodresponse/rain/index.html", context, status=status)


@require_POST
@staff_page(ORDERING, "部署降雨措施")
def give(request: StaffRequest) -> HttpResponse:
    """Order."""
    form = OrderForm(request.POST)
    if form.is_valid():
        try:
            given = order_measures(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except (InvalidInput, StateConflict) as refusal:
            show_refusal(form, refusal)
        else:
            notes.success(request, "已部署，已通知各单位签收。")
            return redirect(given)
    return _orders_page(request, form)


def _one(request: StaffRequest, pk: int) -> RainOrder:
    seen = RainOrder.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("plan", "ordered_by", "ended_by"), pk=pk)


def _actions(order: RainOrder) -> Sequence[RainAction]:
    people = ("measure", "unit", "acknowledged_by", "done_by")
    return list(order.actions.select_related(*people).order_by("measure__order", "pk"))


@require_safe
@staff_page(PERMISSION, LOOKING)
def rain_order(request: StaffRequest, pk: int) -> HttpResponse:
    """One order, measure by measure."""
    return _page(request, _one(request, pk), EndForm())


def _page(request: StaffRequest, order: RainOrder, form: EndForm) -> HttpResponse:
    actions = _actions(order)
    asked = request.GET.get("unit", "")
    shown = [action for action in actions if not asked or (action.unit and action.unit.slug == asked)]
    own, answers = units_of(request.user), request.user.has_perm(ANSWERING)
    office = keeps_office(request.user)
    by_measure: dict[Measure, list[tuple[RainAction, bool]]] = {}
    for action in shown:
        mine = answers and order.ended_at is None and (office or action.unit_id in own)
        by_measure.setdefault(action.measure, []).append((action, mine))
    context = {
        "order": order,
        "words": WORDS[order.situation],
        "measures": list(by_measure.items()),
        "counts": Counter(action.state for action in actions),
        "total": len(actions),
        "units": list(dict.fromkeys(action.unit for action in actions if action.unit)),
        "asked": asked,
        "end_form": form if _may_order(request) and order.ended_at is None else None,
    }
    status = 400 if form.errors else 200
    return render(request, "floodresponse/rain/order.html", context, status=status)


@require_POST
@staff_page(ORDERING, "结束降雨部署")
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """End it."""
    order, form = _one(request, pk), EndForm(request.POST)
    if form.is_valid():
        try:
            end_order(actor=request.user, at=timezone.now(), order=order, reason=form.cleaned_data["reason"])
        except InvalidInput as refusal:
            show_refusal(form, refusal)
        except StateConflict as refusal:
            notes.error(request, refusal.message)
            return redirect(order)
        else:
            notes.success(request, "部署已结束，已通知各单位。")
            return redirect(order)
    return _page(request, order, form)


@require_POST
@staff_page(ANSWERING, "签收和上报降雨措施")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Acknowledge an action, or tell that it is done (``step=done``)."""
    seen = RainOrder.objects.visible_to(request.user)
    action = get_object_or_404(
        RainAction.objects.filter(order__in=seen).select_related("order", "unit"), pk=pk
    )
    done = request.POST.get("step") == "done"
    service, words = (finish_action, "已上报落实。") if done else (acknowledge_action, "已签收。")
    try:
        service(actor=request.user, at=timezone.now(), action=action)
        notes.success(request, words)
    except DomainError as refusal:
        notes.error(request, refusal.message)
    return redirect(f"{action.order.get_absolute_url()}#action-{action.pk}")


@require_safe
@staff_page(PERMISSION, "导出降雨部署")
def rain_order_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """What each unit did, as a workbook."""
    order = _one(request, pk)
    rows = [
        (
            action.text,
            str(action.unit or "指挥部"),
            action.get_state_display(),
            _when(action.acknowledged_at),
            str(action.acknowledged_by or ""),
            _when(action.done_at),
            str(action.done_by or ""),
        )
        for action in _actions(order)
    ]
    drill = "演练" if order.exercise else ""
    title = f"{drill}{WORDS[order.situation]}{timezone.localtime(order.ordered_at):%Y%m%d%H%M}"
    return workbook_response(title, f"rain-order-{order.pk}", HEADER, rows)


def _when(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
