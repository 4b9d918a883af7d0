"""Urging by hand (催办): a recorded reminder to the department that owes, at most once a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.errors import DomainError, InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import Department, User
from taskboard.acting import require_supervisor
from taskboard.models import ReportObligation, Task, TaskDepartment, TaskList, Urging
from taskboard.moves import OWING
from taskboard.services.moving import moment, required_text, who
from taskboard.services.periodic import about_report
from taskboard.services.telling import about_task, tell_departments
from taskboard.signedby import signers_of

MOST = 200
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Urged:
    """What became of a press: how many matters were urged, and why others were not."""

    number: int
    refusals: Sequence[str]


def urge(
    *,
    actor: User,
    at: datetime,
    text: str,
    tasks: Iterable[Task] = (),
    signing: Iterable[Task] = (),
    obligations: Iterable[ReportObligation] = (),
) -> Urged:
    """Urge the departments that owe; a matter that was urged today is left out and named.

    Of tasks chosen for ``signing`` only the leads that have not signed are urged.

    Raises InvalidInput where nothing is chosen, and the refusal itself where no
    matter at all could be urged.
    """
    require_supervisor(actor, "催办")
    words = _words(text)
    chosen, owed = list(tasks), list(obligations)
    to_sign = [task for task in signing if task not in chosen]
    chosen += to_sign
    if not 1 <= len(chosen) + len(owed) <= MOST:
        sentence = f"请选择要催办的事项，一次最多 {MOST} 项。"
        raise InvalidInput(sentence, fields={"task": [sentence]})
    refused: list[DomainError] = []
    matters: list[Task | ReportObligation] = [*chosen, *owed]
    for matter in matters:
        try:
            _urge_one(actor, at, matter, words, to_sign=matter in to_sign)
        except StateConflict as refusal:
            refused.append(refusal)
    if len(refused) == len(matters):
        raise refused[0]
    return Urged(len(matters) - len(refused), [refusal.message for refusal in refused])


def _words(text: str) -> str:
    words = required_text(text, "text", "催办内容")
    if len(words) > LONGEST:
        sentence = f"催办内容最多 {LONGEST} 字，现在是 {len(words)} 字。"
        raise InvalidInput(sentence, fields={"text": [sentence]})
    return words


@transaction.atomic
def _urge_one(
    actor: User, at: datetime, matter: Task | ReportObligation, words: str, *, to_sign: bool
) -> None:
    day = timezone.localdate(at)
    units = _units_of(matter)
    if to_sign and units and isinstance(matter, Task):
        units = _without_signature(matter, units)
    new = [unit for unit in units if _kept(actor, at, day, matter, unit, words)]
    if not new:
        raise _urged_already(matter, units, day)
    names = [unit.name for unit in new]
    record_change(
        actor=actor,
        action="task.urge" if isinstance(matter, Task) else "report_obligation.urge",
        target=matter,
        at=at,
        after={"departments": names, "text": words},
    )
    tell_departments(
        departments=[unit.pk for unit in new],
        about=about_task(matter, "urge") if isinstance(matter, Task) else about_report(matter),
        tier=f"urge-{day.isoformat()}",
        subject=f"催办：{_title_of(matter)}",
        body=f"{who(actor)} {moment(at)} 催办：{words}",
        url=matter.get_absolute_url(),
        at=at,
    )


def _units_of(matter: Task | ReportObligation) -> list[Department]:
    """Who owes it; refused where nobody does now."""
    if isinstance(matter, ReportObligation):
        open_still = ReportObligation.objects.open().filter(pk=matter.pk).exists()
        if not open_still:
            raise StateConflict(f"{matter.department.name}这一期已经报送，不必催办。请刷新页面查看。")
        return [matter.department]
    found = Task.objects.select_for_update().get(pk=matter.pk)
    if found.state not in OWING or found.task_list.state != TaskList.State.ISSUED:
        now = found.get_state_display()
        raise StateConflict(f"“{found.title}”现在是“{now}”，不需要承办部门再办，不能催办。请刷新页面查看。")
    leads = found.duties.filter(role=TaskDepartment.Role.LEAD).select_related("department")
    return [duty.department for duty in leads]


def _without_signature(task: Task, units: Sequence[Department]) -> list[Department]:
    signed = signers_of(task.signatures.all()).get(task.pk, set())
    waiting = [unit for unit in units if unit.pk not in signed]
    if not waiting:
        raise StateConflict(f"“{task.title}”的牵头部门都已签收，不必催办签收。请刷新页面查看。")
    return waiting


def _kept(
    actor: User, at: datetime, day: date, matter: Task | ReportObligation, unit: Department, words: str
) -> bool:
    """Keep the row of a department's day; False where there is one, also of somebody at the same moment."""
    of = {"task": matter} if isinstance(matter, Task) else {"obligation": matter}
    if Urging.objects.filter(department=unit, day=day, **of).exists():
        return False
    try:
        with transaction.atomic():
            Urging.objects.create(department=unit, day=day, at=at, actor=actor, text=words, **of)
    except IntegrityError:
        return False
    return True


def _urged_already(matter: Task | ReportObligation, units: Sequence[Department], day: date) -> StateConflict:
    title = _title_of(matter)
    if not units:
        return StateConflict(f"“{title}”没有牵头部门，无处催办。请先在任务中补上牵头部门。")
    of = {"task": matter} if isinstance(matter, Task) else {"obligation": matter}
    last = Urging.objects.filter(day=day, **of).select_related("actor").latest("at")
    return StateConflict(
        f"“{title}”今天已由{who(last.actor)}于{moment(last.at)}催办，同一部门同一事项一天只催办一次。"
    )


def _title_of(matter: Task | ReportObligation) -> str:
    if isinstance(matter, Task):
        return matter.title
    start, end = matter.period_start, matter.period_end
    return f"{matter.task_list.title} {start.month}月{start.day}日至{end.month}月{end.day}日定期报送"
