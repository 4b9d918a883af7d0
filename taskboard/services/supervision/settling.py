"""What becomes of look-backs whose task is taken up again by other means."""

from datetime import datetime

from organizations.models import User
from taskboard.models import LookBack, Task
from taskboard.services.supervision.findings import void_findings


def void_look_backs(*, actor: User | None, at: datetime, task: Task) -> int:
    """Nothing is left to look at, or to put right apart from the work; returns how many."""
    # Locked before their findings, as a confirmation does.
    standing = list(LookBack.objects.select_for_update().filter(task=task).unsettled().order_by("pk"))
    for look_back in standing:
        void_findings(actor=actor, at=at, look_back=look_back)
    return LookBack.objects.filter(pk__in=[row.pk for row in standing]).update(state=LookBack.State.VOID)
