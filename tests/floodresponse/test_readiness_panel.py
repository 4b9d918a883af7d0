"""The readiness panel: each line red, amber or green by what is there."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directives.models import Directive
from floodresponse.models import (
    Drill,
    DutyShift,
    Expert,
    Plan,
    PlanConfirmation,
    Reading,
    ReadingBatch,
    Recommendation,
    Response,
    Supply,
    SupplyMinimum,
)
from floodresponse.preparedness.checks import Check, checks_of
from floodresponse.preparedness.facts import gather
from floodresponse.services.confirming import confirm_plan
from floodresponse.services.daily import start_flood_watch
from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from notifications.models import Contact, Message
from organizations.models import Department, User
from taskboard.models import Ledger
from taskboard.models.ledgers import LedgerRow
from tests.factories import DepartmentFactory, DirectiveFactory, UserFactory
from tests.floodresponse.city import gauge
from tests.floodresponse.reporting import City, build_city
from tests.floodresponse.test_roster import DAY, NEXT, TEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_city()


def line(key: str, at: Any = TEN) -> Check:
    return next(check for check in checks_of(gather(at)) if check.key == key)


def fill_rosters(day: date, phone: str = "5550101") -> None:
    for unit in Department.objects.all():
        for role in ("leader", "officer"):
            DutyShift.objects.create(unit=unit, day=day, role=role, name="林甲", phone=phone, entered_at=TEN)


class TestRosters:
    def test_a_gap_today_is_red_while_the_watch_is_on(self, city: City) -> None:
        assert line("roster_today").colour == "yellow"
        start_flood_watch(actor=city.office, at=TEN)
        found = line("roster_today")
        assert (found.colour, found.url) == ("red", "/flood/roster/?gaps=1")
        assert "柳河街道（带班领导、值班员）" in found.items

    def test_a_gap_tomorrow_is_amber(self, city: City) -> None:
        start_flood_watch(actor=city.office, at=TEN)
        fill_rosters(DAY)
        assert [line("roster_today").colour, line("roster_tomorrow").colour] == ["green", "yellow"]
        fill_rosters(NEXT)
        assert line("roster_tomorrow").colour == "green"

    def test_who_has_not_signed_in_or_has_no_number(self, city: City) -> None:
        fill_rosters(DAY)
        assert line("signed_in").colour == "yellow"
        DutyShift.objects.update(signed_in_at=TEN, signed_in_by=city.office)
        assert line("signed_in").colour == "green"
        DutyShift.objects.filter(unit=city.street).update(phone="")
        assert "没有电话" in line("signed_in").sentence


class TestChannels:
    def reach(self, *users: User) -> None:
        for user in users:
            Contact.objects.create(user=user, channel="email", address=f"{user.username}@example.cn")

    def test_red_while_nobody_of_the_office_is_reached_at_night(self, city: City) -> None:
        assert line("reachable").colour == "red"
        self.reach(city.office)
        assert line("reachable").colour == "yellow"

    def test_a_channel_that_is_switched_off_is_none(self, city: City) -> None:
        self.reach(city.office)
        Contact.objects.update(is_enabled=False)
        assert line("reachable").colour == "red"

    def test_green_when_everybody_is_reached(self, city: City) -> None:
        for name, slug in (("市委办公室", "shiwei"), ("政府办公室", "zhengfu")):
            UserFactory(role="department_officer", department=DepartmentFactory(name=name, slug=slug))
        self.reach(*User.objects.filter(assignments__isnull=False).distinct())
        assert line("reachable").colour == "green"

    def test_a_unit_without_an_account_is_named_with_who_sets_one_up(self, city: City) -> None:
        Department.objects.create(name="东街街道", slug="dongjie", kind="street")
        self.reach(city.office)
        assert "东街街道：没有账号" in line("reachable").items
        assert "账号请系统管理员设立" in line("reachable").sentence

    def test_whoever_may_not_open_it_is_offered_no_way(self, city: City) -> None:
        User.objects.filter(pk__in=[city.office.pk, city.commander.pk]).update(is_active=False)
        assert (line("reachable").colour, line("reachable").url) == ("red", "")

    def test_nobody_at_the_offices_above_is_named_though_they_are_no_members(self, city: City) -> None:
        assert "市委办公室（级别变动须报）：没有账号" in line("reachable").items
        above = DepartmentFactory(name="市委办公室", slug="shiwei")
        UserFactory(role="department_officer", department=above)
        assert not any("市委办公室" in item for item in line("reachable").items)
        assert "政府办公室（级别变动须报）：没有账号" in line("reachable").items


class TestGauges:
    def heard(self, ago: timedelta, value: int = 0) -> None:
        station = gauge()
        batch = ReadingBatch.objects.create(received_at=TEN, accepted=1)
        Reading.objects.create(
            station=station, observed_at=TEN - ago, value=value, received_at=TEN, batch=batch
        )

    def test_without_any_it_is_red(self, city: City) -> None:
        assert line("gauges").colour == "red"

    @pytest.mark.parametrize(("hours", "colour"), [(24, "green"), (24.01, "red")])
    def test_a_day_in_dry_weather(self, city: City, hours: float, colour: str) -> None:
        self.heard(timedelta(hours=hours))
        assert line("gauges").colour == colour

    @pytest.mark.parametrize(("minutes", "colour"), [(30, "green"), (30.1, "red")])
    def test_half_an_hour_when_it_rained(self, city: City, minutes: float, colour: str) -> None:
        self.heard(timedelta(minutes=minutes), value=1)
        assert line("gauges").colour == colour


class TestClockwork:
    def test_never_run_is_red_and_says_what_to_do(self, city: City) -> None:
        check = line("clockwork")
        assert check.colour == "red"
        assert "请通知系统管理员" in check.sentence
        assert "电话叫应" in check.sentence
        late = browser(city.office).get(check.url)
        assert (late.status_code, late.context["form"]["state"].value()) == (200, "overdue")

    @pytest.mark.parametrize(("seconds", "colour"), [(90, "green"), (91, "red"), (-91, "red")])
    def test_a_minute_and_a_half_of_silence(self, city: City, seconds: int, colour: str) -> None:
        Recommendation.objects.create(begins_at=TEN, seen_at=TEN - timedelta(seconds=seconds))
        assert line("clockwork").colour == colour

    def test_an_assessment_that_failed_is_none(self, city: City) -> None:
        Recommendation.objects.create(begins_at=TEN, seen_at=TEN, error="读不出方案")
        assert "没有成功" in line("clockwork").sentence

    @pytest.mark.parametrize(("seconds", "colour"), [(60, "green"), (61, "red")])
    def test_reminders_that_wait(self, city: City, seconds: int, colour: str) -> None:
        Recommendation.objects.create(begins_at=TEN, seen_at=TEN)
        moment = TEN - timedelta(seconds=seconds)
        Message.objects.create(
            dedupe_key="x",
            about="x",
            recipient=city.office,
            channel="inbox",
            topic="flood",
            subject="x",
            not_before=moment,
            attempt_at=moment,
            created_at=moment,
        )
        assert line("clockwork").colour == colour


class TestSupplies:
    def test_no_minimum_is_not_safety(self, city: City) -> None:
        assert line("supplies").colour == "yellow"

    @pytest.mark.parametrize(("held", "colour"), [(49, "red"), (50, "green"), (51, "green")])
    def test_at_the_minimum_is_enough(self, city: City, held: int, colour: str) -> None:
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=4, quantity=50)
        Supply.objects.create(unit=city.street, name="沙袋", measure="只", quantity=held)
        assert line("supplies").colour == colour

    def test_an_article_that_is_not_there_at_all_is_short(self, city: City) -> None:
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=4, quantity=50)
        assert line("supplies").items == ("柳河街道 沙袋：有 0，应 50",)

    def test_a_higher_level_asks_for_more(self, city: City) -> None:
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=4, quantity=50)
        SupplyMinimum.objects.create(unit=city.street, name="沙袋", level=2, quantity=80)
        Supply.objects.create(unit=city.street, name="沙袋", measure="只", quantity=60)
        assert line("supplies").colour == "green"
        response = Response.objects.create(plan=Plan.objects.create(title="方案", year=2023), declared_at=TEN)
        response.levels.create(level=2, since=TEN, decided_by=city.commander)
        assert line("supplies").items == ("柳河街道 沙袋：有 60，应 80",)


class TestHazardsDrillsPlans:
    def hazard(self, state: str) -> None:
        ledger, _ = Ledger.objects.get_or_create(
            directive=Directive.objects.first() or DirectiveFactory(), kind="hazard", title="隐患台账"
        )
        LedgerRow.objects.create(
            ledger=ledger,
            department=Department.objects.get(slug="liuhe"),
            title="井盖",
            state=state,
            created_at=TEN,
            updated_at=TEN,
            signed_at=TEN,
            closed_at=TEN if state == "closed" else None,
        )

    def test_an_open_hazard_is_red_and_a_settled_one_green(self, city: City) -> None:
        assert line("hazards").colour == "yellow"
        self.hazard("closed")
        assert line("hazards").colour == "green"
        self.hazard("signed")
        assert (line("hazards").colour, line("hazards").items) == ("red", ("隐患台账：1 处",))

    def test_drills_of_this_year_count(self, city: City) -> None:
        Drill.objects.create(title="旧", held_on=date(2022, 6, 1), unit=city.street)
        assert line("drills").colour == "red"
        Drill.objects.create(title="新", held_on=date(2023, 6, 1), unit=city.street)
        assert line("drills").colour == "green"

    def test_an_exercise_in_the_portal_counts_once(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2023)
        run = Response.objects.create(plan=plan, declared_at=TEN, exercise=True)
        Drill.objects.create(title="新", held_on=date(2023, 7, 26), unit=city.street, response=run)
        assert "已演练 1 次" in line("drills").sentence

    def test_a_plan_of_another_year_needs_a_word(self, city: City) -> None:
        assert line("plan").colour == "red"
        plan = Plan.objects.create(title="方案", year=2022, publication="published")
        assert line("plan").colour == "red"
        confirm_plan(actor=city.office, plan=plan, year=2023, basis="市政府例会", at=TEN)
        assert (line("plan").colour, "市政府例会" in line("plan").sentence) == ("green", True)

    def test_a_street_without_an_expert_is_named(self, city: City) -> None:
        assert line("experts").items == ("柳河街道",)
        Expert.objects.create(name="林工", street=city.street)
        assert line("experts").colour == "green"


class TestConfirming:
    def test_once_and_with_a_basis(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2022, publication="published")
        with pytest.raises(InvalidInput, match="依据"):
            confirm_plan(actor=city.office, plan=plan, year=2023, basis=" ", at=TEN)
        confirm_plan(actor=city.commander, plan=plan, year=2023, basis="例会", at=TEN)
        with pytest.raises(StateConflict, match="已确认"):
            confirm_plan(actor=city.office, plan=plan, year=2023, basis="例会", at=TEN)
        with pytest.raises(InvalidInput, match="本年度"):
            confirm_plan(actor=city.office, plan=plan, year=2022, basis="例会", at=TEN)

    def test_not_by_readers(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2022, publication="published")
        with pytest.raises(PermissionRefused):
            confirm_plan(actor=UserFactory(role="viewer"), plan=plan, year=2023, basis="例会", at=TEN)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestThePage:
    @time_machine.travel(TEN, tick=False)
    def test_the_worst_first_in_words_and_with_ways(self, city: City) -> None:
        response = browser(city.street_officer).get("/flood/readiness/")
        colours = [check.colour for check in response.context["checks"]]
        assert colours == sorted(colours, key=["red", "yellow", "green"].index)
        text = response.content.decode()
        assert "今年还没有演练" in text
        assert 'href="/flood/resources/drills/"' in text

    def test_few_queries(self, city: City) -> None:
        client = browser(city.office)
        client.get("/flood/readiness/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/flood/readiness/")
        assert len(queries) <= 15

    @time_machine.travel(TEN, tick=False)
    def test_confirming_in_the_browser(self, city: City) -> None:
        plan = Plan.objects.create(title="方案", year=2022, publication="published")
        client = browser(city.office)
        assert (
            "由防涝办或指挥长确认" in browser(city.street_officer).get("/flood/readiness/").content.decode()
        )
        assert "确认 2023 年沿用" in client.get("/flood/readiness/").content.decode()
        client.post(f"/flood/readiness/plans/{plan.pk}/confirm/", {"basis": "例会"})
        assert PlanConfirmation.objects.get().confirmed_by == city.office

    def test_who_may(self, city: City) -> None:
        people = [Client(), browser(UserFactory(role="")), browser(UserFactory(role="viewer"))]
        assert [one.get("/flood/readiness/").status_code for one in people] == [302, 403, 200]
        assert people[2].get("/flood/readiness/readiness.xlsx").status_code == 200
        assert people[2].post("/flood/readiness/plans/1/confirm/", {}).status_code == 403
