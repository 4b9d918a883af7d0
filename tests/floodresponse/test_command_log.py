"""The log of the command post; who sees its screen, at what cost, and how little an unchanged one is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from floodresponse.models import Incident, Recommendation
from floodresponse.services.incidents import change_grade
from floodresponse.services.sweeping import keep_assessing
from organizations.models import Role, User
from tests.accounts import browser_of, person
from tests.factories import DepartmentFactory, UserFactory
from tests.floodresponse.city import gauge, low_spot, make_plan
from tests.floodresponse.commandpost import WHY, board_of, cost, declared, happened, measured, page

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


class TestTheLog:
    def test_decisions_calls_and_results_stand_in_one_order(self) -> None:
        make_plan()
        keep_assessing(at=timezone.now() - timedelta(minutes=1))
        measured(gauge(name="北门站"), 60)
        keep_assessing(at=timezone.now())
        declared(3)
        texts = [line.text for line in board_of().log]
        assert texts[0].startswith("启动 III，推荐为 II")
        assert "推荐 未达 IV → II，北门站 60 mm，单点" in texts[1]

    def test_the_page_of_the_log_filters_and_exports(self) -> None:
        make_plan()
        declared(3)
        happened()
        browser = browser_of("commander")
        everything = browser.get("/flood/log/").content.decode()
        assert "启动 III" in everything and "上报：柳桥下涝情" in everything and WHY in everything
        levels = browser.get("/flood/log/", {"kind": "level"}).content.decode()
        assert "启动 III" in levels and "上报：柳桥下涝情" not in levels
        nothing = browser.get("/flood/log/", {"date_to": "2000-01-01"}).content.decode()
        assert "没有符合的记录" in nothing
        workbook = browser.get("/flood/log/log.xlsx", {"kind": "incident"})
        assert workbook["Content-Type"].endswith("sheet") and workbook.content[:2] == b"PK"

    def test_a_street_reads_of_incidents_its_own_alone(self) -> None:
        make_plan()
        declared(3)
        happened()
        incident = Incident.objects.get()
        boss = person("commander")
        changes = {"severity": "serious"}
        change_grade(actor=boss, incident=incident, changes=changes, at=timezone.now(), reason="有人受困")
        other: User = UserFactory(
            username="other", role="duty_officer", department=DepartmentFactory(kind="street")
        )
        own: User = UserFactory(username="own", role="duty_officer", department=incident.unit)
        log, screen = {}, {}
        for user in (boss, person("duty_officer"), own, other):
            client = Client()
            client.force_login(user)
            log[user.username] = client.get("/flood/log/").content.decode()
            screen[user.username] = client.get("/flood/board/").content.decode()
        assert all("启动 III" in page for page in log.values())
        readers = {boss.username, "a-duty_officer", "own"}
        assert {name for name, page in log.items() if "有人受困" in page} == readers
        assert {name for name, page in log.items() if "上报：柳桥下" in page} == readers
        assert {name for name, page in screen.items() if "柳桥下" in page} == readers

    def test_results_of_the_assessment_can_be_asked_for_apart(self) -> None:
        make_plan()
        keep_assessing(at=timezone.now())
        Recommendation.objects.update(error="没有方案")
        assert "无法研判：没有方案" in browser_of("commander").get("/flood/log/?kind=system").content.decode()
        Recommendation.objects.update(error="")
        assert "开始研判" in browser_of("commander").get("/flood/log/?kind=system").content.decode()


class TestWhoAndAtWhatCost:
    @pytest.mark.parametrize("role", ["anonymous", None, *Role.values])
    def test_the_screen_is_for_the_command_post_the_plan_for_everybody(self, role: str | None) -> None:
        make_plan()
        browser, watches = browser_of(role), role in (Role.DUTY_OFFICER, Role.COMMANDER)
        screen = browser.get("/flood/")
        assert screen.status_code == 200
        assert ("data-board" in screen.content.decode()) == watches
        refused = 302 if role == "anonymous" else 403
        for address in ("board/", "map/", "log/", "log/log.xlsx"):
            assert browser.get(f"/flood/{address}").status_code == (200 if watches else refused), address
        assert browser.get("/flood/plan/").status_code == 200
        decides = role == Role.COMMANDER
        assert browser.get("/flood/decide/live/").status_code == (200 if decides else refused)

    def test_only_a_commander_finds_the_way_to_a_decision(self) -> None:
        make_plan()
        assert "/flood/decide/" in page("commander") and "/flood/decide/" not in page("duty_officer")

    @pytest.mark.parametrize(
        "address",
        ["/flood/", "/flood/board/", "/flood/?exercise=1", "/flood/map/", "/flood/decide/", "/flood/log/"],
    )
    def test_it_costs_few_queries_however_much_there_is(self, address: str) -> None:
        make_plan()
        declared(3)
        declared(3, exercise=True)
        client = browser_of("commander")
        few = cost(client, address)
        for number in range(8):
            measured(gauge(f"R{number}"), 1, 2, 3)
            measured(low_spot(f"P{number}"), 10, 20)
            happened(minutes=5)
        keep_assessing(at=timezone.now())
        assert cost(client, address) == few <= MOST_QUERIES

    def test_in_quiet_times_it_costs_no_more(self) -> None:
        make_plan()
        assert cost(browser_of("commander"), "/flood/") <= MOST_QUERIES

    def test_nothing_new_is_a_small_answer_and_any_change_a_whole_one(self) -> None:
        make_plan()
        client = browser_of("commander")
        first = client.get("/flood/board/")
        unchanged = client.get("/flood/board/", headers={"If-None-Match": first["ETag"]})
        # The time alone makes it new every ten seconds: ask again within the same ones.
        if unchanged.status_code == 200:
            unchanged = client.get("/flood/board/", headers={"If-None-Match": unchanged["ETag"]})
        assert unchanged.status_code == 304 and not unchanged.content
        happened(minutes=30)
        changed = client.get("/flood/board/", headers={"If-None-Match": unchanged["ETag"]})
        assert changed.status_code == 200 and "柳桥下涝情" in changed.content.decode()
