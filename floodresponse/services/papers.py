"""The number of the notice and the public alert of a change of level."""

from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from floodresponse import cap
from floodresponse.models import CapMessage, LevelRecord, Notice
from floodresponse.wording import ALL_CLEAR, advice, change_words, measured_words

COMMAND_POST = "防内涝指挥部"


def number_notice(*, record: LevelRecord, at: datetime) -> Notice:
    """The next number of the year; drills are counted apart. Callers hold the plan's row."""
    exercise, year = record.response.exercise, timezone.localtime(at).year
    used = Notice.objects.filter(exercise=exercise, year=year).aggregate(last=Max("number"))["last"]
    return Notice.objects.create(record=record, exercise=exercise, year=year, number=(used or 0) + 1)


def issue_alert(*, record: LevelRecord, before: LevelRecord | None, at: datetime) -> CapMessage:
    """The alert of a change as immutable XML; an update or cancel refers to the message before."""
    exercise = record.response.exercise
    previous = CapMessage.objects.filter(record=before).first() if before else None
    level = record.level or (before.level if before else None)
    if level is None:
        raise ValueError("an alert needs a level, or one that ends")
    kind = cap.CANCEL if record.level is None else cap.UPDATE if previous else cap.ALERT
    sent = timezone.localtime(at)
    domain = settings.SITE_DOMAIN
    identifier = f"flood.{domain}.{sent:%Y%m%d%H%M%S}.{record.response_id}.{record.sequence}"
    headline = f"{'【演练】' if exercise else ''}{settings.CITY_NAME}{change_words(record, before)}"
    alert = cap.Alert(
        identifier=identifier,
        sender=f"flood@{domain}",
        sent=at,
        message_type=kind,
        level=level,
        measured=_is_measured(record),
        exercise=exercise,
        sender_name=f"{settings.CITY_NAME}{COMMAND_POST}",
        headline=headline,
        description=f"{headline}。{measured_words(record)}",
        instruction=ALL_CLEAR if record.level is None else advice(record.response.plan.office_phone),
        area=settings.CITY_NAME,
        reference=previous.reference if previous else "",
    )
    return CapMessage.objects.create(
        record=record,
        identifier=identifier,
        sender=alert.sender,
        sent=cap.stamp(at),
        message_type=kind,
        headline=headline,
        exercise=exercise,
        xml=cap.cap_xml(alert),
    )


def _is_measured(record: LevelRecord) -> bool:
    reasons = record.recommendation.get("reasons", [])
    return any(reason["criterion"] != "sign" for reason in reasons)
