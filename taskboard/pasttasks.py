"""What a task was like at a moment that is past, out of its history: expressions for the database."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.query import ModelIterable
from django.utils import timezone

from organizations.querysets import related

DUTIES_THEN = "duties_then"


def end_of(day: date) -> datetime:
    """The moment at which a day is over."""
    return timezone.make_aware(datetime.combine(day, time.min) + timedelta(days=1))


def moment_of(day: date, today: date) -> datetime | None:
    """The end of a day that is over; None where the records as they are now are looked at."""
    return end_of(day) if day < today else None


def expressions_at(model: type[models.Model], moment: datetime) -> dict[str, Any]:
    """``stood``, ``done``, ``handed_in``, ``due`` of a task just before the moment.

    Where the history says nothing of the moment, what the next step found is taken;
    where there is no history at all, what the task says now.
    """
    stood = _state_at(model, moment)
    return {
        "stood": stood,
        "done": _percent_at(model, moment),
        "handed_in": _handed_in_at(model, moment),
        "due": _due_at(model, moment),
    }


def _rows(model: type[models.Model], name: str, **conditions: Any) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = related(model, name).filter(task=OuterRef("pk"), **conditions)
    return rows.order_by()


def _state_at(model: type[models.Model], moment: datetime) -> Coalesce:
    """What the next step found; without one nothing has changed since. One look instead of two."""
    after = _rows(model, "transitions", at__gte=moment).order_by("at", "pk").values("from_state")[:1]
    return Coalesce(Subquery(after), F("state"))


def _percent_at(model: type[models.Model], moment: datetime) -> Coalesce:
    led = _rows(model, "reports", as_lead=True)
    before = led.filter(at__lt=moment).order_by("-at", "-pk").values("percent")[:1]
    not_yet = Case(When(Exists(led), then=Value(0)), output_field=models.PositiveSmallIntegerField())
    return Coalesce(Subquery(before), not_yet, F("percent"))


def _handed_in_at(model: type[models.Model], moment: datetime) -> Case:
    """The day of the result that stands: none after a return or a reopening."""
    steps = _rows(model, "transitions", action__in=("submit", "return", "reopen"))
    last = steps.filter(at__lt=moment).order_by("-at", "-pk")
    day = Case(When(action="submit", then=TruncDate("at")), output_field=models.DateField())
    return Case(
        When(Exists(steps), then=Subquery(last.annotate(on=day).values("on")[:1])),
        default=F("submitted_on"),
        output_field=models.DateField(),
    )


def _due_at(model: type[models.Model], moment: datetime) -> Case:
    changed = _rows(model, "past_dues", until__gte=moment)
    first = changed.order_by("until", "pk").values("due")[:1]
    return Case(
        When(Exists(changed), then=Subquery(first)),
        default=Coalesce("due_on", "task_list__ends_on"),
        output_field=models.DateField(),
    )


def departments_at(model: type[models.Model], moment: datetime) -> Any:
    """The departments of a task just before the moment, where they are others now."""
    rows = related(model, "past_duties").at(moment).select_related("department")
    return models.Prefetch("past_duties", rows.order_by("role", "order"), to_attr=DUTIES_THEN)


def had_duty(model: type[models.Model], moment: datetime, named: Q, role: str = "") -> Q:
    """Whether one of the departments had the task just before the moment, in the role or in any."""
    if role:
        named &= Q(role=role)
    replaced = _rows(model, "past_duties", until__gte=moment)
    then = related(model, "past_duties").at(moment).filter(named, task=OuterRef("pk"))
    now = _rows(model, "duties").filter(named)
    return Q(Exists(then)) | (Q(Exists(now)) & ~Q(Exists(replaced)))


class PastRows(ModelIterable):  # type: ignore[type-arg]  # not to be subscripted at run time
    """Rows that carry what they were then, to be shown; services read the row again before they write."""

    def __iter__(self) -> Any:
        for task in super().__iter__():
            task.state, task.percent, task.submitted_on = task.stood, task.done, task.handed_in
            if task.effective_due_on != task.due:
                task.due_on = task.due
            yield task
