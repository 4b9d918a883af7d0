"""The calendar of working days: the State Council's as the package knows it, then what was entered here."""

from collections.abc import Mapping
from datetime import date

from chinese_calendar.constants import holidays, in_lieu_days, workdays  # type: ignore[import-untyped]

from taskboard.models import CalendarDay, CalendarYear
from taskboard.workdays import DayMark, Mark, WorkCalendar

# The package names holidays in English.
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年",
}


def _packaged() -> Mapping[date, DayMark]:
    resting = {day: Mark(False, NAMES.get(name, name)) for day, name in holidays.items()}
    made_up = {day: Mark(True, f"{NAMES.get(name, name)}补班") for day, name in workdays.items()}
    exchanged = {day: Mark(False, f"{NAMES.get(name, name)}调休") for day, name in in_lieu_days.items()}
    return {**resting, **exchanged, **made_up}


PACKAGED = _packaged()
PACKAGED_YEARS = frozenset(range(min(PACKAGED).year, max(PACKAGED).year + 1))


def current_calendar() -> WorkCalendar:
    """The package's days, overridden and extended by the table."""
    entered = {row.day: row for row in CalendarDay.objects.all()}
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    return WorkCalendar(PACKAGED_YEARS | years, {**PACKAGED, **entered})
