"""Days that a person can have meant: a slip of the keyboard is no due date."""

from datetime import date

from foundation.errors import InvalidInput

FIRST_YEAR, LAST_YEAR = 2000, 2100


def is_plausible(day: date) -> bool:
    """Whether the day lies in years that tasks are given for."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def check_day(day: date | None, field: str, label: str) -> None:
    """Raises InvalidInput, for the named field, for a day that nobody can mean."""
    if day is not None and not is_plausible(day):
        sentence = f"{label}的年份应为 {FIRST_YEAR} 到 {LAST_YEAR}，现在是 {day.year} 年，请核对。"
        raise InvalidInput(sentence, fields={field: [sentence]})
