"""Filters of the plan, of incidents, of what is owed and of the duty roster."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from floodresponse.models import Criterion, DutyShift, DutySwap, Incident, Obligation, Plan
from floodresponse.reportqueries import IncidentQuerySet, ObligationQuerySet
from floodresponse.roster.days import duty_day

ALL = "全部"
REAL_OR_DRILL = [("false", "只看实际"), ("true", "只看演练")]
GOING_ON = [("open", "处置中"), ("resolved", "处置完毕"), ("unverified", "待核实上报")]


class MatrixFilter(django_filters.FilterSet):
    """``year``: the plan's; without it the plan that holds today."""

    year = django_filters.NumberFilter(label="方案年度", min_value=1, max_value=9999, decimal_places=0)

    class Meta:
        model = Criterion
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Criterion]) -> QuerySet[Criterion]:
        """The rows of one plan."""
        year = self.form.cleaned_data["year"]
        if year is not None:
            return queryset.filter(plan__in=Plan.objects.published().filter(year=int(year)))
        return queryset.filter(plan=Plan.objects.holding_in(timezone.localdate().year))


class OfDrills(django_filters.FilterSet):
    """Incidents of a drill or real ones."""

    def real_or_drill(self, queryset: IncidentQuerySet, name: str, value: str) -> IncidentQuerySet:
        """Whether it belongs to an exercise."""
        return queryset.filter(exercise=value == "true")


class IncidentFilter(OfDrills):
    """``unit kind state exercise``: a unit's slug; going on, resolved or not passed up; of a drill or not."""

    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    kind = django_filters.ChoiceFilter(choices=Incident.Kind.choices, label="类型", empty_label=ALL)
    state = django_filters.ChoiceFilter(
        choices=GOING_ON, label="状态", empty_label=ALL, method="going_on_or_not"
    )
    exercise = django_filters.ChoiceFilter(
        choices=REAL_OR_DRILL, label="演练", empty_label=ALL, method="real_or_drill"
    )

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def going_on_or_not(self, queryset: IncidentQuerySet, name: str, value: str) -> QuerySet[Incident]:
        """Whether it is resolved, or has reports that were not passed up."""
        if value == "unverified":
            return queryset.unverified()
        return queryset.filter(resolved_at__isnull=value == "open")


class LossFilter(OfDrills):
    """``date_from date_to kind exercise``: days of happening in local time.

    Where no first day is named it is this year's; drills are counted only when they are asked for.
    """

    date_from = django_filters.DateFilter("occurred_at", "date__gte", label="自")
    date_to = django_filters.DateFilter("occurred_at", "date__lte", label="至")
    kind = django_filters.ChoiceFilter(choices=Incident.Kind.choices, label="类型", empty_label=ALL)
    exercise = django_filters.ChoiceFilter(
        choices=REAL_OR_DRILL, label="演练", empty_label=None, null_label=None, method="real_or_drill"
    )

    class Meta:
        model = Incident
        fields: tuple[str, ...] = ()

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        given = QueryDict(mutable=True) if data is None else data.copy()
        given.setdefault("exercise", "false")
        given.setdefault("date_from", f"{timezone.localdate().year}-01-01")
        super().__init__(given, *args, **kwargs)


class ObligationFilter(django_filters.FilterSet):
    """``incident unit state kind exercise``; whether one is overdue is judged now."""

    incident = django_filters.NumberFilter(
        field_name="incident", label="事件", min_value=1, max_value=2**31, widget=forms.HiddenInput
    )
    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    state = django_filters.ChoiceFilter(
        field_name="state_then", choices=Obligation.State.choices, label="状态", empty_label=ALL
    )
    kind = django_filters.ChoiceFilter(choices=Obligation.Kind.choices, label="报告", empty_label=ALL)
    exercise = django_filters.ChoiceFilter(
        choices=REAL_OR_DRILL, label="演练", empty_label=ALL, method="real_or_drill"
    )

    class Meta:
        model = Obligation
        fields: tuple[str, ...] = ()

    def real_or_drill(self, queryset: QuerySet[Obligation], name: str, value: str) -> QuerySet[Obligation]:
        """Whether it belongs to an exercise; what is owed daily never does."""
        if value == "true":
            return queryset.filter(incident__exercise=True)
        return queryset.filter(Q(incident=None) | Q(incident__exercise=False))

    def filter_queryset(self, queryset: ObligationQuerySet) -> QuerySet[Obligation]:
        """The state of each at this moment, then the filters."""
        filtered: QuerySet[Obligation] = super().filter_queryset(queryset.seen_at(timezone.now()))
        return filtered


class ShiftFilter(django_filters.FilterSet):
    """``unit day date_from date_to role on_duty``: ``on_duty=true`` is who is on duty now."""

    unit = django_filters.CharFilter(field_name="unit__slug", label="单位", max_length=80)
    day = django_filters.DateFilter(label="日期")
    date_from = django_filters.DateFilter(field_name="day", lookup_expr="gte", label="自")
    date_to = django_filters.DateFilter(field_name="day", lookup_expr="lte", label="至")
    role = django_filters.ChoiceFilter(choices=DutyShift.Role.choices, label="岗位")
    on_duty = django_filters.BooleanFilter(label="现在在岗", method="now_or_not")

    class Meta:
        model = DutyShift
        fields: tuple[str, ...] = ()

    def now_or_not(self, queryset: QuerySet[DutyShift], name: str, value: bool) -> QuerySet[DutyShift]:
        """Whether it is the day of duty that runs now."""
        today = duty_day(timezone.localtime(timezone.now()))
        return queryset.filter(day=today) if value else queryset.exclude(day=today)


class SwapFilter(django_filters.FilterSet):
    """``unit state shift``: a unit's slug, the answer, a shift that gave or took."""

    unit = django_filters.CharFilter(field_name="shift__unit__slug", label="单位", max_length=80)
    state = django_filters.ChoiceFilter(choices=DutySwap.State.choices, label="状态")
    shift = django_filters.NumberFilter(label="班次", min_value=1, max_value=2**31, method="of_shift")

    class Meta:
        model = DutySwap
        fields: tuple[str, ...] = ()

    def of_shift(self, queryset: QuerySet[DutySwap], name: str, value: int) -> QuerySet[DutySwap]:
        """Whichever side it is on."""
        return queryset.filter(Q(shift=value) | Q(other=value))


class PlanListFilter(django_filters.FilterSet):
    """``year unit``: the plan's year, and the slug of a unit that is named."""

    year = django_filters.NumberFilter(label="方案年度", min_value=1, max_value=9999, decimal_places=0)
    unit = django_filters.CharFilter(label="单位", max_length=80)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of one plan."""
        chosen = self.form.cleaned_data
        if chosen["year"] is None:
            found = queryset.filter(plan=Plan.objects.holding_in(timezone.localdate().year))
        else:
            found = queryset.filter(plan__in=Plan.objects.published().filter(year=int(chosen["year"])))
        if not chosen["unit"]:
            return found
        names = {field.name for field in queryset.model._meta.get_fields()}
        many = Q(units__slug=chosen["unit"]) if "units" in names else Q(unit__slug=chosen["unit"])
        return found.filter(many).distinct()
