"""Below level IV: a person orders the plan's measures for light or heavy rain, without a response.

One real order and one of a drill stand at a time. Ordering heavy rain ends
light rain and the reverse; declaring a response ends either, since from then on
the level's measures hold. Orders and declarations follow one another: each
locks the plans' rows first.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from floodresponse.models import Measure, Plan, RainAction, RainOrder, Response
from floodresponse.services.obligations import require_office
from floodresponse.services.orders import each_unit
from floodresponse.services.reminders import recipients_for
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import Department, User
from organizations.permissions import require

PERMISSION = "floodresponse.order_rain_measures"
SHORTEST_REASON, LONGEST_REASON = 4, 300
WORDS = {Measure.Situation.LIGHT_RAIN.value: "小雨措施", Measure.Situation.HEAVY_RAIN.value: "大雨措施"}
DRILL = "【演练】"
State = RainAction.State


@transaction.atomic
def order_measures(
    *, actor: User, at: datetime, situation: str, reason: str, exercise: bool = False
) -> RainOrder:
    """Order the measures of a situation; every unit named in the plan is told.

    Raises StateConflict while the same is ordered, or while a response is active.
    """
    _require(actor, "部署降雨措施")
    if situation not in WORDS:
        raise InvalidInput("请选择小雨或大雨措施。", fields={"situation": ["请选择小雨或大雨措施。"]})
    why = _sentence(reason, "部署理由")
    plan = _plan_for(at)
    _refuse_beside_response(exercise)
    standing = RainOrder.objects.standing().filter(exercise=exercise).select_related("ordered_by").first()
    if standing is not None and standing.situation == situation:
        when = timezone.localtime(standing.ordered_at)
        raise StateConflict(
            f"{standing.ordered_by} 已于 {when:%m月%d日 %H:%M} 部署{WORDS[situation]}，没有重复部署。"
        )
    if standing is not None:
        _close(standing, actor, at, f"转为{WORDS[situation]}")
    order = RainOrder.objects.create(
        plan=plan, situation=situation, exercise=exercise, reason=why, ordered_at=at, ordered_by=actor
    )
    count = _write_actions(order)
    after = {"situation": situation, "exercise": exercise, "actions": count}
    record_change(actor=actor, action="rain_order.order", target=order, at=at, after=after, reason=why)
    _tell(order, "ordered", at, f"部署{WORDS[situation]}", f"{why}。请逐项签收、落实并上报。")
    return order


@transaction.atomic
def end_order(*, actor: User, at: datetime, order: RainOrder, reason: str) -> RainOrder:
    """End an order; what was not done by then no longer applies."""
    _require(actor, "结束降雨部署")
    why = _sentence(reason, "结束原因")
    _queue_up()
    current = RainOrder.objects.select_for_update().get(pk=order.pk)
    if current.ended_at is not None:
        when = timezone.localtime(current.ended_at)
        raise StateConflict(f"这次部署已由 {current.ended_by} 于 {when:%m月%d日 %H:%M} 结束，没有重复办理。")
    _close(current, actor, at, why)
    _tell(current, "ended", at, f"结束{WORDS[current.situation]}", f"结束原因：{why}")
    return current


def end_for_response(*, actor: User, at: datetime, response: Response) -> None:
    """A declared response takes over; inside its transaction."""
    for order in RainOrder.objects.standing().filter(exercise=response.exercise).select_for_update():
        _close(order, actor, at, "已启动应急响应，按响应级别行动")


def _require(actor: User, what: str) -> None:
    require(actor, PERMISSION, what)
    require_office(actor, what)


def _sentence(text: str, what: str) -> str:
    stripped = text.strip()
    if not SHORTEST_REASON <= len(stripped) <= LONGEST_REASON:
        sentence = f"请写明{what}（{SHORTEST_REASON} 至 {LONGEST_REASON} 字）。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    return stripped


def _plan_for(at: datetime) -> Plan:
    plan = Plan.objects.holding_in(timezone.localtime(at).year)
    if plan is None:
        raise StateConflict("还没有防内涝方案入库，不能部署。请先导入载有方案的公报。")
    _queue_up()
    return plan


def _queue_up() -> None:
    list(Plan.objects.order_by("pk").select_for_update().values_list("pk", flat=True))


def _refuse_beside_response(exercise: bool) -> None:
    active = Response.objects.active().filter(exercise=exercise).first()
    if active is not None:
        when = timezone.localtime(active.declared_at)
        raise StateConflict(f"应急响应已于 {when:%m月%d日 %H:%M} 启动，请按响应级别行动，没有另行部署。")


def _write_actions(order: RainOrder) -> int:
    """Each measure for each of its units; one without units is the command post's own."""
    streets = list(Department.objects.streets().active())
    measures = (
        order.plan.measures.filter(situation=order.situation).prefetch_related("units").order_by("order")
    )
    rows = [
        RainAction(order=order, measure=measure, unit=unit, text=measure.summary)
        for measure in measures
        for unit in _owners(measure, streets)
    ]
    if not rows:
        raise StateConflict(f"方案里没有{WORDS[order.situation]}，没有部署。请先在方案中补齐。")
    return len(RainAction.objects.bulk_create(rows))


def _owners(measure: Measure, streets: list[Department]) -> list[Department | None]:
    """Its units, each once; the command post where it names none."""
    found = {unit.pk: unit for unit in each_unit(measure.units.all(), streets)}
    return [*found.values()] or [None]


def _close(order: RainOrder, actor: User, at: datetime, why: str) -> None:
    order.ended_at, order.ended_by, order.end_reason = at, actor, why
    order.save(update_fields=["ended_at", "ended_by", "end_reason"])
    order.actions.filter(state__in=[State.OPEN, State.ACKNOWLEDGED]).update(state=State.CLOSED, closed_at=at)
    record_change(
        actor=actor,
        action="rain_order.end",
        target=order,
        at=at,
        after={"ended_at": at, "exercise": order.exercise},
        reason=why,
    )


def _concerned(order: RainOrder) -> Iterable[User]:
    """Officers of the units with office and commanders; in a drill the latter alone."""
    units = set() if order.exercise else {action.unit_id for action in order.actions.all()} - {None}
    people = recipients_for(unit for unit in units if unit is not None)
    officers = [user for members in people.officers.values() for user in members]
    # Officers of the office itself are looked up with it, also in a drill.
    chosen = (
        [*people.office, *people.commanders]
        if order.exercise
        else [*officers, *people.office, *people.commanders]
    )
    return {user.pk: user for user in chosen}.values()


def _tell(order: RainOrder, tier: str, at: datetime, subject: str, body: str) -> None:
    queue_messages(
        drafts=[
            Draft(
                about=f"rain-order:{order.pk}",
                tier=tier,
                recipient=user,
                topic=Topic.FLOOD,
                subject=f"{DRILL if order.exercise else ''}{subject}",
                body=body,
                url=order.get_absolute_url(),
                not_before=at,
                urgent=True,
                exercise=order.exercise,
            )
            for user in _concerned(order)
        ],
        at=at,
    )
