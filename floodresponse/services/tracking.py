"""Who follows an incident until its final report (跟踪人): named when it is entered, changed on record."""

from datetime import datetime

from django.db import transaction

from floodresponse.models import Incident
from floodresponse.services.incidents import require_acting_for
from floodresponse.standing import acts_for
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from organizations.models import User

LONGEST_REASON = 300


@transaction.atomic
def change_tracker(*, actor: User, incident: Incident, tracker: User, reason: str, at: datetime) -> Incident:
    """Name another person; raises InvalidInput for somebody who does not act for the unit."""
    require_acting_for(actor, incident.unit, "更换该单位险情的跟踪人")
    if not tracker.is_active or not acts_for(tracker, incident.unit):
        sentence = f"跟踪人应是{incident.unit.name}或防涝办的人员。"
        raise InvalidInput(sentence, fields={"tracker": [sentence]})
    if not reason.strip():
        raise InvalidInput("请写明更换理由。", fields={"reason": ["请写明更换理由。"]})
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.resolved_at is not None:
        raise StateConflict("该险情已处置完毕，不能再更换跟踪人。")
    if locked.tracker_id == tracker.pk:
        raise StateConflict("跟踪人已经是此人，无需更换。")
    before = {"tracker": locked.tracker_id}
    Incident.objects.filter(pk=locked.pk).update(tracker=tracker)
    incident.tracker = tracker
    record_change(
        actor=actor,
        action="incident.change_tracker",
        target=incident,
        at=at,
        before=before,
        after={"tracker": tracker.pk, "exercise": locked.exercise},
        reason=reason.strip()[:LONGEST_REASON],
    )
    return incident
