"""Entries and documents come before the public in steps, by two people, and leave it with a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from directives.models import Directive
from directives.services import move_directive
from events.models import Event
from events.services import EventContent, create_event, move_event, update_event
from foundation.errors import DomainError, InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from foundation.publication import STEPS
from organizations.services import NameDirectory
from tests.accounts import browser_of, person
from tests.factories import DirectiveFactory, EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
STATES = ("draft", "review", "published", "withdrawn")
ALLOWED = {
    ("submit", "draft"): "review",
    ("publish", "draft"): "published",
    ("publish", "review"): "published",
    ("return", "review"): "draft",
    ("withdraw", "published"): "withdrawn",
    ("reopen", "withdrawn"): "draft",
}
ROLES = {"submit": {"editor", "publisher"}, "reopen": {"editor", "publisher"}}


def entry(state: str = "draft") -> Event:
    made: Event = EventFactory(publication=state)
    return made


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_each_step_starts_where_it_may(step: str, state: str) -> None:
    event = entry(state)
    target = ALLOWED.get((step, state))
    if target is None:
        with pytest.raises(StateConflict):
            move_event(actor=None, at=AT, event=event, step=step, reason="核对有误")
        target = state
    else:
        move_event(actor=None, at=AT, event=event, step=step, reason="核对有误")
        assert AuditEntry.objects.about(event).first().action == f"event.{step}"  # type: ignore[union-attr]
    event.refresh_from_db()
    assert event.publication == target


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["viewer", "editor", "publisher", "supervisor", "commander", "system_admin"])
def test_who_may_take_a_step(step: str, role: str) -> None:
    state = next(state for name, state in ALLOWED if name == step)
    document: Directive = DirectiveFactory(publication=state)
    move: dict[str, Any] = {
        "actor": person(role),
        "at": AT,
        "directive": document,
        "step": step,
        "reason": "核对有误",
    }
    if role in ROLES.get(step, {"publisher"}):
        move_directive(**move)
        document.refresh_from_db()
        assert document.publication == ALLOWED[(step, state)]
    else:
        with pytest.raises(PermissionRefused):
            move_directive(**move)
        document.refresh_from_db()
        assert document.publication == state


@pytest.mark.parametrize("step", [name for name, step in STEPS.items() if step.needs_reason])
def test_taking_something_back_needs_a_reason(step: str) -> None:
    state = next(state for name, state in ALLOWED if name == step)
    with pytest.raises(InvalidInput):
        move_event(actor=None, at=AT, event=entry(state), step=step, reason="  ")


def test_the_last_to_change_an_entry_does_not_publish_it() -> None:
    publisher, other = person("publisher", "a"), person("publisher", "b")
    event, directory = entry(), NameDirectory(actor=None, at=AT)
    update_event(
        actor=publisher,
        at=AT,
        event=event,
        changes={"title": "改过的标题"},
        directory=directory,
        reason="订正",
    )
    with pytest.raises(PermissionRefused):
        move_event(actor=publisher, at=AT, event=event, step="publish")
    move_event(actor=other, at=AT, event=event, step="publish")
    event.refresh_from_db()
    assert event.publication == "published"
    assert event.history.first().history_change_reason == "签发发布"


def test_an_editor_publishes_nothing_on_the_side() -> None:
    editor, directory = person("editor"), NameDirectory(actor=None, at=AT)
    content = EventContent(AT.date(), AT.date(), 1, title="例会")
    with pytest.raises(DomainError):
        create_event(actor=editor, at=AT, content=content, publication="published", directory=directory)
    event = create_event(actor=editor, at=AT, content=content, publication="draft", directory=directory)
    changes = {"publication": "published", "title": "例会召开"}
    update_event(actor=editor, at=AT, event=event, changes=changes, directory=directory, reason="订正")
    event.refresh_from_db()
    assert (event.publication, event.title) == ("draft", "例会召开")


def test_a_publisher_publishes_in_the_browser_and_the_public_sees_it() -> None:
    event = entry()
    page = event.get_absolute_url()
    assert Client().get(page).status_code == 404
    publisher = browser_of("publisher")
    assert "签发发布" in publisher.get(page).content.decode()
    address = reverse("events:event_step", args=[event.pk, "publish"])
    assert "已签发发布" in publisher.post(address, follow=True).content.decode()
    assert Client().get(page).status_code == 200
    assert "不能再签发发布" in publisher.post(address, follow=True).content.decode()


def test_a_withdrawn_document_leaves_the_public_and_keeps_its_text() -> None:
    document: Directive = DirectiveFactory()
    publisher = browser_of("publisher")
    address = reverse("directives:directive_step", args=[document.pk, "withdraw"])
    assert "须写明理由" in publisher.post(address, follow=True).content.decode()
    publisher.post(address, {"reason": "内容有误"})
    assert Client().get(document.get_absolute_url()).status_code == 404
    assert document.title in publisher.get(document.get_absolute_url()).content.decode()
    assert AuditEntry.objects.about(document).first().reason == "内容有误"  # type: ignore[union-attr]


def test_strangers_and_unknown_steps_change_nothing() -> None:
    event = entry("published")
    assert Client().post(reverse("events:event_step", args=[event.pk, "withdraw"])).status_code == 302
    viewer = browser_of("viewer")
    answer = viewer.post(
        reverse("events:event_step", args=[event.pk, "withdraw"]), {"reason": "不想看"}, follow=True
    )
    assert "您没有权限撤回大事记" in answer.content.decode()
    assert viewer.post(reverse("events:event_step", args=[event.pk, "burn"])).status_code == 404
    event.refresh_from_db()
    assert event.publication == "published"
