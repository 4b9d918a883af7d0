"""What the clock does for reports: the chains of follow-ups and the daily round."""

from celery import shared_task
from django.utils import timezone

from floodresponse.services.acknowledging import take_in_answers
from floodresponse.services.daily import list_missing_zeros, open_daily
from floodresponse.services.obligations import continue_followups
from floodresponse.services.reminders import remind_again
from floodresponse.services.rostergaps import alarm_gaps
from floodresponse.services.sweeping import keep_assessing


@shared_task
def keep_followups_going() -> None:
    """Open the next follow-up where one is missing; take in answers, remind of what stays overdue."""
    now = timezone.now()
    continue_followups(at=now)
    take_in_answers(at=now)
    remind_again(at=now)


@shared_task
def open_daily_obligations() -> None:
    """Write the day's zero and weather reports while flood watch is on."""
    open_daily(at=timezone.now())


@shared_task
def tell_missing_zeros() -> None:
    """Give the office the missing zero reports as one list."""
    list_missing_zeros(at=timezone.now())


@shared_task
def assess_again() -> None:
    """Look at the measurements and keep what follows; the heartbeat of the command screen."""
    keep_assessing(at=timezone.now())


@shared_task
def alarm_roster_gaps() -> None:
    """Tell units and the office where nobody is on duty today or tomorrow, once."""
    alarm_gaps(at=timezone.now())
