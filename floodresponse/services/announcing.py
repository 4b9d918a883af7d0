"""Who is told of a change of level, and its draft in the chronicle."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from events.models import Event
from events.services import EventContent, create_event
from floodresponse.models import LevelRecord, Plan
from floodresponse.wording import change_words, measured_words
from notifications.models import Topic
from notifications.services import Draft, queue_messages
from organizations.models import Department, Role, User
from organizations.rules import COMMAND_POST
from organizations.services import NameDirectory

OFFICERS = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD)
# Told of every change (五、（五）): the offices of the party committee and of the government.
ABOVE = ("市委办公室", "政府办公室")
DRILL = "【演练】"


def announce(*, record: LevelRecord, before: LevelRecord | None, at: datetime) -> int:
    """Queue a message to everybody concerned; a drill reaches the command post alone, in the inbox."""
    response = record.response
    subject = f"{DRILL if response.exercise else ''}{change_words(record, before)}"
    body = f"{subject}。下令人：{record.authorised_by}。{measured_words(record)}"
    if record.reason:
        body += f"理由：{record.reason}"
    return queue_messages(
        drafts=[
            Draft(
                about=f"flood-response:{response.pk}",
                tier=f"level-{record.sequence}",
                recipient=recipient,
                topic=Topic.FLOOD,
                subject=subject,
                body=body,
                url=response.get_absolute_url(),
                not_before=at,
                urgent=True,
                exercise=response.exercise,
            )
            for recipient in recipients_of(record)
        ],
        at=at,
    )


def recipients_of(record: LevelRecord) -> Sequence[User]:
    """Duty officers and commanders; of a real response also officers of members, of streets and above."""
    people = User.objects.filter(is_active=True)
    found = {user.pk: user for user in people.filter(assignments__role__in=COMMAND_POST)}
    if not record.response.exercise:
        units = units_concerned(record.response.plan)
        officers = people.filter(assignments__role__in=OFFICERS, assignments__department__in=units)
        found.update({user.pk: user for user in officers})
    return [found[pk] for pk in sorted(found)]


def units_concerned(plan: Plan) -> set[int]:
    """Units with a seat or a duty, the streets, and the offices above."""
    seated = Q(command_seats__plan=plan) | Q(flood_duties__plan=plan)
    concerned = Department.objects.filter(seated | Q(kind=Department.Kind.STREET) | Q(name__in=ABOVE))
    return set(concerned.order_by().values_list("pk", flat=True))


def draft_chronicle_entry(*, record: LevelRecord, before: LevelRecord | None, at: datetime) -> Event | None:
    """A draft that an editor finishes and publishes; drills leave none."""
    if record.response.exercise:
        return None
    moment = timezone.localtime(at)
    day = moment.date()
    words = change_words(record, before)
    content = EventContent(
        start_date=day,
        end_date=day,
        title=words,
        text=f"{moment:%H:%M}，{settings.CITY_NAME}防内涝指挥部{words}。{measured_words(record)}",
        source="防内涝应急响应记录",
    )
    # The portal itself writes the draft: who declares need not be an editor.
    return create_event(
        actor=None,
        at=at,
        content=content,
        publication=Event.Publication.DRAFT,
        directory=NameDirectory(actor=None, at=at),
        reason="应急响应级别变动，自动起草",
    )
