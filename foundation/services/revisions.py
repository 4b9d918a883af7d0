"""Saving what a person typed: a draft is changed, beside a published text a correction is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from foundation.errors import InvalidInput, PermissionRefused, StateConflict
from foundation.models import AuditEntry, Revision, Version
from foundation.publication import DRAFT, PUBLISHED, REVIEW
from foundation.services.audit import record_change
from foundation.services.versions import keep_stored, keep_version, refuse_stale
from foundation.versions import REVISION_STEPS, Edited, changed_keys, plain, same_text

Actor = AbstractBaseUser | None
NOTHING_CHANGED = "内容与现有文本相同，没有需要保存的改动。"


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, when and why; ``seen`` is the mark of the text the form showed, None when nobody looked.

    ``batch`` names what several proposals come from together; ``submits`` hands a proposal in at once.
    """

    actor: Actor
    at: datetime
    reason: str = ""
    seen: str | None = None
    batch: str = ""
    submits: bool = False
    restored: int | None = None


@transaction.atomic
def save_text(*, record: models.Model, edited: Edited, content: Mapping[str, Any], writing: Writing) -> Any:
    """Store a text: the record of a draft, the ``Revision`` beside a published one.

    ``record`` has a field ``publication``; the owning room has checked the right. Raises StaleText when
    another text was saved meanwhile, StateConflict for a record that waits for its signature or was
    withdrawn, InvalidInput when nothing was changed.
    """
    locked: Any = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if locked.publication == PUBLISHED:
        return propose_revision(record=locked, edited=edited, content=content, writing=writing)
    if locked.publication != DRAFT:
        way = "退回修改" if locked.publication == REVIEW else "重新起草"
        raise StateConflict(f"此条现在是“{locked.get_publication_display()}”，不能修改；请先{way}。")
    stored = plain(edited.read(locked))
    return _change_draft(locked, edited, stored, plain(content), writing)


def _change_draft(
    record: Any, edited: Edited, stored: dict[str, Any], content: dict[str, Any], writing: Writing
) -> Any:
    if writing.seen is not None:
        refuse_stale(record, stored, writing.seen)
    changed = changed_keys(stored, content)
    if not changed:
        raise InvalidInput(NOTHING_CHANGED)
    keep_stored(at=writing.at, record=record, content=stored)
    keep_version(
        actor=writing.actor,
        at=writing.at,
        record=record,
        content=stored | content,
        reason=writing.reason,
        restored=writing.restored,
    )
    return edited.write(
        actor=writing.actor,
        at=writing.at,
        record=record,
        changes={name: content[name] for name in changed},
        reason=writing.reason,
    )


@transaction.atomic
def propose_revision(
    *, record: models.Model, edited: Edited, content: Mapping[str, Any], writing: Writing
) -> Revision:
    """Propose a text beside the published one, or change the proposal under way; the public sees nothing yet.

    ``content`` may lack keys: those stay as they are. A record has one open proposal. Raises StaleText and
    InvalidInput as ``save_text``, StateConflict while the open proposal waits for its signature.
    """
    type(record)._default_manager.select_for_update().get(pk=record.pk)
    public = plain(edited.read(record))
    under_way = _open_revision(record)
    stored = under_way.head.content if under_way else public
    if under_way and under_way.state == Revision.State.REVIEW:
        raise StateConflict("此条的更正稿已提交签发，不能再改；请先由签发人退回，或放弃后重新提出。")
    if writing.seen is not None:
        refuse_stale(record, stored, writing.seen)
    proposed = stored | plain(content)
    if same_text(proposed, stored):
        raise InvalidInput(NOTHING_CHANGED)
    base = under_way.base if under_way else keep_stored(at=writing.at, record=record, content=public)
    head = keep_version(
        actor=writing.actor,
        at=writing.at,
        record=record,
        content=proposed,
        reason=writing.reason,
        restored=writing.restored,
    )
    revision = _stored(under_way, record, base, head, writing)
    record_change(
        actor=writing.actor,
        action=f"{record._meta.model_name}.propose",
        target=record,
        at=writing.at,
        before={"version": base.number},
        after={"version": head.number, "fields": changed_keys(base.content, head.content)},
        reason=writing.reason,
    )
    return revision


