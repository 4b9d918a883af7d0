"""Who signs hears that something waits; who handed it in hears that it was signed or sent back, and why."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from directives.services import move_directive, record_status
from directives.services.corrections import add_notice, void_notice
from directives.services.statuses import confirm_status
from events.services import add_correction, confirm_correction, move_event
from events.services.texts import propose_event, step_event_revision
from foundation.errors import StateConflict
from foundation.services.revisions import Writing
from gazette.names.merging import confirm_merge, propose_merge
from gazette.services.issues import create_issue, step_issue
from notifications.models import Message
from organizations.models import User
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, SectionFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
LATER = datetime(2031, 9, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def editor() -> User:
    return person("editor")


@pytest.fixture
def signer() -> User:
    return person("publisher")


def told(user: User) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def test_an_entry_handed_in_is_told_to_all_who_sign(editor: User, signer: User) -> None:
    second, gone = person("publisher", "second"), person("publisher", "gone")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    event = EventFactory(title="检查防汛", publication="draft")
    move_event(actor=editor, at=AT, event=event, step="submit")
    assert told(signer) == told(second) == ["待签发：大事记“检查防汛”"]
    assert told(gone) == told(editor) == []
    message = Message.objects.get(recipient=signer)
    assert (
        message.url == event.get_absolute_url() and message.not_before == AT and str(editor) in message.body
    )


def test_a_publisher_who_hands_in_does_not_tell_himself(signer: User) -> None:
    event = EventFactory(publication="draft")
    move_event(actor=signer, at=AT, event=event, step="submit")
    assert told(signer) == []


def test_sent_back_with_the_reason_and_signed_at_last(editor: User, signer: User) -> None:
    event = EventFactory(title="检查防汛", publication="draft")
    move_event(actor=editor, at=AT, event=event, step="submit")
    move_event(actor=signer, at=AT, event=event, step="return", reason="日期有误")
    (back,) = Message.objects.filter(recipient=editor)
    assert (
        back.subject == "被退回修改：大事记“检查防汛”"
        and "日期有误" in back.body
        and str(signer) in back.body
    )
    move_event(actor=editor, at=LATER, event=event, step="submit")
    move_event(actor=signer, at=LATER, event=event, step="publish")
    assert told(editor)[1:] == ["已签发：大事记“检查防汛”"]
    assert told(signer) == ["待签发：大事记“检查防汛”"] * 2


def test_what_was_never_handed_in_is_told_to_nobody(signer: User) -> None:
    EventFactory(publication="draft")
    event = EventFactory(publication="draft")
    move_event(actor=signer, at=AT, event=event, step="publish")
    assert not Message.objects.exists()


def test_a_refused_step_tells_nobody(editor: User, signer: User) -> None:
    event = EventFactory(publication="published")
    with pytest.raises(StateConflict):
        move_event(actor=editor, at=AT, event=event, step="submit")
    assert not Message.objects.exists()


def test_documents_issues_and_withdrawals(editor: User, signer: User) -> None:
    directive = DirectiveFactory(title="防汛方案", publication="draft")
    move_directive(actor=editor, at=AT, directive=directive, step="submit")
    move_directive(actor=signer, at=AT, directive=directive, step="publish")
    move_directive(actor=signer, at=LATER, directive=directive, step="withdraw", reason="涉密")
    assert told(signer) == ["待签发：《防汛方案》"]
    assert told(editor) == ["已签发：《防汛方案》", "已撤回：《防汛方案》"]
    assert "涉密" in Message.objects.filter(recipient=editor).latest("pk").body


def test_a_correction_beside_a_published_text(editor: User, signer: User) -> None:
    event = EventFactory(title="旧题")
    revision = propose_event(
        actor=editor, event=event, content={"title": "新题"}, writing=Writing(editor, AT, "更正")
    )
    step_event_revision(actor=editor, at=AT, revision=revision, step="submit")
    step_event_revision(actor=signer, at=AT, revision=revision, step="return", reason="请附依据")
    assert told(signer) == ["待签发：更正稿“旧题”"]
    assert told(editor) == ["被退回修改：更正稿“旧题”"]


def notice_of_an_entry(editor: User, signer: User) -> None:
    event = EventFactory(title="条目", text="市长林轻讲话。")
    made = add_correction(
        actor=editor, at=AT, event=event, printed="林轻", corrected="林青", note="", made_on=AT.date()
    )
    confirm_correction(actor=signer, at=AT, correction=made)


def notice_of_a_document(editor: User, signer: User) -> None:
    section = SectionFactory(text="林轻任组长。", directive__title="方案")
    made = add_notice(actor=editor, at=AT, directive=section.directive, printed="林轻", corrected="林青")
    void_notice(actor=signer, at=AT, notice=made, reason="原文无误")


def legal_status(editor: User, signer: User) -> None:
    document = DirectiveFactory(title="办法", issued_on=date(2031, 1, 1))
    made = record_status(
        actor=editor,
        at=AT,
        directive=document,
        status="repealed",
        effective_on=date(2031, 9, 1),
        note="依据新法",
    )
    confirm_status(actor=signer, at=AT, change=made)


def merged_departments(editor: User, signer: User) -> None:
    old, new = DepartmentFactory(name="甲局"), DepartmentFactory(name="乙局")
    made = propose_merge(actor=editor, at=AT, source=old, target=new, reason="机构改革")
    confirm_merge(actor=signer, at=AT, merge=made)


def issue(editor: User, signer: User) -> None:
    month = date(2031, 8, 1)
    made = create_issue(
        actor=editor, at=AT, title="青河公报", year=2031, number=8, first_month=month, last_month=month
    )
    step_issue(actor=editor, at=AT, issue=made, step="submit")
    step_issue(actor=signer, at=AT, issue=made, step="return", reason="缺目录")


@pytest.mark.parametrize(
    ("happen", "asked", "answered"),
    [
        (notice_of_an_entry, "待签发：更正“条目”", "已签发：更正“条目”"),
        (notice_of_a_document, "待签发：更正《方案》", "已作废：更正《方案》"),
        (legal_status, "待签发：有效性变更“已废止”《办法》", "已签发：有效性变更“已废止”《办法》"),
        (merged_departments, "待签发：部门合并“甲局 并入 乙局”", "已签发：部门合并“甲局 并入 乙局”"),
        (issue, "待签发：公报", "被退回修改：公报"),
    ],
)
def test_all_that_is_signed_is_told(
    editor: User, signer: User, happen: Callable[[User, User], Any], asked: str, answered: str
) -> None:
    happen(editor, signer)
    (to_signer,), (to_editor,) = told(signer), told(editor)
    assert to_signer.startswith(asked) and to_editor.startswith(answered)


def test_it_stands_in_the_inbox_with_the_address_of_the_record(editor: User, signer: User) -> None:
    event = EventFactory(title="检查防汛", publication="draft")
    browser_of("editor").post(f"/events/entries/{event.pk}/submit/")
    Message.objects.update(state="sent", sent_at=AT)
    page = browser_of("publisher").get("/inbox/").content.decode()
    assert "待签发：大事记“检查防汛”" in page
    assert Message.objects.get().url == event.get_absolute_url()
