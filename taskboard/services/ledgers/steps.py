"""Who may take a step with a row, taking the row for it, and the row of its history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.utils import timezone

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import Attachment
from foundation.services.attachments import attach_file
from foundation.services.audit import SYSTEM_LABEL, record_change
from organizations.models import Department, Role, User
from organizations.permissions import require
from organizations.rules import assignments_of
from taskboard.models.ledgers import LedgerRow, LedgerRowEvent

KEEP, SIGN = "taskboard.keep_ledger", "taskboard.sign_ledger"
CORRECT, CHECK = "taskboard.correct_ledger", "taskboard.check_ledger"
KEEPERS = frozenset({Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD})
HEADS = frozenset({Role.DEPARTMENT_HEAD})
ON_BOOK = (LedgerRow.State.DRAFT, LedgerRow.State.SIGNED)
State, Action = LedgerRow.State, LedgerRowEvent.Action
LONGEST = 2000


def departments_of(user: User, roles: frozenset[Role]) -> list[Department]:
    """The departments in which a person holds one of the roles, without repetition."""
    held = (a.department for a in assignments_of(user) if a.role in roles and a.department)
    return list({unit.pk: unit for unit in held}.values())


def require_keeper(actor: User | None, department: Department, what: str) -> None:
    """Refused unless the actor keeps the ledgers of the department."""
    require(actor, KEEP, what)
    _require_own(
        actor, department, KEEPERS, f"只能{what}本单位的台账条目，{department.name}不是您所在的单位。"
    )


def require_head(actor: User | None, department: Department, what: str) -> None:
    """Refused unless the actor is the head of the department."""
    require(actor, SIGN, what)
    _require_own(actor, department, HEADS, f"只有{department.name}的负责人可以{what}。")


def _require_own(actor: User | None, department: Department, roles: frozenset[Role], sentence: str) -> None:
    if actor is not None and department.pk not in {unit.pk for unit in departments_of(actor, roles)}:
        raise PermissionRefused(sentence)


def required_words(text: str, field: str, what: str) -> str:
    """A text that must not be empty, without blanks around it."""
    text = text.strip()
    sentence = ""
    if not text:
        sentence = f"请写明{what}。"
    elif len(text) > LONGEST:
        sentence = f"{what}最多 {LONGEST} 字，现在是 {len(text)} 字。"
    elif "\0" in text:
        sentence = f"{what}含有不能保存的字符。"
    if sentence:
        raise InvalidInput(sentence, fields={field: [sentence]})
    return text


def require_kind(row: LedgerRow, kind: str, words: str) -> None:
    """Refused unless the entry stands in a ledger of the kind."""
    if row.ledger.kind != kind:
        raise InvalidInput(f"只有{words}的条目可以这样办理。")


def hang(
    actor: User | None, at: datetime, row: LedgerRow, upload: "File[Any] | None", what: str
) -> Attachment:
    """The file that a step cannot do without, checked and hung on the row."""
    if upload is None:
        sentence = f"请附上{what}。"
        raise InvalidInput(sentence, fields={"file": [sentence]})
    return attach_file(actor=actor, at=at, owner=row, upload=upload, permission="taskboard.view_task")


def claim(row: LedgerRow, *starts: str, what: str, **values: Any) -> str:
    """Take the row as it was read for a step by a conditional update; returns its state until now.

    Of two people who press at once one gets the row; the other is told who was
    first, and when. The version keeps an older page from writing over a newer one.
    """
    version = row.version
    read = LedgerRow.objects.filter(pk=row.pk, version=version, state__in=starts)
    found = row.state
    if found not in starts or read.filter(state=found).update(version=version + 1, **values) != 1:
        raise conflict_of(row, what)
    row.refresh_from_db()
    return found


def conflict_of(row: LedgerRow, what: str) -> StateConflict:
    """Why a step is not possible: the state, and who did what last."""
    now = State(LedgerRow.objects.values_list("state", flat=True).get(pk=row.pk))
    last = row.events.select_related("actor").order_by("-at", "-pk").first()
    state = f"条目“{row.title}”现在是“{now.label}”"
    if last is None:
        return StateConflict(f"{state}，不能{what}。请刷新页面查看。")
    who = str(last.actor) if last.actor else SYSTEM_LABEL
    when = timezone.localtime(last.at)
    done = f"{who}已于{when.month}月{when.day}日 {when:%H:%M} 办理“{last.get_action_display()}”"
    return StateConflict(f"{done}，{state}，这次{what}没有写入。请刷新页面查看。")


def record_step(
    row: LedgerRow,
    action: str,
    *,
    actor: User | None,
    at: datetime,
    before: str = "",
    reason: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    file: Attachment | None = None,
) -> LedgerRowEvent:
    """The row of the entry's history and that of the audit log; ``before`` is the state until now."""
    event = LedgerRowEvent.objects.create(
        row=row,
        at=at,
        actor=actor,
        action=action,
        from_state=before,
        to_state=row.state,
        reason=reason,
        before=dict(old or {}),
        after=dict(new or {}),
        file=file,
    )
    record_change(
        actor=actor,
        action=f"ledger_row.{action}",
        target=row,
        at=at,
        before={"state": before, **(old or {})},
        after={"state": row.state, "department": row.department.name, **(new or {})},
        reason=reason,
    )
    return event
