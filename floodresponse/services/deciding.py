"""Declaring, adjusting and terminating a response: a person decides, the portal keeps beside it what it saw.

One transaction writes the level with all that follows from it: sirens,
actions of units, messages, the public alert, the number of the notice and a
draft for the chronicle. Decisions follow one another: each locks the plans'
rows first, so of two people pressing at once one is told what the other did.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from floodresponse.assessing import assess
from floodresponse.drilling import assess_drill
from floodresponse.models import Level, LevelRecord, Plan, Response, Station
from floodresponse.observed import as_json
from floodresponse.services.announcing import announce, draft_chronicle_entry
from floodresponse.services.drills import end_replay
from floodresponse.services.orders import order_actions, order_sirens
from floodresponse.services.papers import issue_alert, number_notice
from floodresponse.services.rainorders import end_for_response
from floodresponse.wording import level_words
from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require

PERMISSION = "floodresponse.declare_response"
SHORTEST_REASON = 10
LONGEST_REASON, LONGEST_NAME = 2000, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decides: a level, or None to terminate; why; on whose word."""

    level: int | None
    reason: str = ""
    authorised_by: str = ""


@transaction.atomic
def declare_response(*, actor: User, at: datetime, decision: Decision, exercise: bool = False) -> Response:
    """Declare a response, or start a drill of one.

    Raises StateConflict when one is active already, InvalidInput when the
    level differs from the recommended one without a reason.
    """
    require(actor, PERMISSION, "启动应急响应")
    plan = _plan_for(at)
    active = Response.objects.active().filter(exercise=exercise).first()
    if active is not None:
        raise StateConflict(f"{already_active(active)}，没有重复启动。请刷新页面，在原响应上调整级别。")
    response = Response.objects.create(plan=plan, declared_at=at, exercise=exercise)
    end_for_response(actor=actor, at=at, response=response)
    record = _write_record(response, actor, at, decision, before=None)
    record_change(
        actor=actor,
        action="flood_response.declare",
        target=response,
        at=at,
        after=_facts(record),
        reason=record.reason,
    )
    return response


@transaction.atomic
def adjust_response(
    *, actor: User, at: datetime, response: Response, decision: Decision, seen: int | None = None
) -> LevelRecord:
    """Raise or lower the level; ``seen`` is the sequence of the record that stood on the person's screen."""
    require(actor, PERMISSION, "调整应急响应级别")
    last = last_record(response, seen, at)
    if last.level == decision.level:
        raise StateConflict(f"响应已经是{level_words(last.level)}，没有重复调整。请刷新页面查看。")
    record = _write_record(response, actor, at, decision, before=last)
    record_change(
        actor=actor,
        action="flood_response.adjust",
        target=response,
        at=at,
        before=_facts(last),
        after=_facts(record),
        reason=record.reason,
    )
    return record


@transaction.atomic
def terminate_response(
    *, actor: User, at: datetime, response: Response, decision: Decision, seen: int | None = None
) -> LevelRecord:
    """End a response."""
    require(actor, PERMISSION, "终止应急响应")
    last = last_record(response, seen, at)
    record = _write_record(response, actor, at, decision, before=last)
    Response.objects.filter(pk=response.pk).update(terminated_at=at)
    response.refresh_from_db()
    if response.exercise:
        end_replay(actor=actor, at=at)
    record_change(
        actor=actor,
        action="flood_response.terminate",
        target=response,
        at=at,
        before=_facts(last),
        after=_facts(record),
        reason=record.reason,
    )
    return record


def _plan_for(at: datetime) -> Plan:
    plan = Plan.objects.holding_in(timezone.localtime(at).year)
    if plan is None:
        raise StateConflict("还没有防内涝方案入库，不能启动响应。请先导入载有方案的公报。")
    queue_up()
    return plan


def queue_up() -> None:
    """Decisions follow one another: each waits here for the one before."""
    list(Plan.objects.order_by("pk").select_for_update().values_list("pk", flat=True))


def _latest(response: Response) -> LevelRecord:
    return response.levels.select_related("decided_by").order_by("-sequence")[0]


