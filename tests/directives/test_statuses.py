"""Legal states: registered by one person, signed by another, true from the first minute of their day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from directives.models import Directive, StatusChange
from directives.services import record_status
from directives.services.statuses import about_expiry, confirm_status, void_status
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from tests.accounts import browser_of, person
from tests.atonce import press_at_once
from tests.factories import DirectiveFactory

pytestmark = pytest.mark.django_db
AT = datetime(2023, 6, 1, 1, 0, tzinfo=UTC)
END = date(2023, 12, 31)


def register(directive: Directive, role: str | None = "editor", **values: Any) -> StatusChange:
    given: dict[str, Any] = {"status": "expired", "effective_on": END} | values
    return record_status(actor=person(role) if role else None, at=AT, directive=directive, **given)


def shown_status(directive: Directive, role: str = "anonymous") -> str:
    return str(browser_of(role).get(directive.get_absolute_url()).context["status"].value)


class TestFourEyes:
    def test_what_an_editor_registers_counts_once_another_person_has_signed(self) -> None:
        directive = DirectiveFactory()
        other = DirectiveFactory(title="关于废止若干文件的决定")
        change = register(directive, status="repealed", effective_on=date(2023, 5, 9), by_directive=other)
        page = browser_of("anonymous").get(directive.get_absolute_url())
        assert page.context["status"] == "in_force" and "关于废止若干文件的决定" not in page.content.decode()
        confirm_status(actor=person("publisher"), at=AT, change=change)
        page = browser_of("anonymous").get(directive.get_absolute_url())
        assert page.context["status"] == "repealed" and "关于废止若干文件的决定" in page.content.decode()
        actions = AuditEntry.objects.filter(action__startswith="directive.status").order_by("sequence")
        assert [entry.action for entry in actions] == ["directive.status", "directive.status.confirm"]

    def test_nobody_signs_what_he_registered(self) -> None:
        change = register(DirectiveFactory(), "publisher")
        with pytest.raises(PermissionRefused, match="另一位签发人"):
            confirm_status(actor=person("publisher"), at=AT, change=change)

    @pytest.mark.parametrize("role", ["editor", "viewer", "department_head"])
    def test_signing_is_the_publishers(self, role: str) -> None:
        change = register(DirectiveFactory(), "publisher")
        with pytest.raises(PermissionRefused, match="没有权限签发"):
            confirm_status(actor=person(role), at=AT, change=change)

    def test_what_is_void_counts_no_more_and_stays_on_record(self) -> None:
        directive = DirectiveFactory()
        change = register(directive, None, effective_on=date(2023, 5, 9))
        assert shown_status(directive) == "expired"
        with pytest.raises(PermissionRefused):
            void_status(actor=person("editor"), at=AT, change=change, reason="登错")
        with pytest.raises(InvalidInput, match="作废的理由"):
            void_status(actor=person("publisher"), at=AT, change=change, reason=" ")
        void_status(actor=person("publisher"), at=AT, change=change, reason="登错")
        assert shown_status(directive) == "in_force"
        assert directive.status_changes.get().settled_reason == "登错"

    def test_a_void_one_is_not_signed(self) -> None:
        change = register(DirectiveFactory())
        void_status(actor=person("editor"), at=AT, change=change, reason="登错")
        with pytest.raises(StateConflict, match="已作废"):
            confirm_status(actor=person("publisher"), at=AT, change=change)


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_sign_once() -> None:
    change = register(DirectiveFactory())
    signers = [person("publisher"), person("publisher", "b")]
    answers = press_at_once(
        [lambda who=who: confirm_status(actor=who, at=AT, change=change) for who in signers]  # type: ignore[misc]
    )
    assert sorted(bool(answer) for answer in answers) == [False, True]
    assert AuditEntry.objects.filter(action="directive.status.confirm").count() == 1


class TestWhatIsRefused:
    @pytest.mark.parametrize(("day", "refused"), [(7, True), (8, False), (9, False)])
    def test_a_day_before_the_documents_own(self, day: int, refused: bool) -> None:
        directive = DirectiveFactory(issued_on=date(2023, 5, 8))
        if refused:
            with pytest.raises(InvalidInput, match="早于该文件的成文日期"):
                register(directive, effective_on=date(2023, 5, day))
        else:
            assert register(directive, effective_on=date(2023, 5, day)).pk

    @pytest.mark.parametrize("status", ["amended", "repealed"])
    def test_an_amendment_or_repeal_by_nothing(self, status: str) -> None:
        directive = DirectiveFactory()
        with pytest.raises(InvalidInput, match="须有依据"):
            register(directive, status=status)
        assert register(directive, status=status, note="《老办法》（未收录）").pk

    def test_a_document_that_acts_on_itself(self) -> None:
        directive = DirectiveFactory()
        with pytest.raises(InvalidInput, match="自身"):
            register(directive, status="repealed", by_directive=directive)

    def test_the_same_twice(self) -> None:
        directive = DirectiveFactory()
        register(directive)
        with pytest.raises(StateConflict, match="已经登记"):
            register(directive)
        assert directive.status_changes.count() == 1


def expiry_messages() -> Any:
    """Without those that tell of the signing."""
    return Message.objects.filter(about__contains=":expiry:")


class TestExpiry:
    @pytest.mark.parametrize(
        ("moment", "status"),
        [("2023-12-30T23:59:59+08:00", "in_force"), ("2023-12-31T00:00:00+08:00", "expired")],
    )
    def test_a_document_expires_by_itself_at_midnight_of_the_city(self, moment: str, status: str) -> None:
        directive = DirectiveFactory()
        register(directive, None)
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            assert shown_status(directive) == status
            data = browser_of("anonymous").get(f"/api/v1/directives/{directive.pk}/").json()
            assert data["status"] == status

    def test_editors_are_told_before_it_expires(self) -> None:
        editor = person("editor")
        change = register(DirectiveFactory())
        assert not Message.objects.exists()
        confirm_status(actor=person("publisher"), at=AT, change=change)
        told = expiry_messages().filter(recipient=editor, channel="inbox").order_by("not_before")
        mornings = [timezone.localtime(message.not_before).strftime("%m-%d %H:%M") for message in told]
        assert mornings == ["12-01 09:00", "12-24 09:00", "12-30 09:00"]
        assert {message.about for message in told} == {about_expiry(change)}

    @pytest.mark.parametrize(("seconds", "count"), [(-1, 1), (0, 1), (1, 0)])
    def test_a_morning_that_has_passed_is_left_out(self, seconds: int, count: int) -> None:
        person("editor")
        change = register(DirectiveFactory())
        last_morning = datetime(2023, 12, 30, 1, 0, tzinfo=UTC)
        at = last_morning + timedelta(seconds=seconds)
        confirm_status(actor=person("publisher"), at=at, change=change)
        assert expiry_messages().filter(channel="inbox").count() == count

    def test_a_void_expiry_is_not_announced(self) -> None:
        person("editor")
        change = register(DirectiveFactory())
        confirm_status(actor=person("publisher"), at=AT, change=change)
        void_status(actor=person("publisher"), at=AT, change=change, reason="延期")
        assert set(expiry_messages().values_list("state", flat=True)) == {Message.State.CANCELLED}


class TestThePage:
    @pytest.mark.parametrize(("role", "status"), [("anonymous", 302), ("viewer", 403), ("editor", 200)])
    def test_it_is_for_the_desk(self, role: str, status: int) -> None:
        assert browser_of(role).get(f"/directives/{DirectiveFactory().pk}/statuses/").status_code == status

    def test_an_editor_registers_and_a_publisher_signs(self) -> None:
        directive = DirectiveFactory()
        other = DirectiveFactory(number="青政发〔2023〕9号")
        address = f"/directives/{directive.pk}/statuses/"
        data = {"status": "amended", "effective_on": "2023-06-01", "by": "青政发[2023]9号", "note": ""}
        assert browser_of("editor").post(address, data).status_code == 302
        change = directive.status_changes.get()
        assert (change.standing, change.by_directive) == ("proposed", other)
        own = browser_of("editor").get(address).content.decode()
        assert "待签发" in own and f"{change.pk}/confirm/" not in own
        assert f"{change.pk}/confirm/" in browser_of("publisher").get(address).content.decode()
        browser_of("publisher").post(f"{address}{change.pk}/confirm/")
        change.refresh_from_db()
        assert change.standing == "confirmed"

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"effective_on": ""}, "请填写生效日期"),
            ({"effective_on": "不知道"}, "请按 2023-05-08 的样式填写"),
            ({"by": "不存在的文件"}, "没有找到这件文件"),
            ({"by": "同名"}, "不止一件"),
            ({}, "须有依据"),
        ],
    )
    def test_what_cannot_be_registered_is_said(self, data: dict[str, str], sentence: str) -> None:
        DirectiveFactory.create_batch(2, title="同名")
        directive = DirectiveFactory()
        given = {"status": "repealed", "effective_on": "2023-06-01", "by": "", "note": ""} | data
        response = browser_of("editor").post(f"/directives/{directive.pk}/statuses/", given)
        assert response.status_code == 400 and sentence in response.content.decode()
        assert not directive.status_changes.exists()
