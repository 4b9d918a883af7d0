"""Taking a record to the public and back, on the record."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry
from foundation.publication import STEPS, Step
from foundation.services.audit import record_change

Actor = AbstractBaseUser | None


@transaction.atomic
def take_step(*, actor: Actor, at: datetime, record: models.Model, step: str, reason: str = "") -> None:
    """Take one step of ``foundation.publication``; the owning room has checked the right to it.

    ``record`` has a field ``publication`` and keeps its history. Raises
    StateConflict when somebody else was faster, PermissionRefused when the
    person who changed the record last would publish it, InvalidInput without a
    reason where one is owed.
    """
    taken = STEPS[step]
    if taken.needs_reason and not reason.strip():
        raise InvalidInput(f"{taken.word}须写明理由，请填写后再提交。", fields={"reason": ["请填写理由。"]})
    locked: Any = type(record)._default_manager.select_for_update().get(pk=record.pk)
    before = locked.publication
    if before not in taken.sources:
        now = locked.get_publication_display()
        raise StateConflict(f"此条现在是“{now}”，不能再{taken.word}。请刷新页面查看。")
    if taken.another:
        _refuse_own_work(actor, locked, taken)
    locked.publication = taken.target
    locked._change_reason = (reason or taken.word)[:100]  # read by django-simple-history
    locked.save()
    record_change(
        actor=actor,
        action=f"{record._meta.model_name}.{step}",
        target=locked,
        at=at,
        before={"publication": before},
        after={"publication": taken.target},
        reason=reason,
    )


def no_text(name: str | None) -> Q:
    """What goes on record of a kind of record without being its text: steps, proposals beside it, notices,
    its legal state."""
    steps = Q(action__in=[f"{name}.{step}" for step in STEPS])
    beside = Q(action=f"{name}.propose") | Q(action__startswith=f"{name}.revision.")
    notices = Q(action__startswith=f"{name}.correction") | Q(action__startswith=f"{name}.status")
    return steps | beside | notices


def _beside_text(name: str | None) -> Q:
    """Files hung on a record, names found in it, its place in the day: every word stays as it was."""
    return Q(action__startswith="attachment.") | Q(action__in=(f"{name}.names", f"{name}.place"))


def _refuse_own_work(actor: Actor, record: models.Model, step: Step) -> None:
    """Four eyes: who changed a record or its text last does not publish it; the portal itself may.

    A file that somebody else hangs on it makes nobody's own words another's.
    """
    if actor is None:
        return
    name = record._meta.model_name
    changes = AuditEntry.objects.about(record).exclude(no_text(name)).order_by("-sequence")
    for last in (changes, changes.exclude(_beside_text(name))):
        if last.values_list("actor_id", flat=True).first() == actor.pk:
            raise PermissionRefused(f"此条由您最后修改，须由另一位签发人{step.word}。")
