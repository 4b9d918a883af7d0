"""Rows of ledgers: who may do what, from which state, and what is kept of it."""

from collections.abc import Callable
from typing import Any

import pytest

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import Attachment, AuditEntry
from organizations.models import Role
from taskboard.models.ledgers import LedgerRow, LedgerRowEvent
from taskboard.services.ledgers import (
    add_row,
    answer_complaint,
    change_row,
    close_row,
    correct_row,
    keep_plan,
    record_case,
    record_complaint,
    sign_ledger,
    spot_check,
    withdraw_row,
)
from taskboard.services.ledgers.cases import CaseContent, PlanContent
from tests.taskboard.ledgerworld import AT, entry, land_ledger, member, paper, signed_entry, unit

pytestmark = pytest.mark.django_db
KEEPERS = {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD}
PLAN = PlanContent("unfinished", "resume", "筹资复工", "survey")


def _draft(kind: str = "land") -> LedgerRow:
    return entry(land_ledger(kind))


def _closed() -> LedgerRow:
    row = signed_entry(land_ledger())
    close_row(actor=member("department_head"), at=AT, row=row, reason="已投用", upload=paper())
    return row


def _complained() -> LedgerRow:
    row = _draft("pending_approval")
    return record_complaint(actor=None, at=AT, row=row, reason="迟迟不批")


def _again(row: LedgerRow) -> dict[str, Any]:
    return {"row": row, "at": AT}


# Each step: what it is tried on, how it is done, and who may do it.
STEPS: dict[str, tuple[Callable[[], Any], Callable[[Any, Any], Any], set[Role]]] = {
    "add": (
        land_ledger,
        lambda who, ledger: add_row(
            actor=who, at=AT, ledger=ledger, department=unit(), values={"c1": "乙厂", "c2": "3"}
        ),
        KEEPERS,
    ),
    "change": (_draft, lambda who, row: change_row(actor=who, values={"c1": "丙厂"}, **_again(row)), KEEPERS),
    "withdraw": (_draft, lambda who, row: withdraw_row(actor=who, reason="重复登记", **_again(row)), KEEPERS),
    "sign": (
        _draft,
        lambda who, row: sign_ledger(actor=who, at=AT, ledger=row.ledger, department=row.department),
        {Role.DEPARTMENT_HEAD},
    ),
    "close": (
        lambda: signed_entry(land_ledger()),
        lambda who, row: close_row(actor=who, reason="已投用", upload=paper(), **_again(row)),
        {Role.DEPARTMENT_HEAD},
    ),
    "correct": (
        lambda: signed_entry(land_ledger()),
        lambda who, row: correct_row(
            actor=who, reason="面积有误", upload=paper(), values={"c1": "甲厂", "c2": "5"}, **_again(row)
        ),
        {Role.EDITOR, Role.SUPERVISOR},
    ),
    "remove": (
        lambda: signed_entry(land_ledger()),
        lambda who, row: correct_row(actor=who, reason="非闲置", upload=paper(), **_again(row)),
        {Role.EDITOR, Role.SUPERVISOR},
    ),
    "check": (
        lambda: signed_entry(land_ledger()),
        lambda who, row: spot_check(actor=who, passed=True, reason="属实", **_again(row)),
        {Role.SUPERVISOR},
    ),
    "reopen": (
        _closed,
        lambda who, row: spot_check(actor=who, passed=False, reason="仍停工", **_again(row)),
        {Role.SUPERVISOR},
    ),
    "case": (
        lambda: _draft("pending_approval"),
        lambda who, row: record_case(actor=who, content=CaseContent(AT.date()), **_again(row)),
        KEEPERS,
    ),
    "complaint": (
        lambda: _draft("pending_approval"),
        lambda who, row: record_complaint(actor=who, reason="迟迟不批", **_again(row)),
        KEEPERS | {Role.SUPERVISOR},
    ),
    "reply": (
        _complained,
        lambda who, row: answer_complaint(actor=who, reason="已批复", **_again(row)),
        KEEPERS,
    ),
    "plan": (
        lambda: _draft("stalled_project"),
        lambda who, row: keep_plan(actor=who, content=PLAN, upload=paper(), **_again(row)),
        KEEPERS,
    ),
}


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("step", STEPS)
def test_who_may_take_a_step(step: str, role: Role) -> None:
    prepare, take, allowed = STEPS[step]
    subject, who = prepare(), member(role)
    before = (LedgerRowEvent.objects.count(), AuditEntry.objects.count())
    if role in allowed:
        take(who, subject)
        last = LedgerRowEvent.objects.latest("pk")
        assert (last.action, last.actor) == (step, who)
        assert AuditEntry.objects.filter(action=f"ledger_row.{step}", actor_id=who.pk).count() == 1
    else:
        with pytest.raises(PermissionRefused):
            take(who, subject)
        assert (LedgerRowEvent.objects.count(), AuditEntry.objects.count()) == before


