"""Who signs is told that something waits; who handed it in is told what became of it.

One message for each time a thing is handed in. What still waits to go out by mail or robot is
taken back when the thing is settled or handed back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from foundation.models import AuditEntry
from notifications.models import Topic
from notifications.services.outbox import Draft, cancel_messages, queue_messages
from organizations.models import Role, User
from organizations.rules import DESK, roles_of
from organizations.succession import standing_in

Actor = AbstractBaseUser | None
# What a step tells the person who handed the thing in.
TOLD = {
    "publish": "已签发",
    "confirm": "已签发",
    "return": "被退回修改",
    "withdraw": "已撤回",
    "void": "已作废",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing that is signed: its name in the outbox (``event:12``), in words, and its page."""

    about: str
    words: str
    url: str

    @property
    def key(self) -> str:
        """All messages of its signing."""
        return f"{self.about}:signing"


def ask_signers(*, actor: Actor, at: datetime, matter: Matter, note: str = "") -> int:
    """Tell everybody who signs, but for the person who asks; returns how many messages that made."""
    signers = User.objects.filter(is_active=True, assignments__role=Role.PUBLISHER).distinct()
    others = signers.exclude(pk=actor.pk) if actor is not None else signers
    who = f"{actor}提交。" if actor is not None else ""
    drafts = [
        Draft(
            about=matter.key,
            tier=f"asked-{at:%Y%m%d%H%M%S%f}",
            recipient=signer,
            topic=Topic.RECORD,
            subject=f"待签发：{matter.words}",
            body=f"{who}{note}请看过后签发，或写明理由退回。",
            url=matter.url,
            not_before=at,
        )
        for signer in others
    ]
    return queue_messages(drafts=drafts, at=at)


def tell_writer(
    *, actor: Actor, at: datetime, matter: Matter, writer: int | None, step: str, reason: str = ""
) -> int:
    """Tell the person who handed a thing in what became of it; nobody is told of his own doing.

    Of a person who left the successor is told, without one at the desk every editor.
    """
    cancel_messages(about=matter.key, at=at, why="已办理")
    if writer is None or step not in TOLD or (actor is not None and actor.pk == writer):
        return 0
    who = f"{actor}办理。" if actor is not None else ""
    drafts = [
        Draft(
            about=matter.key,
            tier=f"{step}-{at:%Y%m%d%H%M%S%f}",
            recipient=told,
            topic=Topic.RECORD,
            subject=f"{TOLD[step]}：{matter.words}",
            body=f"{who}理由：{reason.strip()}" if reason.strip() else who,
            url=matter.url,
            not_before=at,
        )
        for told in _writers(writer)
        if actor is None or told.pk != actor.pk
    ]
    return queue_messages(drafts=drafts, at=at)


def _writers(writer: int) -> list[User]:
    person = User.objects.get(pk=writer)
    heir = standing_in(person)
    if heir is not None and (heir.pk == writer or DESK & roles_of(heir)):
        return [heir]
    return list(User.objects.filter(is_active=True, assignments__role=Role.EDITOR).distinct().order_by("pk"))


def tell_of_step(
    *, actor: Actor, at: datetime, matter: Matter, writer: int | None, step: str, reason: str = ""
) -> None:
    """After a step of publication: handing in asks the signers, every other tells the writer."""
    if step == "submit":
        ask_signers(actor=actor, at=at, matter=matter)
    else:
        tell_writer(actor=actor, at=at, matter=matter, writer=writer, step=step, reason=reason)


def handed_in_by(record: models.Model, action: str) -> int | None:
    """Who did this last to the record (``event.submit``); None where nobody has."""
    done = AuditEntry.objects.about(record).filter(action=action).order_by("-sequence")
    return done.values_list("actor", flat=True).first()