def _open_revision(record: models.Model) -> Revision | None:
    found = Revision.objects.of(record).open().select_for_update(of=("self",)).select_related("base", "head")
    return found.first()


def _stored(
    under_way: Revision | None, record: models.Model, base: Version, head: Version, writing: Writing
) -> Revision:
    revision = under_way or Revision(
        owner_type=ContentType.objects.get_for_model(record),
        owner_id=record.pk,
        base=base,
        started_by_id=writing.actor.pk if writing.actor else None,
        started_at=writing.at,
        batch=writing.batch,
    )
    revision.head, revision.changed_at = head, writing.at
    revision.state = Revision.State.REVIEW if writing.submits else Revision.State.DRAFT
    revision.save()
    return revision


@transaction.atomic
def step_revision(
    *,
    actor: Actor,
    at: datetime,
    revision: Revision,
    step: str,
    edited: Edited,
    reason: str = "",
    seen: int | None = None,
) -> Revision:
    """Submit, publish, return or discard a proposal; the owning room has checked the right to it.

    ``seen`` is the number of the version on the page: nobody signs a text that he has not seen. Raises
    StateConflict when somebody was faster or the public text has changed in the same places,
    PermissionRefused when the person who wrote the proposal would publish it, InvalidInput without a
    reason where one is owed.
    """
    taken = REVISION_STEPS[step]
    if taken.needs_reason and not reason.strip():
        raise InvalidInput(f"{taken.word}须写明理由，请填写后再提交。", fields={"reason": ["请填写理由。"]})
    owner: Any = revision.owner_type.model_class()
    record = owner._default_manager.select_for_update().get(pk=revision.owner_id)
    locked = (
        Revision.objects.select_for_update(of=("self",)).select_related("base", "head").get(pk=revision.pk)
    )
    if locked.state not in taken.sources:
        now = locked.get_state_display()
        raise StateConflict(f"此更正稿现在是“{now}”，不能再{taken.word}。请刷新页面查看。")
    if seen is not None and seen != locked.head.number:
        raise StateConflict(f"更正稿已改为第 {locked.head.number} 版，请看过新稿后再{taken.word}。")
    if step == "publish":
        _refuse_own_proposal(actor, locked, record)
        _carry_out(actor, at, locked, record, edited)
    before, locked.state, locked.changed_at = locked.state, taken.target, at
    locked.note = reason[:200]
    if taken.target in ("published", "discarded"):
        locked.settled_by_id = actor.pk if actor else None
    locked.save()
    record_change(
        actor=actor,
        action=f"{record._meta.model_name}.revision.{step}",
        target=record,
        at=at,
        before={"state": before},
        after={"state": taken.target, "version": locked.head.number},
        reason=reason,
    )
    return locked


def _refuse_own_proposal(actor: Actor, revision: Revision, record: models.Model) -> None:
    """Whoever wrote the text, or proposed what somebody else had written and given up."""
    if actor is None:
        return
    proposed = AuditEntry.objects.about(record).filter(action=f"{record._meta.model_name}.propose")
    last = proposed.order_by("-sequence").values_list("actor_id", flat=True).first()
    if actor.pk in (revision.head.made_by_id, last):
        raise PermissionRefused("此更正稿由您最后修改，须由另一位签发人签发。")


def _carry_out(actor: Actor, at: datetime, revision: Revision, record: Any, edited: Edited) -> None:
    """Write what the proposal changes; where the public text has changed as well, nothing is written."""
    if record.publication != PUBLISHED:
        raise StateConflict(
            f"此条现在是“{record.get_publication_display()}”，更正稿不能签发；请放弃更正，或待其重新发布。"
        )
    public, base, head = plain(edited.read(record)), revision.base.content, revision.head.content
    changed = changed_keys(base, head)
    if any(public.get(name) not in (base.get(name), head[name]) for name in changed):
        raise StateConflict("提出更正之后公开文本又有变动，没有签发。请退回，由编辑对照新文本修改后再提交。")
    edited.write(
        actor=actor,
        at=at,
        record=record,
        changes={name: head[name] for name in changed},
        reason=revision.head.reason or "签发更正",
    )