def already_active(active: Response) -> str:
    """What is active, since when and at which level."""
    last = _latest(active)
    kind = "演练" if active.exercise else "应急响应"
    when = timezone.localtime(active.declared_at)
    return f"{kind}已于 {when:%m月%d日 %H:%M} 启动，现为{level_words(last.level)}"


def last_record(response: Response, seen: int | None, at: datetime) -> LevelRecord:
    """The level that holds, its response locked; raises StateConflict when the page was stale."""
    queue_up()
    locked = Response.objects.select_for_update().get(pk=response.pk)
    last = _latest(locked)
    when = f"{timezone.localtime(last.since):%H:%M}"
    if locked.terminated_at is not None:
        raise StateConflict(f"这次响应已由 {last.decided_by} 于 {when} 终止，没有再作改动。请刷新页面。")
    if seen is not None and seen != last.sequence:
        words = f"{last.decided_by} 已于 {when} 定为{level_words(last.level)}"
        raise StateConflict(f"页面打开之后，{words}，您的操作没有执行。请刷新页面再定。")
    if at < last.since:
        raise StateConflict("系统时钟早于上一次决定的时间，没有执行。请核对服务器时间。")
    return last


def _write_record(
    response: Response, actor: User, at: datetime, decision: Decision, *, before: LevelRecord | None
) -> LevelRecord:
    """The record with what was recommended at that moment, and all that follows from it."""
    recommended, recommendation = recommendation_at(at, exercise=response.exercise)
    _check(decision, recommended, sure="error" not in recommendation)
    record = LevelRecord.objects.create(
        response=response,
        sequence=before.sequence + 1 if before else 1,
        level=decision.level,
        since=at,
        decided_by=actor,
        authorised_by=decision.authorised_by.strip() or str(actor)[:LONGEST_NAME],
        reason=decision.reason.strip(),
        recommended=recommended,
        recommendation=recommendation,
    )
    order_sirens(record=record, before=before, at=at)
    order_actions(record=record, at=at)
    number_notice(record=record, at=at)
    issue_alert(record=record, before=before, at=at)
    announce(record=record, before=before, at=at)
    draft_chronicle_entry(record=record, before=before, at=at)
    return record


def recommendation_at(at: datetime, *, exercise: bool = False) -> tuple[int | None, dict[str, Any]]:
    """What the portal recommends, as it is kept; that it could not judge never stops a person.

    In a drill only its own storm counts, otherwise only what was measured.
    """
    now = timezone.localtime(at)
    try:
        assessment = assess_drill(now) if exercise else assess(now)
    except DomainError as error:
        return None, {"level": None, "complete": False, "error": error.message}
    codes = {*(reason.where for reason in assessment.reasons), *assessment.silent}
    names = dict(Station.objects.filter(code__in=codes).values_list("code", "name"))
    return assessment.level, {**as_json(assessment), "stations": names}


def _check(decision: Decision, recommended: int | None, *, sure: bool) -> None:
    if decision.level is not None and decision.level not in Level.values:
        raise InvalidInput("级别应为 I、II、III、IV 之一。", fields={"level": ["请选择级别。"]})
    check_lengths(decision.reason, decision.authorised_by)
    if (decision.level != recommended or not sure) and len(decision.reason.strip()) < SHORTEST_REASON:
        words = f"建议为{level_words(recommended)}" if recommended else "目前没有建议启动的级别"
        sentence = f"{words}，与所定级别不同，请写明理由（不少于 {SHORTEST_REASON} 字）。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})


def check_lengths(reason: str, authorised_by: str) -> None:
    """Raises InvalidInput for words that find no room."""
    if len(reason) > LONGEST_REASON:
        sentence = f"理由请不超过 {LONGEST_REASON} 字。"
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    if len(authorised_by.strip()) > LONGEST_NAME:
        sentence = f"下令人请不超过 {LONGEST_NAME} 字。"
        raise InvalidInput(sentence, fields={"authorised_by": [sentence]})


def _facts(record: LevelRecord) -> dict[str, Any]:
    return {
        "level": record.level,
        "recommended": record.recommended,
        "authorised_by": record.authorised_by,
        "since": record.since,
        "exercise": record.response.exercise,
    }
