"""What departments hand in: progress, evidence, results."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.models import Attachment
from foundation.services.attachments import attach_file
from organizations.models import Department, User
from taskboard.acting import WORK, Part, require_part
from taskboard.models import ProgressReport, ReportedQuantity, Signature, Task, TaskTransition
from taskboard.services.moving import claim, moment, record_move, required_text, short_text, who
from taskboard.services.telling import tell_supervisors
from taskboard.targets import WITH_REACHED, standing_of

State, Action = Task.State, TaskTransition.Action
TOO_MUCH = Decimal(10) ** 12


@transaction.atomic
def report_progress(
    *,
    actor: User,
    at: datetime,
    task: Task,
    percent: int,
    text: str,
    problems: str = "",
    next_steps: str = "",
    quantities: Mapping[int, Decimal] | None = None,
    setback: str | None = None,
) -> ProgressReport:
    """Report how far the department has come; ``quantities`` go by the key of the task's target.

    The lead's report moves a signed or returned task to in progress and sets
    its percentage; a supporter's report by exception does neither. Where the
    percentage or a quantity falls, ``setback`` says why; without one (None) the text itself does.
    """
    part = require_part(actor, task, "progress")
    if not 0 <= percent <= 100:
        raise InvalidInput("进度应为 0 到 100。", fields={"percent": ["进度应为 0 到 100 的整数。"]})
    words = required_text(text, "text", "进展")
    more = {
        "problems": short_text(problems, "problems", "存在问题"),
        "next_steps": short_text(next_steps, "next_steps", "下步打算"),
    }
    reached = _checked(task, quantities or {})
    found = claim(task=task, move="progress", at=at)
    if part.leads:
        _require_signature(task, part)
    _refuse_repetition(task, part.department, at, percent, words)
    fallen = _fallen(task, part.department, percent, reached)
    more["setback"] = _explained(fallen, setback, words)
    now = State(State.IN_PROGRESS if part.leads else found)
    if part.leads:
        Task.objects.filter(pk=task.pk).update(state=now, percent=percent)
    report = ProgressReport.objects.create(
        task=task,
        department=part.department,
        actor=actor,
        at=at,
        as_lead=part.leads,
        percent=percent,
        text=words,
        **more,
    )
    ReportedQuantity.objects.bulk_create(
        ReportedQuantity(report=report, target_id=pk, value=value) for pk, value in reached.items()
    )
    states = (found, now)
    record_move(
        task=task,
        action=Action.PROGRESS,
        at=at,
        actor=actor,
        states=states,
        department=part.department,
        reason=words,
        percent=percent,
    )
    return report


def _checked(task: Task, quantities: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    known = set(task.targets.values_list("pk", flat=True))
    for pk, value in quantities.items():
        if pk not in known:
            raise InvalidInput("指标不属于这项任务。", fields={"quantities": ["指标不属于这项任务。"]})
        if not value.is_finite() or not 0 <= value < TOO_MUCH:
            sentence = "完成值应为不小于 0 的数。"
            raise InvalidInput(sentence, fields={"quantities": [sentence]})
    return quantities


def _fallen(
    task: Task, department: Department, percent: int, reached: Mapping[int, Decimal]
) -> Sequence[str]:
    """What is lower than it was reported before: the department's own percentage, a target's latest quantity.

    Of a target that must not be exceeded (以内) a fall is no setback.
    """
    before = ProgressReport.objects.filter(task=task, department=department).order_by("-at", "-pk").first()
    fallen = [f"进度由 {before.percent}% 降为 {percent}%"] if before and percent < before.percent else []
    if not reached:
        return fallen
    for target in Task.objects.prefetch_related(WITH_REACHED).get(pk=task.pk).targets.all():
        last, new = standing_of(target).reached, reached.get(target.pk)
        if target.at_least and last is not None and new is not None and new < last:
            fallen.append(f"{target.name}由 {_plain(last)} 降为 {_plain(new)}{target.unit}")
    return fallen


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _explained(fallen: Sequence[str], setback: str | None, text: str) -> str:
    if setback is None:
        return text if fallen else ""
    if fallen and not setback.strip():
        sentence = f"{'，'.join(fallen)}，比上次报送的低，请写明回落的原因。"
        raise InvalidInput(sentence, fields={"setback": [sentence]})
    return short_text(setback, "setback", "回落原因")


def _require_signature(task: Task, part: Part) -> None:
    if not Signature.objects.filter(task=task, department=part.department).exists():
        raise StateConflict(f"{part.department.name}还没有签收这项任务，请先签收再报进展。")


def _refuse_repetition(task: Task, department: Department, at: datetime, percent: int, text: str) -> None:
    """The same words on the same day are a button pressed twice."""
    last = ProgressReport.objects.filter(task=task, department=department).order_by("-at", "-pk").first()
    same_day = last is not None and timezone.localdate(last.at) == timezone.localdate(at)
    if last is not None and same_day and (last.percent, last.text) == (percent, text):
        by = who(last.actor, department)
        raise StateConflict(f"{by}已于{moment(last.at)}报送同样的进展，没有重复记录。请刷新页面查看。")


@transaction.atomic
def add_evidence(*, actor: User, at: datetime, task: Task, upload: "File[Any]") -> Attachment:
    """Hang a checked file on the task."""
    part = require_part(actor, task, "evidence")
    # A file that is refused is a mistake of the sender, said before the state of the task.
    attachment = attach_file(actor=actor, at=at, owner=task, upload=upload, permission=WORK)
    found = claim(task=task, move="evidence", at=at)
    _refuse_same_file(task, attachment)
    record_move(
        task=task,
        action=Action.EVIDENCE,
        at=at,
        actor=actor,
        states=(found, found),
        department=part.department,
        reason=attachment.name,
    )
    return attachment


def _refuse_same_file(task: Task, attachment: Attachment) -> None:
    others = Attachment.objects.of(task).filter(sha256=attachment.sha256).exclude(pk=attachment.pk)
    same = others.select_related("uploaded_by").first()
    if same is not None:
        by = who(same.uploaded_by)
        raise StateConflict(f"{by}已于{moment(same.uploaded_at)}上传同一个文件“{same.name}”，没有重复保存。")


@transaction.atomic
def submit_task(*, actor: User, at: datetime, task: Task, text: str) -> TaskTransition:
    """Hand in the result for review (反馈); only a lead does."""
    part = require_part(actor, task, "submit")
    words = required_text(text, "text", "办理结果")
    found = claim(task=task, move="submit", at=at, state=State.SUBMITTED, submitted_on=timezone.localdate(at))
    _require_signature(task, part)
    row = record_move(
        task=task,
        action=Action.SUBMIT,
        at=at,
        actor=actor,
        states=(found, State.SUBMITTED),
        department=part.department,
        reason=words,
    )
    tell_supervisors(
        task=task,
        matter="review",
        tier=f"submitted-{row.pk}",
        subject=f"待复核：{task.title}",
        body=f"{part.department.name}：{words}",
        at=at,
    )
    return row


@transaction.atomic
def hand_in(
    *, actor: User, at: datetime, task: Task, text: str, upload: "File[Any] | None" = None
) -> TaskTransition:
    """Hand in the result together with a file that proves it: both or neither."""
    require_part(actor, task, "submit")
    if upload is not None:
        add_evidence(actor=actor, at=at, task=task, upload=upload)
    return submit_task(actor=actor, at=at, task=task, text=text)
