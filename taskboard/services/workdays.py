"""Writes of the calendar of working days."""

from datetime import date, datetime

from django.db import transaction

from foundation.errors import InvalidInput
from foundation.services.audit import record_change
from organizations.models import User
from organizations.permissions import require
from taskboard.models import CalendarDay, CalendarYear

CHANGE = "taskboard.change_list"
FIRST_YEAR, LAST_YEAR = 2004, 2200
# Holidays that fall on the same days every year: a year without them has not been entered whole.
FIXED = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


@transaction.atomic
def save_calendar_day(
    *, actor: User | None, at: datetime, day: date, is_working: bool, name: str
) -> CalendarDay:
    """Enter a day that is not as its weekday is, or correct it."""
    require(actor, CHANGE, "维护工作日日历")
    name = name.strip()
    if not name or len(name) > 40:
        raise InvalidInput("请写明名称，最多 40 字。", fields={"name": ["请写明名称，最多 40 字。"]})
    _check_year(day.year, "day")
    before = CalendarDay.objects.filter(day=day).values("is_working", "name").first()
    after = {"is_working": is_working, "name": name}
    row, _ = CalendarDay.objects.update_or_create(day=day, defaults=after)
    record_change(
        actor=actor, action="calendar_day.save", target=row, at=at, before=before, after={"day": day, **after}
    )
    return row


@transaction.atomic
def remove_calendar_day(*, actor: User | None, at: datetime, row: CalendarDay) -> None:
    """Take an entered day out again; what is published of it counts again."""
    require(actor, CHANGE, "维护工作日日历")
    before = {"day": row.day, "is_working": row.is_working, "name": row.name}
    record_change(actor=actor, action="calendar_day.remove", target=row, at=at, before=before)
    row.delete()


@transaction.atomic
def confirm_calendar_year(*, actor: User | None, at: datetime, year: int, source: str) -> CalendarYear:
    """Declare that the holidays of a year have been entered whole: from now on it is reckoned in."""
    require(actor, CHANGE, "维护工作日日历")
    source = source.strip()
    if not source or len(source) > 200:
        sentence = "请写明依据（国务院办公厅的放假通知），最多 200 字。"
        raise InvalidInput(sentence, fields={"source": [sentence]})
    _check_year(year, "year")
    entered = set(CalendarDay.objects.filter(day__year=year, is_working=False).values_list("day", flat=True))
    if missing := [day for month, number in FIXED if (day := date(year, month, number)) not in entered]:
        days = "、".join(f"{day.month}月{day.day}日" for day in missing)
        sentence = f"{year} 年还没有录全：缺 {days} 的放假。请先录入全年放假和补班，再确认。"
        raise InvalidInput(sentence, fields={"year": [sentence]})
    row, _ = CalendarYear.objects.update_or_create(year=year, defaults={"source": source, "confirmed_at": at})
    record_change(
        actor=actor, action="calendar_year.confirm", target=row, at=at, after={"year": year, "source": source}
    )
    return row


def _check_year(year: int, field: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        sentence = f"年份应为 {FIRST_YEAR} 到 {LAST_YEAR}。"
        raise InvalidInput(sentence, fields={field: [sentence]})
