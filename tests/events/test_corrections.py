"""A correction notice is a record of its own: proposed by one, signed by another, then shown and printed."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Correction, Event
from events.services import add_correction, confirm_correction, move_event, void_correction
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from organizations.models import User
from tests.accounts import browser_of, person
from tests.atonce import press_at_once
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2031, 9, 1, 1, 0, tzinfo=UTC)
DAY = date(2031, 9, 1)


def url(event: Event) -> str:
    return reverse("events:corrections", args=[event.pk])


def step(client: Client, notice: Correction, name: str, **more: Any) -> str:
    address = reverse("events:correction_step", args=[notice.event_id, notice.pk, name])
    return client.post(address, more, follow=True).content.decode()


def notice_by(actor: User | None, event: Event, **changes: Any) -> Correction:
    said = {"printed": "青合市", "corrected": "青河市", "note": "", "made_on": DAY, **changes}
    return add_correction(actor=actor, at=AT, event=event, **said)


@pytest.fixture
def event() -> Event:
    return EventFactory(text="青合市召开防汛会议。")


def test_the_public_sees_it_once_another_person_has_signed(event: Event) -> None:
    publisher = browser_of("publisher")
    answer = publisher.post(url(event), {"printed": "青合市", "corrected": "青河市"}, follow=True)
    assert "等待签发" in answer.content.decode() and "待签发" in answer.content.decode()
    notice = Correction.objects.get()
    assert "应为青河市" not in Client().get(event.get_absolute_url()).content.decode()
    assert not Correction.objects.all().to_print(since=date(2000, 8, 1)).exists()
    assert "须由另一位签发人签发" in step(publisher, notice, "confirm")
    other = Client()
    other.force_login(person("publisher", "second"))
    assert "已签发更正" in step(other, notice, "confirm")
    public = Client().get(event.get_absolute_url()).content.decode()
    assert "原文如此，应为青河市" in public and "青合市" in public
    assert Event.objects.get().text == "青合市召开防汛会议。"
    assert list(Correction.objects.all().to_print(since=date(2000, 8, 1))) == [notice]
    actions = list(AuditEntry.objects.about(event).order_by("sequence").values_list("action", flat=True))
    assert actions == ["event.correction", "event.correction.confirm"]


def test_a_list_of_doubtful_entries_and_the_index_know_signed_notices_only(event: Event) -> None:
    notice = notice_by(person("editor"), event)
    assert "青合市" not in Client().get("/events/?corrected=true").content.decode()
    confirm_correction(actor=person("publisher"), at=AT, correction=notice)
    assert "青合市" in Client().get("/events/?corrected=true").content.decode()


def test_one_that_waited_past_an_issue_is_printed_in_the_next(event: Event) -> None:
    notice = notice_by(person("editor"), event, made_on=date(2031, 7, 20))
    confirm_correction(actor=person("publisher"), at=AT, correction=notice)
    assert list(Correction.objects.all().to_print(since=date(2031, 8, 31))) == [notice]
    assert not Correction.objects.all().to_print(since=date(2031, 9, 1)).exists()


def test_what_the_portal_itself_writes_counts_at_once(event: Event) -> None:
    assert notice_by(None, event).standing == "confirmed"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"printed": "", "corrected": "青河市"}, "请填写原文"),
        ({"printed": "黄河市", "corrected": "青河市"}, "没有这段原文"),
        ({"printed": "青合市", "corrected": "青合市"}, "与原文相同"),
        ({"printed": "青合市"}, "请填写，或填写说明"),
    ],
)
def test_what_cannot_be_a_correction_is_said(event: Event, typed: dict[str, str], sentence: str) -> None:
    answer = browser_of("editor").post(url(event), typed)
    assert answer.status_code == 400 and sentence in answer.content.decode()
    assert not Correction.objects.exists()


def test_the_same_words_are_corrected_once(event: Event) -> None:
    first = notice_by(person("editor"), event)
    answer = browser_of("editor").post(url(event), {"printed": "青合市", "corrected": "清河市"})
    assert answer.status_code == 409 and "已登记过更正" in answer.content.decode()
    void_correction(actor=person("editor"), at=AT, correction=first, reason="看错")
    assert notice_by(person("editor"), event, corrected="清河市").standing == "proposed"


def test_a_notice_is_taken_back_with_a_reason_and_stays_on_record(event: Event) -> None:
    notice = notice_by(person("editor"), event)
    with pytest.raises(InvalidInput, match="须写明理由"):
        void_correction(actor=person("editor"), at=AT, correction=notice, reason=" ")
    assert "已作废" in step(browser_of("editor"), notice, "void", reason="看错")
    notice.refresh_from_db()
    assert (notice.standing, notice.settled_reason) == ("void", "看错")
    assert "看错" in browser_of("editor").get(url(event)).content.decode()
    with pytest.raises(StateConflict, match="已作废"):
        confirm_correction(actor=person("publisher"), at=AT, correction=notice)


def test_one_that_the_public_has_read_is_taken_back_by_a_publisher(event: Event) -> None:
    notice = notice_by(None, event)
    with pytest.raises(PermissionRefused):
        void_correction(actor=person("editor"), at=AT, correction=notice, reason="看错")
    void_correction(actor=person("publisher"), at=AT, correction=notice, reason="看错")
    assert "原文如此" not in Client().get(event.get_absolute_url()).content.decode()


def test_a_notice_beside_a_draft_is_no_change_of_its_text() -> None:
    draft = EventFactory(publication="draft", text="青合市开会。")
    notice_by(person("publisher"), draft)
    move_event(actor=person("publisher"), at=AT, event=draft, step="publish")
    assert Event.objects.get().publication == "published"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_who_sign_in_the_same_moment_one_is_told(event: Event) -> None:
    notice = notice_by(person("editor"), event)
    people = [person("publisher"), person("publisher", "second")]
    answers = press_at_once(
        [partial(confirm_correction, actor=who, at=AT, correction=notice) for who in people]
    )
    assert sorted(map(bool, answers)) == [False, True] and "没有重复签发" in "".join(answers)


def test_of_two_who_sign_at_once_one_is_told(event: Event) -> None:
    notice = notice_by(person("editor"), event)
    assert "已签发更正" in step(browser_of("publisher"), notice, "confirm")
    assert "没有重复签发" in step(browser_of("publisher"), notice, "confirm")
