"""An incident owes reports from the moment it happens; reports meet them, in time or late."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from floodresponse.models import (
    Incident,
    IncidentReport,
    Obligation,
    Plan,
    RainOrder,
    Response,
    StormReplay,
)
from floodresponse.services.incidents import (
    IncidentContent,
    change_grade,
    report_incident,
    resolve_incident,
)
from floodresponse.services.obligations import continue_followups, excuse_obligation, record_call
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from notifications.models import Message
from notifications.services import deliver_to_inbox
from organizations.models import Role
from tests.factories import UserFactory
from tests.floodresponse.reporting import City, build_city, drill_on, happen, minute, owed, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


class TestWhatIsOwed:
    def test_it_is_written_with_the_incident_and_says_why(self, city: City) -> None:
        incident = happen(city)
        assert owed(incident, minute(6)) == {
            "phone-1": (20, "open"),
            "media-1": (60, "open"),
            "written-1": (120, "open"),
        }
        assert "7月26日 15:02 发生" in Obligation.objects.get(kind="phone").basis
        assert AuditEntry.objects.filter(action="incident.report").count() == 1

    def test_a_major_one_owes_the_report_at_once_and_follow_ups(self, city: City) -> None:
        found = owed(happen(city, severity="major"), minute(6))
        assert found["immediate-1"] == (15, "open")
        assert found["followup-1"] == (240, "open")

    @pytest.mark.parametrize(("seconds", "state"), [(0, "open"), (1, "overdue")])
    def test_overdue_follows_from_the_time_alone(self, city: City, seconds: int, state: str) -> None:
        assert owed(happen(city), minute(20 + seconds / 60))["phone-1"] == (20, state)

    def test_what_was_found_too_late_is_marked_and_no_minute_is_erased(self, city: City) -> None:
        happen(city, at=minute(50), found_at=minute(45))
        phone = Obligation.objects.get(kind="phone")
        assert phone.found_too_late and phone.minutes_late_at(minute(50)) == 30
        assert not Obligation.objects.get(kind="media").found_too_late

    def test_the_same_form_sent_twice_is_one_incident(self, city: City) -> None:
        key = "3f0d7a52-9a3e-4c29-9d15-1c2ad7e5f001"
        first, second = happen(city, key=key), happen(city, key=key, at=minute(6))
        assert first.pk == second.pk
        assert Obligation.objects.count() == 3

    def test_the_number_of_a_form_of_another_person_is_refused_and_shows_nothing(self, city: City) -> None:
        key = "3f0d7a52-9a3e-4c29-9d15-1c2ad7e5f003"
        happen(city, key=key)
        with pytest.raises(StateConflict, match="已被别人用过"):
            happen(city, key=key, actor=city.bureau_officer, unit=city.bureau)
        assert Incident.objects.count() == 1

    def test_what_the_database_refuses_for_another_reason_is_not_blamed_on_the_form(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**values: Any) -> Incident:
            raise IntegrityError("of another column")

        monkeypatch.setattr(Incident.objects, "create", refuse)
        for key in (None, "3f0d7a52-9a3e-4c29-9d15-1c2ad7e5f004"):
            with pytest.raises(IntegrityError, match="of another column"):
                happen(city, key=key)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"occurred_at": minute(5.1)}, "occurred_at"),
            ({"found_at": minute(-1)}, "found_at"),
            ({"found_at": minute(6)}, "found_at"),
            ({"occurred_at": minute(-60 * 24 * 400)}, "occurred_at"),
            ({"location": "  "}, "location"),
        ],
    )
    def test_impossible_times_are_refused_with_the_field(
        self, city: City, values: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as refusal:
            happen(city, **values)
        assert field in refusal.value.fields
        assert not Incident.objects.exists()


class TestDrills:
    def report_one(self, city: City) -> Incident:
        content = IncidentContent(unit=city.street, occurred_at=minute(0), location="柳桥下", exercise=True)
        return report_incident(actor=city.office, content=content, at=minute(5))

    @pytest.mark.parametrize(("begins", "ends"), [(None, None), (5.1, None), (-60, 5)])
    def test_without_one_that_is_on_nothing_is_reported_as_of_one(
        self, city: City, begins: float | None, ends: float | None
    ) -> None:
        plan = Plan.objects.create(title="方案", year=2023)
        Response.objects.create(plan=plan, declared_at=minute(-60))
        if begins is not None:
            end = minute(ends) if ends is not None else None
            Response.objects.create(plan=plan, declared_at=minute(begins), terminated_at=end, exercise=True)
        with pytest.raises(InvalidInput, match="没有进行中的演练") as refusal:
            self.report_one(city)
        assert "exercise" in refusal.value.fields
        assert not Incident.objects.exists()

    def test_one_that_has_just_begun_is_on(self, city: City) -> None:
        drill_on(minute(5))
        assert self.report_one(city).exercise

    def test_a_storm_that_is_replayed_is_one(self, city: City) -> None:
        StormReplay.objects.create(title="练", speed=1, begins=minute(0), started_at=minute(0))
        assert self.report_one(city).exercise

    def test_a_rain_order_of_a_drill_is_one(self, city: City) -> None:
        RainOrder.objects.create(
            plan=Plan.objects.create(title="方案", year=2023),
            ordered_at=minute(0),
            ordered_by=city.office,
            exercise=True,
        )
        assert self.report_one(city).exercise


class TestReports:
    @pytest.mark.parametrize(
        ("seconds", "state", "late"),
        [(1199, "met", 0), (1200, "met", 0), (1201, "met_late", 1), (1261, "met_late", 2)],
    )
    def test_minute_twenty_itself_is_in_time(self, city: City, seconds: int, state: str, late: int) -> None:
        incident, moment = happen(city), minute(seconds / 60)
        filed = report(incident, city.street_officer, at=moment, channel="phone")
        phone = Obligation.objects.get(kind="phone")
        assert (phone.state, phone.minutes_late_at(minute(999)), filed.late) == (state, late, bool(late))

    def test_each_way_meets_its_own_kind_and_any_report_the_one_at_once(self, city: City) -> None:
        incident = happen(city, severity="serious")
        report(incident, city.street_officer, at=minute(10), channel="media")
        states = {kind: state for kind, (_, state) in owed(incident, minute(11)).items()}
        assert states == {
            "immediate-1": "met",
            "phone-1": "open",
            "media-1": "met",
            "written-1": "open",
            "followup-1": "open",
        }

    def test_the_time_of_the_call_counts_not_that_of_writing_it_down(self, city: City) -> None:
        incident = happen(city)
        report(incident, city.office, at=minute(40), channel="phone", reported_at=minute(18))
        assert owed(incident, minute(41))["phone-1"] == (20, "met")

    @pytest.mark.parametrize("reported_at", [minute(-1), minute(31)])
    def test_a_report_before_the_event_or_in_the_future_is_refused(
        self, city: City, reported_at: Any
    ) -> None:
        incident = happen(city)
        with pytest.raises(InvalidInput, match="报告时间"):
            report(incident, city.street_officer, at=minute(30), reported_at=reported_at)
        assert not IncidentReport.objects.exists()

    def test_what_lacks_content_is_kept_and_flagged(self, city: City) -> None:
        incident = happen(city, kind="danger", dead=1)
        filed = report(incident, city.street_officer, at=minute(30), text="墙倒。")
        assert filed.incomplete and "死亡、失踪的原因" in filed.lacking
        assert owed(incident, minute(31))["written-1"] == (120, "met")

    def test_a_fall_of_figures_needs_an_explanation(self, city: City) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(30), figures={"affected": 20})
        filed = report(incident, city.street_officer, at=minute(40), figures={"affected": 12})
        assert filed.lacking == ["数字减少的说明（受灾人口由 20 减为 12）"]
        explained = report(
            incident, city.street_officer, at=minute(50), figures={"affected": 11}, explanation="核减重复"
        )
        assert not explained.incomplete

    def test_the_same_form_sent_twice_is_one_report(self, city: City) -> None:
        incident, key = happen(city), "3f0d7a52-9a3e-4c29-9d15-1c2ad7e5f002"
        for at in (minute(10), minute(11)):
            report(incident, city.street_officer, at=at, key=key)
        assert IncidentReport.objects.count() == 1


class TestFollowUps:
    def test_the_next_counts_from_the_written_report(self, city: City) -> None:
        incident = happen(city, severity="major")
        report(incident, city.street_officer, at=minute(90))
        assert owed(incident, minute(91))["followup-1"] == (210, "open")

    def test_each_opens_the_next_until_the_final_one(self, city: City) -> None:
        incident = happen(city, severity="major")
        report(incident, city.street_officer, at=minute(90))
        report(incident, city.street_officer, at=minute(200), stage="followup")
        found = owed(incident, minute(201))
        assert (found["followup-1"], found["followup-2"]) == ((210, "met"), (320, "open"))
        report(incident, city.street_officer, at=minute(300), stage="final")
        found = owed(incident, minute(301))
        assert found["followup-2"] == (320, "met") and "followup-3" not in found

    def test_where_one_is_missing_the_next_counts_from_its_limit(self, city: City) -> None:
        incident = happen(city, severity="major")
        assert continue_followups(at=minute(240)) == 0
        assert continue_followups(at=minute(240.1)) == 1
        assert continue_followups(at=minute(240.1)) == 0
        found = owed(incident, minute(241))
        assert (found["followup-1"], found["followup-2"]) == ((240, "overdue"), (360, "open"))

    def test_after_a_long_stop_every_missed_one_has_its_row(self, city: City) -> None:
        incident = happen(city, severity="major")
        assert continue_followups(at=minute(481)) == 3
        assert owed(incident, minute(481))["followup-4"] == (600, "open")

    def test_a_late_one_meets_those_missed_and_moves_the_next(self, city: City) -> None:
        incident = happen(city, severity="major")
        continue_followups(at=minute(241))
        report(incident, city.street_officer, at=minute(300), stage="followup")
        found = owed(incident, minute(301))
        assert (found["followup-1"], found["followup-2"]) == ((240, "met_late"), (420, "open"))

    @pytest.mark.parametrize("severity", ["serious", "extreme"])
    def test_a_grade_raised_later_adds_what_is_owed_from_then_on(self, city: City, severity: str) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(30))
        change_grade(
            actor=city.street_officer, incident=incident, changes={"severity": severity}, at=minute(200)
        )
        found = owed(incident, minute(201))
        assert (found["immediate-1"], found["followup-1"]) == ((210, "open"), (320, "open"))
        assert found["phone-1"] == (20, "overdue")
        # The report came long ago: it is not called missing.
        basis = Obligation.objects.get(kind="followup").basis
        assert "自调整等级 7月26日 18:22 起" in basis
        assert "未到" not in basis

    def test_a_death_told_in_a_report_is_told_at_once(self, city: City) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(70), figures={"dead": 1})
        incident.refresh_from_db()
        assert incident.dead == 1
        assert owed(incident, minute(71))["immediate-1"] == (80, "met")

    def test_a_death_found_later_is_owed_at_once_anew(self, city: City) -> None:
        incident = happen(city, severity="serious")
        report(incident, city.street_officer, at=minute(8), channel="phone")
        change_grade(actor=city.office, incident=incident, changes={"dead": 1}, at=minute(50))
        found = owed(incident, minute(51))
        assert (found["immediate-1"], found["immediate-2"]) == ((15, "met"), (60, "open"))
        assert "死亡 1 人" in Obligation.objects.get(kind="immediate", sequence=2).basis

    def test_a_report_at_once_that_still_waits_takes_in_a_death(self, city: City) -> None:
        incident = happen(city, severity="serious")
        change_grade(actor=city.office, incident=incident, changes={"dead": 1}, at=minute(9))
        waiting = Obligation.objects.get(kind="immediate")
        assert owed(incident, minute(10))["immediate-1"] == (15, "open")
        assert "又确认：等级为较大、死亡 1 人，一并报告，时限不变" in waiting.basis

    @pytest.mark.parametrize(
        ("dead", "refused"), [(3, False), (2, False), (1, True), (0, True), (None, True)]
    )
    def test_casualties_fall_with_a_reason_only(self, city: City, dead: int | None, refused: bool) -> None:
        incident = happen(city, dead=2)

        def change(reason: str) -> Incident:
            return change_grade(
                actor=city.office, incident=incident, changes={"dead": dead}, at=minute(9), reason=reason
            )

        if refused:
            with pytest.raises(InvalidInput, match="死亡人数已报 2 人"):
                change(" ")
            incident.refresh_from_db()
            assert incident.dead == 2
        assert change("一人重复统计").dead == dead
        if refused:
            assert AuditEntry.objects.get(action="incident.change").reason == "一人重复统计"

    def test_resolving_ends_the_chain_once_and_keeps_what_is_overdue(self, city: City) -> None:
        incident = happen(city, severity="major")
        continue_followups(at=minute(241))
        resolve_incident(actor=city.street_officer, incident=incident, at=minute(250))
        found = owed(incident, minute(251))
        assert (found["followup-1"], found["followup-2"]) == ((240, "overdue"), (360, "excused"))
        with pytest.raises(StateConflict, match="已经确认处置完毕"):
            resolve_incident(actor=city.office, incident=incident, at=minute(252))
        assert continue_followups(at=minute(999)) == 0


def waiting_for(kind: str) -> list[tuple[str, float]]:
    """Who gets which reminder, minutes after the event."""
    rows: Any = Message.objects.filter(about=Obligation.objects.get(kind=kind).about, state="pending")
    return sorted((row.recipient.username, (row.not_before - minute(0)).total_seconds() / 60) for row in rows)


class TestReminders:
    def test_before_at_and_after_to_unit_office_and_commander(self, city: City) -> None:
        happen(city)
        assert waiting_for("phone") == [
            ("commander", 50),
            ("office", 30),
            ("office", 50),
            ("street", 15),
            ("street", 20),
            ("street", 30),
            ("street", 50),
        ]
        assert ("street", 45.0) in waiting_for("media")
        assert all(message.urgent for message in Message.objects.all())
        assert all(
            key.startswith("obligation:") for key in Message.objects.values_list("dedupe_key", flat=True)
        )

    def test_a_unit_without_officers_is_the_offices_care(self, city: City) -> None:
        happen(city, unit=city.unmanned)
        assert ("office", 20.0) in waiting_for("phone")

    def test_a_suspended_account_is_nobody(self, city: City) -> None:
        type(city.street_officer).objects.filter(pk=city.street_officer.pk).update(is_active=False)
        happen(city)
        assert ("office", 20.0) in waiting_for("phone")

    @pytest.mark.parametrize(("manned", "reader"), [(True, "street"), (False, "office")])
    def test_at_the_limit_the_message_is_in_the_inbox(self, city: City, manned: bool, reader: str) -> None:
        happen(city, unit=city.street if manned else city.unmanned)
        phone = Obligation.objects.get(kind="phone")
        at_the_limit = Message.objects.filter(about=phone.about, not_before=phone.due_at, channel="inbox")
        deliver_to_inbox(now=phone.due_at - timedelta(seconds=1))
        assert not at_the_limit.filter(state="sent").exists()
        deliver_to_inbox(now=phone.due_at)
        assert [m.recipient.username for m in at_the_limit.filter(state="sent") if m.recipient] == [reader]

    def test_meeting_it_takes_back_what_has_not_gone(self, city: City) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(18), channel="phone")
        assert waiting_for("phone") == []
        assert waiting_for("written") != []

    def test_a_moved_limit_is_reminded_anew(self, city: City) -> None:
        incident = happen(city, severity="major")
        report(incident, city.street_officer, at=minute(90))
        assert ("street", 210.0) in waiting_for("followup")
        assert ("street", 240.0) not in [row for row in waiting_for("followup") if row[1] != 240.0]

    def test_an_incident_found_too_late_is_told_at_once(self, city: City) -> None:
        happen(city, at=minute(300), found_at=minute(290))
        deliver_to_inbox(now=minute(300))
        phone = Obligation.objects.get(kind="phone")
        told = Message.objects.filter(about=phone.about, state="sent").values_list(
            "recipient__username", flat=True
        )
        assert set(told) == {"street", "office", "commander"}


class TestTheOffice:
    def test_excuses_with_a_reason_and_erases_nothing(self, city: City) -> None:
        incident = happen(city)
        report(incident, city.street_officer, at=minute(25), channel="phone")
        phone = Obligation.objects.get(kind="phone")
        excused = excuse_obligation(actor=city.office, obligation=phone, reason="通信中断", at=minute(60))
        assert (excused.state, excused.minutes_late_at(minute(90))) == ("excused", 5)
        assert excused.met_at == minute(25) and excused.excused_by == city.office
        assert AuditEntry.objects.filter(action="obligation.excuse").get().reason == "通信中断"
        with pytest.raises(StateConflict):
            excuse_obligation(actor=city.office, obligation=phone, reason="通信中断", at=minute(61))

    def test_gives_a_reason(self, city: City) -> None:
        happen(city)
        with pytest.raises(InvalidInput, match="理由"):
            excuse_obligation(
                actor=city.office, obligation=Obligation.objects.get(kind="phone"), reason=" ", at=minute(60)
            )

    def test_keeps_who_was_called_and_whether_they_answered(self, city: City) -> None:
        happen(city)
        phone = Obligation.objects.get(kind="phone")
        for answered, at in ((False, minute(31)), (True, minute(33))):
            record_call(
                actor=city.office, obligation=phone, called="", number="5550111", answered=answered, at=at
            )
        assert [(c.called, c.answered, c.called_by) for c in phone.calls.all()] == [
            ("柳河街道", False, city.office),
            ("柳河街道", True, city.office),
        ]


ACTING = {"own": True, "other_unit": False, "office": True, "commander": True, "street_of_another": False}


def actors(city: City) -> dict[str, Any]:
    return {
        "own": city.street_officer,
        "other_unit": city.bureau_officer,
        "office": city.office,
        "commander": city.commander,
        "street_of_another": UserFactory(role="duty_officer", department=city.unmanned),
        **{
            role.value: UserFactory(role=role.value)
            for role in Role
            if role not in (Role.COMMANDER, Role.DUTY_OFFICER)
        },
    }


def test_who_may_do_what(city: City) -> None:
    incident = happen(city, severity="major")
    phone = incident.obligations.get(kind="phone")
    office_only = {"office", "commander"}
    steps: dict[str, tuple[Any, set[str]]] = {
        "report": (lambda who: happen(city, actor=who), {"own", *office_only}),
        "file": (lambda who: report(incident, who, at=minute(10), channel="phone"), {"own", *office_only}),
        "grade": (
            lambda who: change_grade(
                actor=who, incident=incident, changes={"severity": "extreme"}, at=minute(10)
            ),
            {"own", *office_only},
        ),
        "call": (
            lambda who: record_call(
                actor=who, obligation=phone, called="", number="", answered=True, at=minute(31)
            ),
            office_only,
        ),
    }
    for name, (step, allowed) in steps.items():
        for who, user in actors(city).items():
            if who in allowed:
                step(user)
            else:
                with pytest.raises(PermissionRefused):
                    step(user)
                assert name


@pytest.mark.parametrize("who", ["own", "other_unit", "viewer", "supervisor", "department_head"])
def test_only_the_office_excuses(city: City, who: str) -> None:
    happen(city)
    with pytest.raises(PermissionRefused, match="防涝办"):
        excuse_obligation(
            actor=actors(city)[who],
            obligation=Obligation.objects.get(kind="phone"),
            reason="x",
            at=minute(60),
        )


def test_taking_in_an_incident_costs_few_queries(city: City) -> None:
    with CaptureQueriesContext(connection) as captured:
        happen(city, severity="major")
    assert len(captured) <= 60
