"""What a level orders: sirens and the actions of units, and the answers to them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from floodresponse.models import Duty, Level, LevelRecord, Measure, Plan, RainAction, SirenOrder, UnitAction
from floodresponse.readiness import COLLECTIVE_OF_STREETS
from floodresponse.standing import keeps_office
from foundation.errors import PermissionRefused, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require
from organizations.rules import assignments_of

State = UnitAction.State
# What a level orders, and what is ordered below level IV: both are answered alike.
Action = TypeVar("Action", UnitAction, RainAction)
# The plan's duties carry no level: they hold with the lightest response.
LIGHTEST = int(Level.IV)


# -- sirens --------------------------------------------------------------------------------


def order_sirens(*, record: LevelRecord, before: LevelRecord | None, at: datetime) -> None:
    """Soundings as the plan has them for the level; lowering and exercises never sound.

    Whatever was ordered before and has not sounded is withdrawn: it belongs to
    a level that holds no more.
    """
    earlier = SirenOrder.objects.filter(record__response=record.response_id, sounded_at=None)
    earlier.filter(withdrawn_at=None).update(withdrawn_at=at)
    if record.level is None or record.response.exercise or not _is_raised(record.level, before):
        return
    rule = record.response.plan.sirens.filter(level=record.level).first()
    if rule is not None:
        SirenOrder.objects.bulk_create(
            SirenOrder(record=record, number=number, minutes=rule.minutes)
            for number in range(1, rule.soundings + 1)
        )


def _is_raised(level: int, before: LevelRecord | None) -> bool:
    return before is None or before.level is None or level < before.level


@transaction.atomic
def confirm_sounding(*, actor: User, at: datetime, order: SirenOrder) -> SirenOrder:
    """The siren sounded: by whose word and when; raises StateConflict when that is known or was withdrawn."""
    require(actor, "floodresponse.confirm_siren", "确认警报鸣放")
    if not keeps_office(actor):
        raise PermissionRefused("警报鸣放由防涝办值班员或指挥长确认，您不能确认。")
    waiting = SirenOrder.objects.filter(pk=order.pk, sounded_at=None, withdrawn_at=None)
    if not waiting.update(sounded_at=at, sounded_by=actor):
        order.refresh_from_db()
        why = "已经确认鸣放" if order.sounded_at else "已随级别变动撤销"
        raise StateConflict(f"第 {order.number} 次警报{why}，没有重复确认。请刷新页面。")
    order.refresh_from_db()
    record_change(
        actor=actor, action="flood_siren.sounded", target=order, at=at, after={"number": order.number}
    )
    return order


# -- actions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action that the plan asks for at a level."""

    text: str
    from_level: int
    unit: Department | None
    duty: Duty | None = None
    measure: Measure | None = None

    @property
    def key(self) -> tuple[int | None, int | None, int | None]:
        """What makes it the same action."""
        return (
            self.unit.pk if self.unit else None,
            self.duty.pk if self.duty else None,
            self.measure.pk if self.measure else None,
        )


def order_actions(*, record: LevelRecord, at: datetime) -> None:
    """Open what the level asks for and is not open or done, close what no longer applies."""
    response = record.response
    standing = UnitAction.objects.filter(response=response).exclude(state=State.CLOSED)
    level = record.level
    undone = standing.exclude(state=State.DONE)
    outdated = undone if level is None else undone.filter(from_level__lt=level)
    outdated.update(state=State.CLOSED, closed_at=at)
    if level is None:
        return
    present = set(standing.values_list("unit", "duty", "measure"))
    wanted = {action.key: action for action in _wanted(response.plan) if action.from_level >= level}
    UnitAction.objects.bulk_create(
        UnitAction(
            response=response,
            record=record,
            unit=action.unit,
            duty=action.duty,
            measure=action.measure,
            from_level=action.from_level,
            text=action.text,
        )
        for key, action in wanted.items()
        if key not in present
    )


def _wanted(plan: Plan) -> Iterator[Wanted]:
    """All that the plan asks of anybody during a response; a measure without units is the command post's."""
    streets = list(Department.objects.streets().active())
    for duty in plan.duties.prefetch_related("units").order_by("order"):
        for unit in each_unit(duty.units.all(), streets):
            yield Wanted(duty.summary or duty.printed_unit, LIGHTEST, unit, duty=duty)
    measures = plan.measures.filter(situation=Measure.Situation.RESPONSE).prefetch_related("units")
    for measure in measures.order_by("order"):
        level = measure.from_level or LIGHTEST
        owners: list[Department | None] = [*each_unit(measure.units.all(), streets)]
        for owner in owners or [None]:
            yield Wanted(measure.summary, level, owner, measure=measure)


def each_unit(units: Iterable[Department], streets: list[Department]) -> Iterator[Department]:
    """Units with the streets one by one instead of their collective."""
    for unit in units:
        together = unit.kind == Department.Kind.COLLECTIVE and COLLECTIVE_OF_STREETS in unit.name
        yield from streets if together and streets else [unit]


@transaction.atomic
def acknowledge_action(*, actor: User, at: datetime, action: Action) -> Action:
    """The unit has seen what it has to do."""
    _require_own(actor, action, "签收这项行动")
    move = {"state": State.ACKNOWLEDGED, "acknowledged_at": at, "acknowledged_by": actor}
    return _move(actor, at, action, State.OPEN, move, "flood_action.acknowledge")


@transaction.atomic
def finish_action(*, actor: User, at: datetime, action: Action) -> Action:
    """The unit has done it."""
    _require_own(actor, action, "上报这项行动落实")
    move = {"state": State.DONE, "done_at": at, "done_by": actor}
    return _move(actor, at, action, State.ACKNOWLEDGED, move, "flood_action.done")


def _require_own(actor: User, action: UnitAction | RainAction, what: str) -> None:
    """The office answers for every unit, an officer for his own."""
    require(actor, "floodresponse.answer_action", what)
    if keeps_office(actor):
        return
    if action.unit_id is None or action.unit_id not in {held.department_id for held in assignments_of(actor)}:
        raise PermissionRefused(f"这项行动属于{action.unit or '指挥部'}，您不能代为办理。")


def _move(actor: User, at: datetime, action: Action, old: str, move: dict[str, object], what: str) -> Action:
    if not type(action)._default_manager.filter(pk=action.pk, state=old).update(**move):
        action.refresh_from_db()
        raise StateConflict(f"这项行动现在是“{action.get_state_display()}”，不能这样办理。请刷新页面。")
    action.refresh_from_db()
    after = {"state": action.state, "text": action.text, "exercise": _is_drill(action)}
    record_change(actor=actor, action=what, target=action, at=at, after=after)
    return action


def _is_drill(action: UnitAction | RainAction) -> bool:
    return action.response.exercise if isinstance(action, UnitAction) else action.order.exercise
