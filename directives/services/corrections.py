"""Correction notices (更正) of documents: the printed words stay, a signed notice stands beside them."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from directives.contents import in_lines, read_directive
from directives.models import Directive, DirectiveCorrection
from foundation.errors import InvalidInput, StateConflict
from foundation.services.audit import record_change
from foundation.services.proposals import confirm_proposal, proposed_values, void_proposal
from notifications.services import Matter, ask_signers, tell_writer
from organizations.models import User
from organizations.permissions import require

CHANGE, SIGN = "directives.change_directive", "directives.publish_directive"
PRINTED = (
    "title", "number", "addressees", "release_note", "preamble", "plan_title", "plan_preamble", "sections",
    "rosters", "annexes",
)  # fmt: skip
ACTION = "directive.correction"


@transaction.atomic
def add_notice(
    *,
    actor: User | None,
    at: datetime,
    directive: Directive,
    printed: str,
    corrected: str = "",
    note: str = "",
    made_on: date | None = None,
) -> DirectiveCorrection:
    """Register a notice; it waits for another person's signature. ``made_on`` None is the day of ``at``.

    Raises InvalidInput for words that the document does not print, or that say nothing; StateConflict
    when the same words have a notice.
    """
    require(actor, CHANGE, "登记更正")
    locked = Directive.objects.select_for_update().get(pk=directive.pk)
    printed, corrected, note = printed.strip(), corrected.strip(), note.strip()
    _check(locked, printed, corrected, note)
    notice = DirectiveCorrection.objects.create(
        directive=locked,
        printed=printed,
        corrected=corrected,
        note=note,
        made_on=made_on or timezone.localdate(at),
        **proposed_values(actor, at),
    )
    after = {"printed": printed, "corrected": corrected, "note": note}
    record_change(actor=actor, action=ACTION, target=locked, at=at, after=after, reason=note)
    if actor is not None:
        ask_signers(actor=actor, at=at, matter=_matter(notice))
    return notice


def _matter(notice: DirectiveCorrection) -> Matter:
    url = reverse("directives:notices", args=[notice.directive_id])
    return Matter(f"directive-correction:{notice.pk}", f"更正《{notice.directive.title}》", url)


def _check(directive: Directive, printed: str, corrected: str, note: str) -> None:
    content = read_directive(directive)
    if not any(printed in line for name in PRINTED for line in in_lines(name, content[name])):
        sentence = "文件中没有这段原文，请照正文逐字抄录，不跨段落。"
        raise InvalidInput(sentence, fields={"printed": [sentence]})
    if printed == corrected:
        sentence = "更正后的文字与原文相同，请填写应为的文字。"
        raise InvalidInput(sentence, fields={"corrected": [sentence]})
    if not corrected and not note:
        sentence = "请填写应为的文字；不知道应为什么的，在说明中写明有何存疑。"
        raise InvalidInput(sentence, fields={"corrected": [sentence]})
    standing = directive.corrections.exclude(standing=DirectiveCorrection.Standing.VOID)
    if standing.filter(printed=printed).exists():
        raise StateConflict("这段原文已登记过更正，没有重复登记；要改请先作废原来的一条。")


@transaction.atomic
def confirm_notice(*, actor: User | None, at: datetime, notice: DirectiveCorrection) -> None:
    """Sign a notice for the public and the next issue. Errors as ``confirm_proposal``."""
    require(actor, SIGN, "签发更正")
    confirm_proposal(actor=actor, at=at, proposal=notice, about=notice.directive, action=ACTION)
    # Dated by its registration, one that waited past an issue would be printed in none.
    notice.made_on = max(notice.made_on, timezone.localdate(at))
    notice.save(update_fields=["made_on"])
    tell_writer(actor=actor, at=at, matter=_matter(notice), writer=notice.proposed_by_id, step="confirm")


@transaction.atomic
def void_notice(*, actor: User | None, at: datetime, notice: DirectiveCorrection, reason: str) -> None:
    """Take a notice back; one that the public has read takes a signer. Errors as ``void_proposal``."""
    require(actor, CHANGE, "作废更正")
    locked = DirectiveCorrection.objects.select_for_update().get(pk=notice.pk)
    if locked.standing == DirectiveCorrection.Standing.CONFIRMED:
        require(actor, SIGN, "作废已签发的更正")
    void_proposal(actor=actor, at=at, proposal=notice, about=notice.directive, action=ACTION, reason=reason)
    writer = notice.proposed_by_id
    tell_writer(actor=actor, at=at, matter=_matter(notice), writer=writer, step="void", reason=reason)
