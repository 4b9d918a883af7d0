"""Periodic reports, the calendar and the strip of lights in the browser."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.template.loader import render_to_string
from django.test import Client

from organizations.models import Department, Role, User
from taskboard.lighthistories import history_of
from taskboard.models import CalendarDay, CalendarYear, ReportingRule, ReportObligation
from taskboard.services.periodic import file_periodic_report, open_report_obligations
from taskboard.services.snapshots import snapshot_lights
from tests.factories import DepartmentFactory, DirectiveFactory, TaskFactory, TaskListFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 5, 10, 1, 0, tzinfo=UTC)


@pytest.fixture
def water() -> Department:
    department: Department = DepartmentFactory(name="水务局")
    return department


@pytest.fixture
def officer(water: Department) -> User:
    person: User = UserFactory(username="officer", role=Role.DEPARTMENT_OFFICER, department=water)
    return person


@pytest.fixture
def owed(water: Department) -> ReportObligation:
    task_list = TaskListFactory(directive=DirectiveFactory(), title="清沟行动")
    TaskFactory(task_list=task_list, state="signed", leads=[water])
    ReportingRule.objects.create(
        directive=task_list.directive, rhythm="half_monthly", starts_on=date(2023, 5, 1), content="进展"
    )
    open_report_obligations(on_day=date(2023, 5, 10), at=NOW)
    return ReportObligation.objects.get()


def browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def send(user: User, owed: ReportObligation, **values: str) -> tuple[int, str]:
    with time_machine.travel(NOW, tick=False):
        response = browser(user).post(owed.get_absolute_url(), values)
    return response.status_code, response.content.decode()


def test_the_list_shows_the_rhythm_as_provisional_and_who_owes(officer: User, owed: ReportObligation) -> None:
    with time_machine.travel(datetime(2023, 5, 17, tzinfo=UTC), tick=False):
        page = browser(officer).get(f"/tasks/periodic/lists/{owed.task_list_id}/").content.decode()
    assert "每半月" in page and "每月15日和月末最后一天报送" in page and "待确认" in page
    assert "水务局" in page and "逾期 2 天未报" in page and "1 期逾期未报" in page


@pytest.mark.parametrize(
    ("day", "words", "overdue"),
    [
        (date(2023, 4, 30), [], 0),
        (date(2023, 5, 15), ["待报送"], 0),
        (date(2023, 5, 16), ["逾期 1 天未报"], 1),
        (date(2023, 5, 17), ["逾期补报"], 0),
    ],
)
def test_the_list_is_seen_as_of_a_past_day(
    officer: User, owed: ReportObligation, day: date, words: list[str], overdue: int
) -> None:
    file_periodic_report(
        actor=officer, at=datetime(2023, 5, 17, 1, tzinfo=UTC), obligation=owed, progress="已清", advice=""
    )
    with time_machine.travel(datetime(2023, 5, 20, tzinfo=UTC), tick=False):
        address = f"/tasks/periodic/lists/{owed.task_list_id}/"
        page = browser(officer).get(address, {"as_of": day.isoformat()})
    assert [row.word for row in page.context["rows"]] == words
    assert page.context["overdue"] == overdue and not page.context["may_set"]
    assert "当天终了时的情况，只能查看" in page.content.decode()


def test_the_department_hands_in_and_everybody_reads(officer: User, owed: ReportObligation) -> None:
    assert send(officer, owed, progress="清沟三条", problems="缺挖机", advice="")[0] == 302
    owed.refresh_from_db()
    assert owed.state == "met"
    page = browser(UserFactory(role=Role.SUPERVISOR)).get(owed.get_absolute_url()).content.decode()
    assert "清沟三条" in page and "缺挖机" in page and "<textarea" not in page


def test_a_mistake_loses_nothing_that_was_typed(officer: User, owed: ReportObligation) -> None:
    status, page = send(officer, owed, progress=" ", problems="缺挖机")
    assert status == 400 and "缺挖机" in page
    owed.refresh_from_db()
    assert owed.state == "open"


def test_the_second_of_two_keeps_his_words_on_the_screen(officer: User, owed: ReportObligation) -> None:
    send(officer, owed, progress="清沟三条")
    status, page = send(officer, owed, progress="清沟五条")
    assert status == 409 and "不能重复报送" in page and "清沟五条" in page


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.VIEWER, Role.EDITOR])
def test_others_read_and_are_refused_when_they_send(role: Role, owed: ReportObligation) -> None:
    person = UserFactory(role=role)
    assert "<textarea" not in browser(person).get(owed.get_absolute_url()).content.decode()
    assert send(person, owed, progress="代报")[0] == 403
    owed.refresh_from_db()
    assert owed.state == "open"


def test_without_signing_in_nothing_is_shown(owed: ReportObligation) -> None:
    addresses = [owed.get_absolute_url(), f"/tasks/periodic/lists/{owed.task_list_id}/", "/tasks/workdays/"]
    for address in addresses:
        assert browser(None).get(address).status_code == 302


def test_a_hundred_obligations_take_as_many_queries_as_one(
    officer: User, owed: ReportObligation, django_assert_max_num_queries: object
) -> None:
    for n in range(60):
        ReportObligation.objects.create(
            rule=owed.rule,
            task_list=owed.task_list,
            department=DepartmentFactory(),
            period_start=date(2023, 1, 1),
            period_end=date(2023, 1, 15) + timedelta(days=n),
            due_on=date(2023, 1, 15),
        )
    client = browser(officer)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get(f"/tasks/periodic/lists/{owed.task_list_id}/")


def test_the_calendar_says_how_far_it_reaches_and_reckons(officer: User) -> None:
    answer = browser(officer).get("/tasks/workdays/?trigger=2022-09-28&days=5&clause=自收到之日起")
    page = answer.content.decode()
    assert "日历到 <b>2026 年</b>" in page
    assert "依据“自收到之日起”" in page and "10月1日至5日（国庆节）" in page and "2022年10月10日届满" in page
    assert 'name="step"' not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("trigger=2026-12-31&days=5&clause=x", "没有 2027 年的放假安排"),
        ("trigger=2022-13-01&days=5&clause=x", "有效的日期"),
        ("trigger=2022-08-01&days=0&clause=x", "大于或等于"),
        ("trigger=9999-12-31&days=1&clause=x", "没有 9999 年"),
        ("year=abc", "放假和补班"),
        ("year=0000", "放假和补班"),
    ],
)
def test_what_cannot_be_reckoned_is_said(officer: User, query: str, sentence: str) -> None:
    answer = browser(officer).get(f"/tasks/workdays/?{query}")
    assert answer.status_code == 200 and sentence in answer.content.decode()


def test_a_supervisor_enters_a_year_day_by_day_and_confirms_it() -> None:
    client = browser(UserFactory(role=Role.SUPERVISOR))

    def post(**values: object) -> int:
        return client.post("/tasks/workdays/", values).status_code

    assert post(step="year", year=2027, source="通知") == 400
    for day in ("2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"):
        assert post(step="day", day=day, name="节日") == 302
    assert post(step="day", day="2027-10-09", name="补班", is_working="on") == 302
    assert CalendarDay.objects.get(day=date(2027, 10, 9)).is_working
    assert post(step="year", year=2027, source="通知") == 302
    assert CalendarYear.objects.get().year == 2027
    assert post(step="remove", row=CalendarDay.objects.get(day=date(2027, 10, 9)).pk) == 302
    assert CalendarDay.objects.count() == 5
    assert post(step="day", day="2027-99-01", name="节日") == 400
    assert post(step="nonsense") == 200


def test_an_officer_does_not_change_the_calendar(officer: User) -> None:
    values = {"step": "day", "day": "2027-01-01", "name": "元旦"}
    assert browser(officer).post("/tasks/workdays/", values).status_code == 403
    assert not CalendarDay.objects.exists()


def test_the_strip_says_in_words_what_it_draws() -> None:
    task = TaskFactory(due_on=date(2023, 5, 31))
    for offset in range(-3, 2):
        snapshot_lights(on_day=date(2023, 5, 31) + timedelta(days=offset))
    html = render_to_string("taskboard/_light_history.html", {"history": history_of(task, date(2023, 6, 1))})
    assert html.count("<rect") == 2
    assert "strip-yellow" in html and "strip-red" in html
    assert "临期" in html and "逾期" in html and "4 天" in html
    empty = render_to_string("taskboard/_light_history.html", {"history": history_of(task, date(2023, 1, 1))})
    assert "还没有记录" in empty
