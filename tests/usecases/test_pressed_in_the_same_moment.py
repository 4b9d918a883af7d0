"""Two press in the same moment, each over a connection of their own: one change, one clear sentence."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from directives.models import Directive, Follow, Topic
from directives.services import move_directive
from directives.services.following import follow_directive, unfollow_directive
from directives.services.publishing import seen_mark as mark_of_document
from events.models import Event, FilingRun
from events.services import move_event
from events.services.filing import confirm_filing, discard_filing, preview_filing, start_filing
from events.services.publishing import seen_mark as mark_of_entry
from foundation.errors import PermissionRefused, StateConflict
from foundation.models import AuditEntry
from gazette.names.merging import confirm_merge, propose_merge
from organizations.models import Department, Role, User
from organizations.services import grant_role, issue_token
from taskboard.models import RecordLink
from taskboard.services.linking import decide_links
from tests.accounts import person
from tests.atonce import press_at_once
from tests.factories import DepartmentFactory, DirectiveFactory, EventFactory, TaskFactory
from zalantun.accounts.services import leave

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2031, 9, 1, 4, 0, tzinfo=UTC)


def one_and_one_told(actions: Sequence[Callable[[], object]], words: str) -> None:
    """One of two is done, and the other is told with these words."""
    done, told = sorted(press_at_once(actions))
    assert done == "" and words in told


def recorded(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def publishers() -> list[Any]:
    return [person("publisher", "p1"), person("publisher", "p2")]


def editors() -> list[Any]:
    return [person("editor", "e1"), person("editor", "e2")]


def test_a_document_is_followed_once_by_a_person_who_presses_twice() -> None:
    document, reader = DirectiveFactory(), person("viewer")
    follow = partial(follow_directive, actor=reader, at=AT, directive=document)
    one_and_one_told([follow, follow], "已经关注")
    assert Follow.objects.filter(user=reader, directive=document).count() == 1
    unfollow = partial(unfollow_directive, actor=reader, directive=document)
    one_and_one_told([unfollow, unfollow], "没有关注")
    assert not Follow.objects.exists()


def test_one_filing_run_is_started() -> None:
    Topic.objects.create(slug="flood", name="防汛防涝")
    one_and_one_told([partial(start_filing, actor=each, at=AT) for each in editors()], "已有一次归类")
    assert FilingRun.objects.count() == 1


def test_a_filing_run_is_confirmed_once() -> None:
    run = previewed()
    confirm = [partial(confirm_filing, actor=each, at=AT, run=same(run)) for each in editors()]
    one_and_one_told(confirm, "没有重复写入")
    assert recorded("topic.filing_confirm") == 1


def test_a_filing_run_is_either_confirmed_or_dropped() -> None:
    run = previewed()
    one, two = editors()
    steps = [
        partial(confirm_filing, actor=one, at=AT, run=same(run)),
        partial(discard_filing, actor=two, at=AT, run=same(run)),
    ]
    one_and_one_told(steps, "已由他人确认或放弃")
    run.refresh_from_db()
    assert run.state == ("queued" if recorded("topic.filing_confirm") else "discarded")


def previewed() -> FilingRun:
    topic = Topic.objects.create(slug="flood", name="防汛防涝")
    topic.rules.create(any_of=["内涝"])
    EventFactory(title="检查内涝点", topics=[])
    run = start_filing(actor=editors()[0], at=AT)
    preview_filing(run=run, at=AT)
    return run


def same(run: FilingRun) -> FilingRun:
    return FilingRun.objects.get(pk=run.pk)


def test_a_proposed_link_is_confirmed_once() -> None:
    link = RecordLink.objects.create(
        event=EventFactory(), task=TaskFactory(), proposed_at=AT, reasons=["名称相近"], strength=70
    )
    confirm = [
        partial(decide_links, actor=each, at=AT, links=[link.pk], confirmed=True) for each in editors()
    ]
    one_and_one_told(confirm, "已由他人处理")
    assert recorded("link.confirm") == 1
    link.refresh_from_db()
    assert link.state == RecordLink.State.CONFIRMED


def test_an_entry_is_published_once() -> None:
    event = EventFactory(publication=Event.Publication.REVIEW)
    seen = mark_of_entry(event)
    publish = [
        partial(
            move_event, actor=each, at=AT, event=Event.objects.get(pk=event.pk), step="publish", seen=seen
        )
        for each in publishers()
    ]
    one_and_one_told(publish, "您打开页面之后此条又有改动，没有签发")
    event.refresh_from_db()
    assert event.publication == "published" and recorded("event.publish") == 1


def test_a_document_is_published_once() -> None:
    document = DirectiveFactory(publication=Directive.Publication.REVIEW)
    seen = mark_of_document(document)
    publish = [
        partial(
            move_directive,
            actor=each,
            at=AT,
            directive=Directive.objects.get(pk=document.pk),
            step="publish",
            seen=seen,
        )
        for each in publishers()
    ]
    one_and_one_told(publish, "您打开页面之后文件又有改动，没有签发")
    document.refresh_from_db()
    assert document.publication == "published" and recorded("directive.publish") == 1


def test_departments_are_merged_once() -> None:
    old, new = DepartmentFactory(name="执法局"), DepartmentFactory(name="城管执法局")
    event = EventFactory(departments=[old])
    merge = propose_merge(actor=person("editor"), at=AT, source=old, target=new, reason="机构改革方案")
    confirm = [
        partial(confirm_merge, actor=each, at=AT, merge=type(merge).objects.get(pk=merge.pk))
        for each in publishers()
    ]
    one_and_one_told(confirm, "此项现在是“已签发”")
    old.refresh_from_db()
    assert (old.merged_into, event.mentions.get().department) == (new, new)
    assert recorded("department.merged") == 1
    assert Department.objects.get(pk=old.pk).name == "执法局（已并入城管执法局）"


def test_an_account_gets_either_a_role_or_a_token_that_another_made() -> None:
    guard, network = person("security_admin"), person(name="network")

    def make_token() -> None:
        try:
            issue_token(actor=guard, at=AT, username=network.username, name="站网", days=30)
        except PermissionRefused as refusal:
            raise StateConflict(refusal.message) from refusal

    grant = partial(grant_role, actor=guard, at=AT, user=network, role=Role.DUTY_OFFICER)
    one_and_one_told([make_token, grant], "令牌")
    assert network.assignments.exists() != network.api_tokens.exists()


def test_two_who_leave_to_each_other_do_not_both_leave() -> None:
    one, other = person("department_officer", "d1"), person("department_officer", "d2")
    guards = person("security_admin", "g1"), person("security_admin", "g2")
    leaving = [
        partial(leave, actor=guards[0], at=AT, user=one, successor=other, reason="调离"),
        partial(leave, actor=guards[1], at=AT, user=other, successor=one, reason="调离"),
    ]
    one_and_one_told(leaving, "的账号已停用，不能接替")
    assert User.objects.filter(pk__in=(one.pk, other.pk), is_active=True).count() == 1
    assert recorded("user.leave") == 1