@pytest.mark.parametrize("step", [name for name, found in STEPS.items() if Role.DEPARTMENT_HEAD in found[2]])
def test_another_department_keeps_away(step: str) -> None:
    prepare, take, _ = STEPS[step]
    subject = prepare()
    with pytest.raises(PermissionRefused, match="甲局"):
        take(member("department_head", "乙局"), subject)


S, C = LedgerRow.State, "甲厂"
STARTS = {
    "change": {S.DRAFT},
    "withdraw": {S.DRAFT},
    "sign": {S.DRAFT},
    "close": {S.SIGNED},
    "correct": {S.SIGNED},
    "remove": {S.SIGNED},
    "check": {S.SIGNED, S.CLOSED},
    "reopen": {S.CLOSED},
}
ENDS = {
    "withdraw": S.REMOVED,
    "sign": S.SIGNED,
    "close": S.CLOSED,
    "correct": S.SIGNED,
    "remove": S.REMOVED,
    "reopen": S.SIGNED,
}


@pytest.mark.parametrize("state", [*S])
@pytest.mark.parametrize("step", STARTS)
def test_from_which_state_a_step_starts(step: str, state: LedgerRow.State) -> None:
    row = signed_entry(land_ledger())
    LedgerRow.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    _, take, allowed = STEPS[step]
    who = member(sorted(allowed)[-1] if step != "sign" else "department_head")
    if state in STARTS[step]:
        take(who, row)
        row.refresh_from_db()
        assert row.state == ENDS.get(step, state)
    else:
        with pytest.raises(StateConflict):
            take(who, row)
        row.refresh_from_db()
        assert row.state == state


def test_an_entry_is_kept_in_its_types_with_its_history() -> None:
    officer = member("department_officer")
    ledger = land_ledger()
    typed = {"c1": " 乙厂 ", "c2": "1,200.50", "c3": "2022年8月1日", "c4": "厂房"}
    row = add_row(actor=officer, at=AT, ledger=ledger, department=unit(), values=typed)
    assert row.title == "乙厂"
    assert row.values == {"c1": "乙厂", "c2": "1200.5", "c3": "2022-08-01", "c4": "厂房"}
    change_row(actor=officer, at=AT, row=row, values={**typed, "c2": "7"})
    added, changed = row.events.all()
    assert added.after["占用面积"] == "1200.5" and added.before == {}
    assert (changed.before["占用面积"], changed.after["占用面积"]) == ("1200.5", "7")
    assert (row.state, row.version) == (S.DRAFT, 2)


def test_cells_that_do_not_fit_are_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        entry(land_ledger(), title="", c2="多", c4="楼")
    assert set(refused.value.fields) == {"c1", "c2", "c4"}
    assert not LedgerRow.objects.exists()


def test_nothing_changed_leaves_no_trace() -> None:
    row = _draft()
    change_row(actor=member("department_officer"), at=AT, row=row, values={"c1": C})
    assert row.events.count() == 1 and row.version == 1


def test_the_head_signs_the_own_entries_only() -> None:
    ledger = land_ledger()
    own, other, elsewhere = entry(ledger), entry(ledger, "乙厂", "乙局"), entry(land_ledger(title="另一台账"))
    rows = sign_ledger(actor=member("department_head"), at=AT, ledger=ledger, department=unit())
    assert [row.pk for row in rows] == [own.pk]
    for row in (own, other, elsewhere):
        row.refresh_from_db()
    assert (own.state, other.state, elsewhere.state) == (S.SIGNED, S.DRAFT, S.DRAFT)
    assert own.signed_by == member("department_head") and own.signed_at == AT


def test_closing_needs_words_and_evidence() -> None:
    row, head = signed_entry(land_ledger()), member("department_head")
    with pytest.raises(InvalidInput, match="销号佐证"):
        close_row(actor=head, at=AT, row=row, reason="已投用", upload=None)
    with pytest.raises(InvalidInput, match="销号说明"):
        close_row(actor=head, at=AT, row=row, reason="  ", upload=paper())
    row.refresh_from_db()
    assert row.state == S.SIGNED and not Attachment.objects.exists()
    close_row(actor=head, at=AT, row=row, reason="已投用", upload=paper())
    event = row.events.last()
    assert event is not None and event.file is not None
    assert event.file.owner == row and event.file.is_visible_to(member("viewer"))
    assert row.closed_at == AT


def test_a_correction_needs_the_written_decision_and_a_reason() -> None:
    row, supervisor = signed_entry(land_ledger(), c2="3"), member("supervisor")
    with pytest.raises(InvalidInput, match="领导小组的书面决定"):
        correct_row(actor=supervisor, at=AT, row=row, reason="有误", upload=None)
    with pytest.raises(InvalidInput, match="更正的理由"):
        correct_row(actor=supervisor, at=AT, row=row, reason="", upload=paper())
    correct_row(
        actor=supervisor, at=AT, row=row, reason="有误", upload=paper("决定"), values={"c1": C, "c2": "4"}
    )
    event = row.events.last()
    assert event is not None and (event.before["占用面积"], event.after["占用面积"]) == ("3", "4")
    assert row.state == S.SIGNED and row.values["c2"] == "4"


