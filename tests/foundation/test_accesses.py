"""Refusals, exports and prints stand in the audit log, once a minute with a count."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accesses import AccessMiddleware
from foundation.context import Origin, call_from
from foundation.errors import DomainError
from foundation.models import AuditEntry, RepeatedAccess
from foundation.services.accesses import EXPORT, REFUSE, Access, close_repeats, record_access
from foundation.tasks import count_accesses
from organizations.permissions import require
from taskboard.models import CalendarKey
from tests.accounts import browser_of, person, token_for
from tests.factories import DirectiveFactory, EventFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 8, 1, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TAKEN = Access(EXPORT, "organizations:people_csv", "/people/people.csv")


def on_record(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("sequence"))


class TestWhatGoesOnRecord:
    def test_a_page_that_is_refused(self) -> None:
        assert browser_of("viewer").get("/tasks/desk/").status_code == 403
        (entry,) = on_record("page.refuse")
        assert entry.actor == person("viewer")
        assert (entry.object_type, entry.object_label) == ("page", "/tasks/desk/")
        assert entry.reason.startswith("您没有权限")
        assert entry.address == "127.0.0.1"

    def test_a_call_of_the_api_that_is_refused_although_its_transaction_is_undone(
        self, client: Client
    ) -> None:
        headers = {"Authorization": f"Token {token_for(person('viewer'))}"}
        answer = client.post("/api/v1/flood/responses/", {"level": "IV"}, headers=headers)
        assert answer.status_code == 403
        (entry,) = on_record("page.refuse")
        assert entry.actor == person("viewer")

    def test_a_token_that_nobody_has(self, client: Client) -> None:
        assert client.get("/api/v1/tasks/", headers={"Authorization": "Token wrong"}).status_code == 401
        (entry,) = on_record("token.fail")
        assert (entry.actor, entry.actor_label) == (None, "访客")
        assert "wrong" not in str(vars(entry))

    def test_a_refusal_that_the_page_turns_into_a_message(self) -> None:
        def page(request: HttpRequest) -> HttpResponse:
            try:
                require(person("viewer"), "taskboard.issue_list", "下发清单")
            except DomainError:
                return HttpResponse(status=302)
            return HttpResponse("下发了")

        request = RequestFactory().post("/tasks/lists/1/issue/")
        request.user = person("viewer")
        with call_from(Origin(request_id="r-1", address="192.0.2.7")):
            assert AccessMiddleware(page)(request).status_code == 302
        (entry,) = on_record("page.refuse")
        assert (entry.actor, entry.address, entry.request_id) == (person("viewer"), "192.0.2.7", "r-1")
        assert entry.reason.startswith("您没有权限下发清单")

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_a_table_that_is_taken_along(self, form: str) -> None:
        assert browser_of("viewer").get(f"/people/people.{form}?q=林").status_code == 200
        (entry,) = on_record("page.export")
        assert entry.object_id == f"organizations:people_{form}"
        assert entry.object_label.startswith(f"/people/people.{form}?q=")

    def test_a_document_as_a_word_file(self) -> None:
        directive = DirectiveFactory()
        assert browser_of("viewer").get(f"/directives/{directive.pk}/document.docx").status_code == 200
        assert len(on_record("page.export")) == 1

    def test_a_calendar(self) -> None:
        assert browser_of("viewer").get("/events/calendar.ics").status_code == 200
        assert len(on_record("page.export")) == 1

    def test_a_calendar_that_a_program_fetches_by_its_secret(self, client: Client) -> None:
        key = CalendarKey.objects.create(user=person("supervisor"), secret="s" * 40, made_at=AT)
        address = reverse("taskboard:personal_feed", kwargs={"secret": key.secret})
        assert client.get(address).status_code == 200
        (entry,) = on_record("page.export")
        assert entry.actor == person("supervisor")
        assert key.secret not in str(vars(entry))
        assert key.secret not in str(vars(RepeatedAccess.objects.get()))

    def test_a_print(self) -> None:
        EventFactory(start_date=date(2023, 5, 8))
        answer = browser_of("viewer").get("/events/2023/05/bulletin.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert [entry.object_label for entry in on_record("page.print")] == ["/events/2023/05/bulletin.pdf"]

    def test_what_a_visitor_fetches_leaves_no_trace(self, client: Client) -> None:
        assert client.get("/people/people.csv").status_code == 200
        assert not AuditEntry.objects.filter(action="page.export").exists()

    def test_a_page_alone_leaves_no_trace(self) -> None:
        assert browser_of("viewer").get("/people/").status_code == 200
        assert not RepeatedAccess.objects.exists()

    def test_a_log_that_cannot_be_written_does_not_keep_the_file_back(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        browser = browser_of("viewer")
        with patch("foundation.accesses.record_access", side_effect=DatabaseError("disk full")):
            assert browser.get("/people/people.csv").status_code == 200
        assert "not recorded: page.export /people/people.csv" in caplog.text

    def test_it_costs_the_same_whatever_stands_in_the_log(self) -> None:
        record_access(actor=person("viewer"), access=TAKEN, at=AT)
        counts = []
        for number in (1, 30):
            for n in range(number):
                record_access(actor=person("viewer"), access=Access(EXPORT, "v", f"/{number}/{n}"), at=AT)
            with CaptureQueriesContext(connection) as captured:
                record_access(actor=person("viewer"), access=Access(EXPORT, "v", f"/{number}"), at=AT)
            counts.append(len(captured))
        assert counts[0] == counts[1] <= 12


class TestTheMinute:
    @pytest.mark.parametrize(("later", "rows"), [(59 * SECOND, 1), (60 * SECOND, 3), (61 * SECOND, 3)])
    def test_the_same_again_is_counted_until_it_is_over(self, later: timedelta, rows: int) -> None:
        viewer = person("viewer")
        for at in (AT, AT + SECOND, AT + later):
            record_access(actor=viewer, access=TAKEN, at=at)
        found = on_record(EXPORT)
        assert len(found) == rows
        if rows == 3:  # the first, the count of those that followed, the next minute's first
            assert [entry.after.get("times") for entry in found] == [None, 1, None]

    def test_counts_are_written_when_nobody_comes_again(self) -> None:
        for n in range(4):
            record_access(actor=person("viewer"), access=TAKEN, at=AT + n * SECOND)
        assert close_repeats(at=AT + 59 * SECOND) == 0
        assert close_repeats(at=AT + 60 * SECOND) == 1
        assert [entry.after.get("times") for entry in on_record(EXPORT)] == [None, 3]
        assert on_record(EXPORT)[1].at == AT + 3 * SECOND
        assert not RepeatedAccess.objects.exists()

    def test_the_clock_writes_them(self) -> None:
        record_access(actor=person("viewer"), access=TAKEN, at=AT)
        record_access(actor=person("viewer"), access=TAKEN, at=AT)
        count_accesses()
        assert [entry.after.get("times") for entry in on_record(EXPORT)] == [None, 1]

    def test_another_person_action_or_object_has_a_row_of_its_own(self) -> None:
        record_access(actor=person("viewer"), access=TAKEN, at=AT)
        record_access(actor=person("editor"), access=TAKEN, at=AT)
        record_access(actor=person("viewer"), access=Access(REFUSE, TAKEN.view, TAKEN.path), at=AT)
        record_access(
            actor=person("viewer"), access=Access(EXPORT, TAKEN.view, "/people/people.csv?q=a"), at=AT
        )
        assert AuditEntry.objects.filter(action__startswith="page.").count() == 4

    def test_an_address_that_is_padded_hides_nothing(self) -> None:
        browser = browser_of("viewer")
        for asked in ("li", "wu"):
            b"".join(browser.get(f"/people/people.csv?zz={'a' * 400}&q={asked}").streaming_content)  # type: ignore[attr-defined]
        first, second = on_record("page.export")
        assert len(first.object_label) == 300
        assert first.after["address"].endswith("q=li")
        assert second.after["address"].endswith("q=wu")

    def test_a_visitor_cannot_fill_the_log_with_addresses(self) -> None:
        for n in range(50):
            record_access(actor=None, access=Access(REFUSE, "home", f"/?{n}"), at=AT)
        assert len(on_record(REFUSE)) == 1
        assert RepeatedAccess.objects.get().repeats == 49

    def test_a_clock_stepped_back_starts_a_new_minute(self) -> None:
        record_access(actor=person("viewer"), access=TAKEN, at=AT)
        record_access(actor=person("viewer"), access=TAKEN, at=AT - SECOND)
        assert len(on_record(EXPORT)) == 2
