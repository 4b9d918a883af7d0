"""Stages of a list: planned, entered, left, and what inspections and assessments found."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from organizations.permissions import require
from taskboard.acting import SUPERVISE
from taskboard.models import ListStage, StageResult, TaskList
from taskboard.plausible import check_day
from taskboard.services.moving import moment, required_text, who

CHANGE = "taskboard.change_list"
MOST_STAGES = 40
FIELDS = ("name", "starts_on", "ends_on")


@transaction.atomic
def save_stage(
    *,
    actor: User | None,
    at: datetime,
    task_list: TaskList,
    stage: ListStage | None = None,
    name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> ListStage:
    """Plan a new stage at the end of the list's, or change the plan of one that has not been left."""
    require(actor, CHANGE, "登记清单阶段")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    _check_plan(locked, stage, name, starts_on, ends_on)
    values = {"name": name.strip(), "starts_on": starts_on, "ends_on": ends_on}
    if stage is None:
        if locked.stages.count() >= MOST_STAGES:
            raise StateConflict(f"一份清单最多 {MOST_STAGES} 个阶段。")
        last = locked.stages.aggregate(last=Max("order"))["last"] or 0
        made = ListStage.objects.create(task_list=locked, order=last + 1, **values)
        record_change(actor=actor, action="list_stage.create", target=made, at=at, after=values)
        return made
    found = ListStage.objects.select_for_update().get(pk=stage.pk)
    if found.left_on is not None:
        raise StateConflict(f"阶段“{found.name}”已结束，计划不能再改。")
    before = {key: getattr(found, key) for key in FIELDS}
    for key, value in values.items():
        setattr(found, key, value)
    found.save(update_fields=FIELDS)
    record_change(actor=actor, action="list_stage.update", target=found, at=at, before=before, after=values)
    return found


def _check_plan(
    task_list: TaskList, stage: ListStage | None, name: str, starts_on: date | None, ends_on: date | None
) -> None:
    check_day(starts_on, "starts_on", "计划进入")
    check_day(ends_on, "ends_on", "计划结束")
    name = name.strip()
    if not name or len(name) > 80:
        raise _wrong("name", "请写明阶段名称，最多 80 字。")
    if starts_on and ends_on and ends_on < starts_on:
        raise _wrong("ends_on", "计划结束不能早于计划进入。")
    others = task_list.stages.filter(name=name)
    if stage is not None:
        others = others.exclude(pk=stage.pk)
    if others.exists():
        raise _wrong("name", f"清单里已有阶段“{name}”，请换一个名称。")


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})


@transaction.atomic
def take_over_stages(*, actor: User | None, at: datetime, task_list: TaskList) -> int:
    """Plan the stages that the list's document prints; returns how many. Only for a list without stages."""
    require(actor, CHANGE, "登记清单阶段")
    locked = TaskList.objects.select_for_update().get(pk=task_list.pk)
    if locked.stages.exists():
        raise StateConflict("清单已经登记了阶段，不能再沿用文件的阶段。请逐个修改。")
    printed = list(locked.directive.stages.all()) if locked.directive else []
    if not printed:
        raise StateConflict("依据文件没有登记阶段，请手工登记。")
    names: set[str] = set()
    for stage in printed[:MOST_STAGES]:
        name = stage.name if stage.name not in names else f"{stage.name}（{len(names) + 1}）"
        names.add(name)
        save_stage(
            actor=actor,
            at=at,
            task_list=locked,
            name=name,
            starts_on=stage.starts_on,
            ends_on=stage.ends_on,
        )
    return len(names)


@transaction.atomic
def enter_stage(*, actor: User | None, at: datetime, stage: ListStage, on: date) -> ListStage:
    """Have a stage begin on a day, today at the latest."""
    require(actor, SUPERVISE, "推进清单阶段")
    _not_ahead(on, at)
    if ListStage.objects.filter(pk=stage.pk, entered_on__isnull=True).update(entered_on=on) != 1:
        stage.refresh_from_db()
        raise StateConflict(f"阶段“{stage.name}”已于 {stage.entered_on} 进入。请刷新页面查看。")
    return _stepped(actor, at, stage, "list_stage.enter", {"entered_on": on})


@transaction.atomic
def leave_stage(*, actor: User | None, at: datetime, stage: ListStage, on: date) -> ListStage:
    """Have a stage end on a day, today at the latest and not before it began."""
    require(actor, SUPERVISE, "推进清单阶段")
    _not_ahead(on, at)
    found = ListStage.objects.select_for_update().get(pk=stage.pk)
    if found.entered_on is None:
        raise StateConflict(f"阶段“{found.name}”还没有进入，不能结束。")
    if found.left_on is not None:
        raise StateConflict(f"阶段“{found.name}”已于 {found.left_on} 结束。请刷新页面查看。")
    if on < found.entered_on:
        raise _wrong("on", f"结束日期不能早于进入日期 {found.entered_on}。")
    ListStage.objects.filter(pk=found.pk).update(left_on=on)
    return _stepped(actor, at, stage, "list_stage.leave", {"left_on": on})


def _not_ahead(on: date, at: datetime) -> None:
    if on > timezone.localdate(at):
        raise _wrong("on", "日期不能晚于今天。")


def _stepped(
    actor: User | None, at: datetime, stage: ListStage, action: str, after: dict[str, Any]
) -> ListStage:
    record_change(actor=actor, action=action, target=stage, at=at, after=after)
    stage.refresh_from_db()
    return stage


@transaction.atomic
def record_stage_result(
    *,
    actor: User | None,
    at: datetime,
    stage: ListStage,
    kind: str,
    held_on: date,
    outcome: str,
    findings: str,
    department: Department | None = None,
    score: Decimal | None = None,
    rectify_by: date | None = None,
) -> StageResult:
    """Record what an inspection or assessment found; what has to be put right gets a day."""
    require(actor, SUPERVISE, "登记检查考核结果")
    words = required_text(findings, "findings", "检查考核情况")
    if held_on > timezone.localdate(at):
        raise _wrong("held_on", "日期不能晚于今天。")
    if score is not None and not (score.is_finite() and 0 <= score <= 100):
        raise _wrong("score", "得分应为 0 到 100。")
    passed = outcome == StageResult.Outcome.PASSED
    if outcome == StageResult.Outcome.RECTIFY and rectify_by is None:
        raise _wrong("rectify_by", "限期整改请写明整改时限。")
    if passed and rectify_by is not None:
        raise _wrong("rectify_by", "结果为合格，不需要整改时限。")
    if rectify_by is not None and rectify_by < held_on:
        raise _wrong("rectify_by", "整改时限不能早于检查考核日期。")
    ListStage.objects.select_for_update().get(pk=stage.pk)
    values = {"kind": kind, "held_on": held_on, "outcome": outcome, "score": score, "rectify_by": rectify_by}
    _refuse_same(stage, department, words, values)
    result = StageResult.objects.create(
        stage=stage, department=department, findings=words, recorded_by=actor, recorded_at=at, **values
    )
    after = {**values, "department": department.name if department else "", "findings": words}
    record_change(actor=actor, action="list_stage.result", target=stage, at=at, after=after)
    return result


def _refuse_same(
    stage: ListStage, department: Department | None, findings: str, values: dict[str, Any]
) -> None:
    same = stage.results.filter(department=department, findings=findings, **values)
    last = same.select_related("recorded_by").first()
    if last is not None:
        by = who(last.recorded_by)
        raise StateConflict(f"{by}已于{moment(last.recorded_at)}登记同样的结果，没有重复记录。")
