"""The calendar of working days: the published one against lists by hand, and what is entered here."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.errors import InvalidInput, PermissionRefused
from foundation.models import AuditEntry
from organizations.models import Role
from taskboard.models import CalendarDay, CalendarYear
from taskboard.services.workdays import confirm_calendar_year, remove_calendar_day, save_calendar_day
from taskboard.workcalendar import current_calendar
from taskboard.workdays import OutsideCalendar, count_workdays
from tests.factories import UserFactory

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def run(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


# Written by hand from the notices of the State Council's general office.
RESTS = {
    2022: run("2022-01-01", "2022-01-03")
    | run("2022-01-31", "2022-02-06")
    | run("2022-04-03", "2022-04-05")
    | run("2022-04-30", "2022-05-04")
    | run("2022-06-03", "2022-06-05")
    | run("2022-09-10", "2022-09-12")
    | run("2022-10-01", "2022-10-07")
    # Part of the New Year's holiday of 2023.
    | run("2022-12-31", "2022-12-31"),
    2026: run("2026-01-01", "2026-01-03")
    | run("2026-02-15", "2026-02-23")
    | run("2026-04-04", "2026-04-06")
    | run("2026-05-01", "2026-05-05")
    | run("2026-06-19", "2026-06-21")
    | run("2026-09-25", "2026-09-27")
    | run("2026-10-01", "2026-10-07"),
}
MADE_UP = {
    2022: ["2022-01-29", "2022-01-30", "2022-04-02", "2022-04-24", "2022-05-07", "2022-10-08", "2022-10-09"],
    2026: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
}


@pytest.mark.parametrize("year", [2022, 2026])
def test_every_day_of_the_year_is_as_the_notice_says(year: int) -> None:
    calendar = current_calendar()
    made_up = {date.fromisoformat(day) for day in MADE_UP[year]}
    assert all(day.weekday() >= 5 for day in made_up)
    for day in run(f"{year}-01-01", f"{year}-12-31"):
        expected = day in made_up or (day not in RESTS[year] and day.weekday() < 5)
        assert calendar.is_working(day) is expected, day


@pytest.mark.parametrize(
    ("trigger", "days", "due"),
    [
        (date(2022, 1, 28), 3, date(2022, 2, 7)),
        (date(2022, 9, 30), 2, date(2022, 10, 9)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
    ],
)
def test_working_days_over_holidays_of_both_years(trigger: date, days: int, due: date) -> None:
    assert count_workdays(trigger, days, current_calendar()).due == due


def test_a_year_counts_only_once_it_was_entered_whole_and_confirmed() -> None:
    assert current_calendar().last_year == 2026
    editor = UserFactory(role=Role.EDITOR)
    for day in run("2027-10-01", "2027-10-07") | run("2027-05-01", "2027-05-03"):
        save_calendar_day(actor=editor, at=NOW, day=day, is_working=False, name="节日")
    with pytest.raises(OutsideCalendar, match="2027"):
        count_workdays(date(2027, 9, 30), 1, current_calendar())
    with pytest.raises(InvalidInput, match="缺 1月1日"):
        confirm_calendar_year(actor=editor, at=NOW, year=2027, source="放假通知")
    save_calendar_day(actor=editor, at=NOW, day=date(2027, 1, 1), is_working=False, name="元旦")
    confirm_calendar_year(actor=editor, at=NOW, year=2027, source="放假通知")
    assert current_calendar().last_year == 2027
    assert count_workdays(date(2027, 9, 30), 1, current_calendar()).due == date(2027, 10, 8)
    assert CalendarYear.objects.get().source == "放假通知"


def test_an_entered_day_overrides_the_published_one_until_it_is_removed() -> None:
    editor, day = UserFactory(role=Role.EDITOR), date(2022, 10, 8)
    assert current_calendar().is_working(day)
    row = save_calendar_day(actor=editor, at=NOW, day=day, is_working=False, name="临时放假")
    assert not current_calendar().is_working(day)
    save_calendar_day(actor=editor, at=NOW, day=day, is_working=False, name="防汛后调休")
    assert CalendarDay.objects.get().name == "防汛后调休"
    remove_calendar_day(actor=editor, at=NOW, row=row)
    assert current_calendar().is_working(day)
    assert AuditEntry.objects.filter(action__startswith="calendar_day.").count() == 3


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DEPARTMENT_OFFICER, Role.SYSTEM_ADMIN])
def test_who_does_not_keep_lists_does_not_change_the_calendar(role: Role) -> None:
    user = UserFactory(role=role)
    with pytest.raises(PermissionRefused):
        save_calendar_day(actor=user, at=NOW, day=date(2027, 1, 1), is_working=False, name="元旦")
    with pytest.raises(PermissionRefused):
        confirm_calendar_year(actor=user, at=NOW, year=2027, source="通知")
    assert not CalendarDay.objects.exists()


@pytest.mark.parametrize("year", [2003, 2201])
def test_years_out_of_reach_are_refused(year: int) -> None:
    with pytest.raises(InvalidInput, match="2004 到 2200"):
        save_calendar_day(actor=None, at=NOW, day=date(year, 1, 1), is_working=False, name="元旦")


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_day_needs_a_name(name: str) -> None:
    with pytest.raises(InvalidInput, match="名称"):
        save_calendar_day(actor=None, at=NOW, day=date(2027, 1, 1), is_working=False, name=name)