def test_a_reopened_entry_can_be_closed_again() -> None:
    row = _closed()
    spot_check(actor=member("supervisor"), at=AT, row=row, passed=False, reason="仍停工")
    assert (row.state, row.closed_at) == (S.SIGNED, None)
    close_row(actor=member("department_head"), at=AT, row=row, reason="复工", upload=paper("新的照片"))
    assert [event.action for event in row.events.all()] == ["add", "sign", "close", "reopen", "close"]


def test_two_people_who_press_at_once_yield_one_change() -> None:
    """Both opened the page before either pressed."""
    first = signed_entry(land_ledger())
    second = LedgerRow.objects.get(pk=first.pk)
    close_row(actor=member("department_head"), at=AT, row=first, reason="已投用", upload=paper())
    with pytest.raises(StateConflict, match="department_head-甲局已于8月10日 10:00 办理“销号”"):
        correct_row(actor=member("supervisor"), at=AT, row=second, reason="移出", upload=paper("决定"))
    first.refresh_from_db()
    assert first.state == S.CLOSED and first.events.count() == 3
    assert Attachment.objects.count() == 1


def test_two_changes_of_one_version_do_not_overwrite_each_other() -> None:
    first = _draft()
    second = LedgerRow.objects.get(pk=first.pk)
    change_row(actor=member("department_officer"), at=AT, row=first, values={"c1": "丙厂"})
    with pytest.raises(StateConflict, match="没有写入"):
        change_row(actor=member("department_head"), at=AT, row=second, values={"c1": "丁厂"})
    first.refresh_from_db()
    assert first.title == "丙厂"


def test_signing_twice_is_said() -> None:
    row = signed_entry(land_ledger())
    with pytest.raises(StateConflict, match="没有待签字的条目"):
        sign_ledger(actor=member("department_head"), at=AT, ledger=row.ledger, department=unit())


@pytest.mark.parametrize("take", [record_case, keep_plan])
def test_cases_and_plans_belong_to_their_ledgers(take: Any) -> None:
    content = CaseContent(AT.date()) if take is record_case else PLAN
    with pytest.raises(InvalidInput, match="只有"):
        take(actor=member("department_officer"), at=AT, row=_draft(), content=content)


def test_a_case_keeps_its_days_in_order() -> None:
    row, officer = _draft("pending_approval"), member("department_officer")
    day = AT.date()
    later, earlier = day.replace(day=11), day.replace(day=9)
    for content, field in (
        (CaseContent(later), "received_on"),
        (CaseContent(day, promised_on=earlier), "promised_on"),
        (CaseContent(day, reviewed_on=earlier), "reviewed_on"),
        (CaseContent(day, outcome="approved"), "outcome_on"),
        (CaseContent(day, outcome="lost", outcome_on=day), "outcome"),
    ):
        with pytest.raises(InvalidInput) as refused:
            record_case(actor=officer, at=AT, row=row, content=content)
        assert set(refused.value.fields) == {field}
    record_case(actor=officer, at=AT, row=row, content=CaseContent(day, promised_on=day, reviewed_on=day))
    decided = CaseContent(day, reviewed_on=day, outcome="forwarded", outcome_on=day, approver=officer)
    case = record_case(actor=officer, at=AT, row=row, content=decided)
    event = row.events.last()
    assert case.get_outcome_display() == "转报"
    assert event is not None and event.after["去向"] == "转报" and "去向" not in event.before


def test_a_stalled_project_has_one_plan_with_its_paper() -> None:
    row, officer = _draft("stalled_project"), member("department_officer")
    with pytest.raises(InvalidInput, match="处置方案文件"):
        keep_plan(actor=officer, at=AT, row=row, content=PLAN)
    first = keep_plan(actor=officer, at=AT, row=row, content=PLAN, upload=paper("方案"))
    further = PlanContent("unfinished", "resume", "筹资复工", "dispose")
    second = keep_plan(actor=officer, at=AT, row=row, content=further)
    assert first.pk == second.pk and second.file == first.file
    event = row.events.last()
    assert event is not None and (event.before["阶段"], event.after["阶段"]) == ("摸底阶段", "集中处置阶段")
    with pytest.raises(InvalidInput) as refused:
        keep_plan(actor=officer, at=AT, row=row, content=PlanContent("x", "y", "z", "w"))
    assert set(refused.value.fields) == {"kind", "way", "stage"}


def test_a_ledger_without_named_columns_asks_for_name_and_state_of_affairs() -> None:
    ledger = land_ledger()
    ledger.columns.all().delete()
    row = entry(ledger, "丁厂", c2="停产")
    first = row.events.first()
    assert first is not None and first.after == {"名称": "丁厂", "情况": "停产"}
