"""Days of duty: from one handover to the next. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo

# The plan asks for 24 hours and names no hour of handover: ours, 待确认.
HANDOVER = time(8)
# Who comes early may sign in already.
EARLIEST_SIGN_IN = timedelta(minutes=30)
# Signing in later than this after the handover is shown as late (待确认).
IN_TIME_FOR = timedelta(minutes=15)


def duty_day(local: datetime) -> date:
    """The day whose shift is on duty at a moment of local time; before the handover it is yesterday's."""
    return local.date() if local.time() >= HANDOVER else local.date() - timedelta(days=1)


def begins(day: date, zone: tzinfo) -> datetime:
    """When the shift of a day takes over."""
    return datetime.combine(day, HANDOVER, tzinfo=zone)


def ends(day: date, zone: tzinfo) -> datetime:
    """When it hands over to the next; that moment belongs to the next."""
    return begins(day + timedelta(days=1), zone)


def may_sign_in(day: date, local: datetime, zone: tzinfo) -> bool:
    """From half an hour before the handover until the end of the shift."""
    return begins(day, zone) - EARLIEST_SIGN_IN <= local < ends(day, zone)


def days_of_month(month: date) -> list[date]:
    """All days of the month that a day belongs to."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return [first + timedelta(days=n) for n in range((following - first).days)]
