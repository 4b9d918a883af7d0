"""Reads of task lists and tasks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce

from organizations.querysets import related
from taskboard import pasttasks, urgency
from taskboard.lights import GREEN, GREY, RED, SOON_DAYS, WITHOUT_CLOCK, YELLOW, light
from taskboard.moves import MOVES
from taskboard.signedby import own_state

if TYPE_CHECKING:
    from taskboard.models import Extension, RecordLink, Task, TaskList  # noqa: F401

OWN = "own"


class TaskListQuerySet(models.QuerySet["TaskList"]):
    """Task lists."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Lists are for signed-in staff."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()


def _whether(condition: models.Q) -> models.Case:
    """A condition as a value."""
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )


class TaskQuerySet(models.QuerySet["Task"]):
    """Tasks."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Tasks are for signed-in staff."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def with_departments(self) -> Self:
        """List and departments in a constant number of queries."""
        return self.select_related("task_list").prefetch_related("duties__department")

    def with_due(self) -> Self:
        """Adds ``due``: the own date, else the list's end; a past day that is looked at has its own."""
        if "due" in self.query.annotations:
            return self
        return self.annotate(due=Coalesce("due_on", "task_list__ends_on"))

    def count_by_department(
        self, *names: str, moment: datetime | None = None, role: str = "", **counts: models.Aggregate
    ) -> list[tuple[Any, ...]]:
        """Slug, name, role, place in the role, what is named, and the counts; departments come repeatedly.

        Just before ``moment`` some tasks had other departments than now. Among the names
        ``own`` is the state for the department itself: ``issued`` until it has signed.
        """
        rows: list[tuple[Any, ...]] = []
        for relation, held in self.duties_at(moment):
            # In one filter, so that all conditions are those of the same department.
            of_role = models.Q(**{f"{relation}__role": role}) if role else models.Q()
            heads = (
                f"{relation}__{name}" for name in ("department__slug", "department__name", "role", "order")
            )
            found = self.filter(held & of_role).order_by()
            if OWN in names:
                found = found.annotate(**{OWN: own_state(self.model, relation, moment)})
            grouped = found.values_list(*heads, *names)
            rows += grouped.annotate(**counts or {"n": models.Count("pk")})
        return rows

    def departments_at(self, moment: datetime, role: str) -> Iterator[tuple[str, str, int, int]]:
        """Slug and name of each department in a role just before the moment, keys of its task and its own."""
        for relation, held in self.duties_at(moment):
            of_role = models.Q(**{f"{relation}__role": role})
            unit = f"{relation}__department"
            names = (f"{unit}__slug", f"{unit}__name", "pk", f"{unit}_id")
            yield from self.filter(held & of_role).order_by().values_list(*names).iterator()

    def duties_at(self, moment: datetime | None) -> Iterator[tuple[str, models.Q]]:
        """Relations to departments, each with what says that it held then."""
        now = models.Q(duties__isnull=False)
        if moment is None:
            yield "duties", now
            return
        past = related(self.model, "past_duties")
        replaced = past.filter(task=models.OuterRef("pk"), until__gte=moment)
        yield "duties", now & ~models.Q(models.Exists(replaced))
        yield "past_duties", models.Q(past_duties__in=past.at(moment).order_by())

    def seen(self, on_day: date, today: date) -> Self:
        """Adds ``stood``, ``done``, ``handed_in``, ``due``: state, percentage, day of the result, due date.

        Of a day before today they come out of the history, and so do the rows' own
        state, percentage, dates and departments; what had not been issued is left out.
        """
        if on_day >= today:
            return self._as_it_is()
        return self.then(pasttasks.end_of(on_day)).exclude(stood="draft")

    def then(self, moment: datetime) -> Self:
        """Rows as they were just before the moment, drafts among them; to be shown, never to be saved."""
        found = self.annotate(**pasttasks.expressions_at(self.model, moment))
        found = found.prefetch_related(pasttasks.departments_at(self.model, moment))
        found._iterable_class = pasttasks.PastRows
        return found

    def _as_it_is(self) -> Self:
        if "stood" in self.query.annotations:
            return self
        now = {"stood": models.F("state"), "done": models.F("percent"), "handed_in": models.F("submitted_on")}
        return self.with_due().annotate(**now)

    def with_light(self, on_day: date, soon_days: int = SOON_DAYS) -> Self:
        """Adds ``light``: what ``taskboard.lights`` says of the day, computed by the database.

        The states are those of ``seen``, or those of now.
        """
        soon = on_day + min(timedelta(days=soon_days), date.max - on_day)
        no_clock = models.Q(stood__in=[*WITHOUT_CLOCK, "closed"]) | models.Q(due__isnull=True)
        handed_in = models.Q(stood="submitted", handed_in__lte=on_day)
        return self._as_it_is().annotate(
            light=models.Case(
                models.When(no_clock, then=models.Value(GREY)),
                models.When(handed_in & models.Q(handed_in__lte=models.F("due")), then=models.Value(GREEN)),
                models.When(handed_in, then=models.Value(RED)),
                models.When(due__lt=on_day, then=models.Value(RED)),
                models.When(due__lte=soon, then=models.Value(YELLOW)),
                default=models.Value(GREEN),
            )
        )

    def count_by_light(self, on_day: date) -> list[tuple[int, str, str, int]]:
        """How many tasks: list, light, state, number."""
        if self._iterable_class is pasttasks.PastRows:
            return self._count_past_lights(on_day)
        lit: models.QuerySet[Any] = self.with_light(on_day).order_by()
        rows = lit.values_list("task_list_id", "light", "stood")
        return list(rows.annotate(n=models.Count("pk")))

    def count_all_by_light(self, on_day: date) -> list[tuple[str, str, int]]:
        """How many tasks in all lists together: light, state, number."""
        if self._iterable_class is pasttasks.PastRows:
            return [row[1:] for row in self._count_past_lights(on_day)]
        lit: models.QuerySet[Any] = self.with_light(on_day).order_by()
        return list(lit.values_list("light", "stood").annotate(n=models.Count("pk")))

    def _count_past_lights(self, on_day: date) -> list[tuple[int, str, str, int]]:
        """Lit here: what a task was like is put together out of its history once, not for each condition."""
        rows: models.QuerySet[Any] = self.order_by()
        grouped = rows.values_list("task_list_id", "stood", "due", "handed_in").annotate(n=models.Count("pk"))
        counted: Counter[tuple[int, str, str]] = Counter()
        for key, stood, due, handed_in, number in grouped:
            lit = light(due, stood, on_day, submitted_on=handed_in).colour
            counted[key, GREY if stood == "closed" else lit, stood] += number
        return [(*key, number) for key, number in counted.items()]

    def pressing(self, on_day: date) -> Self:
        """Overdue and nearly due tasks, the earliest first."""
        return self.with_light(on_day).filter(light__in=[RED, YELLOW]).order_by("due", "task_list", "order")

    def of_departments(self, keys: Iterable[int], moment: datetime | None = None) -> Self:
        """Tasks that one of the departments, by key, leads or supports, or did just before the moment."""
        return self.filter(self._held_by(keys, moment))

    def _held_by(self, keys: Iterable[int], moment: datetime | None, role: str = "") -> models.Q:
        held = models.Q(department__in=list(keys))
        if moment is not None:
            return pasttasks.had_duty(self.model, moment, held, role)
        duties = related(self.model, "duties").filter(held, task=models.OuterRef("pk"))
        return models.Q(models.Exists(duties.filter(role=role) if role else duties))

    def to_sign(self, holders: Mapping[int, Iterable[int]]) -> Self:
        """Tasks that one of the departments, each with those whose duties it carries, has yet to sign for."""
        return self.filter(self._unsigned(holders), state__in=MOVES["sign"].starts)

    def as_work_of(self, holders: Mapping[int, Iterable[int]], moment: datetime | None = None) -> Self:
        """Running tasks of departments, now or just before the moment; adds ``leads_it`` and ``unsigned``."""
        keys = {key for held in holders.values() for key in held}
        running = self._as_it_is().of_departments(keys, moment).filter(stood__in=MOVES["sign"].starts)
        return running.annotate(
            leads_it=_whether(self._held_by(keys, moment, "lead")),
            unsigned=_whether(self._unsigned(holders, moment)),
        )

    def count_work(self) -> list[tuple[int, str, bool, bool, str, str, int]]:
        """Of ``as_work_of``: list, its title, whether led, whether unsigned, light, state, number."""
        rows: models.QuerySet[Any] = self.order_by()
        named = rows.values_list("task_list_id", "task_list__title", "leads_it", "unsigned", "light", "stood")
        return list(named.annotate(n=models.Count("pk")))

    def still_unsigned(self) -> Self:
        """Of ``as_work_of``: what waits for a signature, led tasks first."""
        return self.filter(unsigned=True).order_by("-leads_it", "due", "order")

    def only_supported(self) -> Self:
        """Of ``as_work_of``: signed tasks that others lead."""
        return self.filter(unsigned=False, leads_it=False).order_by("due", "order")

    def led_by_urgency(self) -> Self:
        """Of ``as_work_of``: signed tasks that are led, the most urgent first."""
        owed = ~models.Q(stood="submitted")
        rank = models.Case(
            models.When(owed & models.Q(light=RED), then=models.Value(urgency.OVERDUE)),
            models.When(owed & models.Q(light=YELLOW), then=models.Value(urgency.SOON)),
            models.When(stood="returned", then=models.Value(urgency.RETURNED)),
            default=models.Value(urgency.GOING),
            output_field=models.IntegerField(),
        )
        led = self.filter(unsigned=False, leads_it=True)
        return led.annotate(rank=rank).order_by("rank", "due", "task_list", "order")

    def _unsigned(self, holders: Mapping[int, Iterable[int]], moment: datetime | None = None) -> models.Q:
        wanted = models.Q(pk__in=[])
        until = {"at__lt": moment} if moment else {}
        for unit, keys in holders.items():
            signatures = related(self.model, "signatures")
            signed = signatures.filter(task=models.OuterRef("pk"), department=unit, **until)
            wanted |= self._held_by(keys, moment) & ~models.Q(models.Exists(signed))
        return wanted

    def of_issued_lists(self) -> Self:
        """Tasks of lists that are neither drafts nor archived."""
        return self.filter(task_list__state="issued")

    def due_before(self, day: date) -> Self:
        """Tasks due on or before the day."""
        return self.with_due().filter(due__lte=day)

    def led_by(self, department: str) -> Self:
        """Tasks that the department (its slug) leads."""
        return self.filter(duties__role="lead", duties__department__slug=department)

    def supported_by(self, department: str) -> Self:
        """Tasks that the department (its slug) supports."""
        return self.filter(duties__role="support", duties__department__slug=department)


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Later dates that were asked for."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Whoever sees tasks sees what was asked for them."""
        allowed = user.is_authenticated and user.has_perm("taskboard.view_task")  # type: ignore[attr-defined]
        return self if allowed else self.none()

    def pending(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(state="pending")

    def undecided(self, moment: datetime | None) -> Self:
        """Those that nobody had decided just before the moment; without one, those of now."""
        if moment is None:
            return self.pending()
        closed = related(self.model, "task", "transitions").filter(
            task=models.OuterRef("task"), action="close", at__gte=models.OuterRef("asked_at"), at__lt=moment
        )
        lapsed = models.Q(state="lapsed") & ~models.Exists(closed)
        waiting = models.Q(state="pending") | models.Q(decided_at__gte=moment) | lapsed
        return self.filter(waiting, asked_at__lt=moment)


class RecordLinkQuerySet(models.QuerySet["RecordLink"]):
    """Links between entries, documents and tasks."""

    def confirmed(self) -> Self:
        """Those that an editor has made or confirmed."""
        return self.filter(state="confirmed")

    def proposed(self) -> Self:
        """Those that wait for an editor."""
        return self.filter(state="proposed")

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those whose both ends the user may see."""
        ends = {
            name: related(self.model, name).visible_to(user).order_by()
            for name in ("event", "directive", "task")
        }
        seen = models.Q()
        for name, visible in ends.items():
            seen &= models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__in": visible.values("pk")})
        return self.filter(seen)
