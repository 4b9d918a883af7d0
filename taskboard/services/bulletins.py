"""Writes of bulletins: composed from figures, edited, numbered and published, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import InvalidInput, StateConflict
from foundation.publication import DRAFT, STEPS
from foundation.services.audit import record_change
from foundation.services.publication import take_step
from notifications.models import Topic
from notifications.services import Draft, cancel_messages, queue_messages
from organizations.models import Department, Role, User
from organizations.permissions import require
from taskboard.bulletins.composing import Composed, Facts, compose
from taskboard.bulletins.gathering import gather
from taskboard.bulletins.naming import tasks_named_by
from taskboard.bulletins.querysets import SIGN, WRITE
from taskboard.models import Bulletin, BulletinTask, Task, TaskList
from taskboard.services.telling import tell_departments

ADDRESSEES = "各街道办事处、乡镇人民政府，市直各有关部门"
# What a writer changes; the figures and the period belong to what was composed.
EDITED = ("mark", "title", "addressees", "opening", "sections", "closing")
ATTEMPTS = 5
LONGEST_PERIOD = 366
STEPS_TAKEN = ("submit", "publish", "return", "withdraw")


@transaction.atomic
def compose_bulletin(
    *, actor: User, at: datetime, start: date, end: date, task_list: TaskList | None = None
) -> Bulletin:
    """A draft whose text is written from the figures of the period."""
    require(actor, WRITE, "起草通报")
    facts, text = _written(start, end, at, task_list)
    bulletin = Bulletin(
        issuer=settings.SITE_OWNER,
        mark=f"{settings.CITY_NAME[0]}政办督",
        addressees=ADDRESSEES,
        period_start=start,
        period_end=end,
        task_list=task_list,
        created_by=actor,
        updated_at=at,
    )
    _fill(bulletin, facts, text, at)
    bulletin.save()
    after = {"title": bulletin.title, "start": start, "end": end}
    record_change(actor=actor, action="bulletin.compose", target=bulletin, at=at, after=after)
    return bulletin


def _written(start: date, end: date, at: datetime, task_list: TaskList | None) -> tuple[Facts, Composed]:
    today = timezone.localdate(at)
    if start > end:
        raise _wrong("start", "起始日期应不晚于结束日期。")
    if start > today:
        raise _wrong("start", "统计期还没有开始，没有可以通报的情况。")
    if (end - start).days >= LONGEST_PERIOD:
        raise _wrong("start", f"一份通报的统计期最长 {LONGEST_PERIOD} 天。")
    facts = gather(start=start, end=end, today=today, task_list=task_list)
    return facts, compose(facts, start, min(end, today), settings.SITE_OWNER, today)


def _fill(bulletin: Bulletin, facts: Facts, text: Composed, at: datetime) -> None:
    bulletin.title, bulletin.opening, bulletin.closing = text.title, text.opening, text.closing
    bulletin.sections = [{"heading": heading, "text": words} for heading, words in text.sections]
    bulletin.figures, bulletin.composed_at = facts.as_json(), at


@transaction.atomic
def recompose_bulletin(*, actor: User, at: datetime, bulletin: Bulletin, version: int) -> Bulletin:
    """Count again and write the text anew; what was edited stays in the history."""
    require(actor, WRITE, "修改通报")
    found = _draft_of(bulletin, version)
    facts, text = _written(found.period_start, found.period_end, at, found.task_list)
    _fill(found, facts, text, at)
    _save(found, at, "重新取数")
    record_change(actor=actor, action="bulletin.recompose", target=found, at=at, after=facts.as_json())
    return found


@transaction.atomic
def edit_bulletin(
    *, actor: User, at: datetime, bulletin: Bulletin, version: int, changes: Mapping[str, Any]
) -> Bulletin:
    """Change the text of a draft; refused when somebody saved it meanwhile."""
    require(actor, WRITE, "修改通报")
    found = _draft_of(bulletin, version)
    before = {name: getattr(found, name) for name in EDITED}
    for name in EDITED:
        setattr(found, name, changes[name])
    _check_text(found)
    if before == {name: getattr(found, name) for name in EDITED}:
        return found
    _save(found, at, "修改")
    after = {name: changes[name] for name in EDITED if before[name] != changes[name]}
    kept = {name: before[name] for name in after}
    record_change(actor=actor, action="bulletin.edit", target=found, at=at, before=kept, after=after)
    return found


def _draft_of(bulletin: Bulletin, version: int) -> Bulletin:
    found = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if found.publication != DRAFT:
        now = found.get_publication_display()
        raise StateConflict(f"通报现在是“{now}”，不能修改。待签发的先由签发人退回，已印发的只能撤回后另发。")
    if found.version != version:
        raise StateConflict("这份通报在您打开之后被别人改过，没有保存。请复制您的文字，刷新页面后再改。")
    return found


def _save(bulletin: Bulletin, at: datetime, why: str) -> None:
    bulletin.version += 1
    bulletin.updated_at = at
    bulletin._change_reason = why  # type: ignore[attr-defined]  # read by django-simple-history
    bulletin.save()


def _check_text(bulletin: Bulletin) -> None:
    for name, what in (("title", "标题"), ("mark", "机关代字"), ("opening", "开头")):
        if not getattr(bulletin, name).strip():
            raise _wrong(name, f"请写明{what}。")
    sections: Sequence[Mapping[str, str]] = bulletin.sections
    if not sections:
        raise _wrong("opening", "通报至少要有一部分内容。")
    for section in sections:
        if not section["heading"].strip() or not section["text"].strip():
            raise _wrong("opening", "每一部分都要有小标题和内容；不需要的请把两处都清空。")


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: [sentence]})


@transaction.atomic
def move_bulletin(
    *,
    actor: User,
    at: datetime,
    bulletin: Bulletin,
    step: str,
    reason: str = "",
    version: int | None = None,
) -> Bulletin:
    """Take a step of publication: hand in, publish with the next number, return, withdraw.

    ``version`` is that of the text the signer has read; publishing another one is refused.
    """
    if step not in STEPS_TAKEN:
        raise StateConflict("通报撤回后不再重新起草，请另行起草一份。")
    taken = STEPS[step]
    require(actor, SIGN if taken.signs else WRITE, f"{taken.word}通报")
    found = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    if found.publication in taken.sources:
        if step == "publish":
            _require_read(found, version)
            _number(found, actor, at)
        if step == "withdraw":
            Bulletin.objects.filter(pk=found.pk).update(withdrawn_at=at, withdrawal_reason=reason.strip())
    take_step(actor=actor, at=at, record=found, step=step, reason=reason)
    found.refresh_from_db()
    if step == "publish":
        _name_tasks(found, actor, at)
    _tell(found, step, at)
    return found


def _require_read(bulletin: Bulletin, version: int | None) -> None:
    """Nobody signs a text that he has not seen."""
    if bulletin.version != version:
        raise StateConflict("这份通报在您打开之后被别人改过，没有签发。请刷新页面，看过现在的文字再签发。")


def _number(bulletin: Bulletin, actor: User, at: datetime) -> None:
    """The next number of issuer and year; two who publish at once get two, and none is left out."""
    year = timezone.localdate(at).year
    for _ in range(ATTEMPTS):
        numbers = Bulletin.objects.filter(issuer=bulletin.issuer, year=year)
        used = numbers.aggregate(last=Max("number"))["last"]
        given = {"year": year, "number": (used or 0) + 1, "published_by": actor, "published_at": at}
        try:
            with transaction.atomic():
                Bulletin.objects.filter(pk=bulletin.pk).update(**given)
        except IntegrityError:
            continue
        return
    raise StateConflict("同时印发的通报太多，没有取得文号。请稍后再试。")


def _name_tasks(bulletin: Bulletin, actor: User, at: datetime) -> None:
    """What the published text names is on record with each task."""
    found = Task.objects.filter(pk__in=tasks_named_by(bulletin)).order_by("pk")
    BulletinTask.objects.bulk_create(
        BulletinTask(bulletin=bulletin, task=task, at=at, actor=actor) for task in found
    )


def _tell(bulletin: Bulletin, step: str, at: datetime) -> None:
    """Signers hear of what waits for them; the departments it speaks of, of what was published."""
    about = f"bulletin:{bulletin.pk}"
    if step == "submit":
        signers = User.objects.filter(is_active=True, assignments__role=Role.PUBLISHER).distinct()
        drafts = [_to_sign(bulletin, person, about, at) for person in signers]
        queue_messages(drafts=drafts, at=at)
        return
    done = f"已{STEPS[step].word}"
    cancel_messages(about=about, at=at, why=done)
    if step == "publish":
        body = f"{bulletin.full_number}已印发，请阅。"
        _tell_units(bulletin, "published", f"通报：{bulletin.title}", body, at)
    if step == "withdraw":
        cancel_messages(about=f"{about}:published", at=at, why=done)
        body = f"{bulletin.full_number}已撤回，不再执行。理由：{bulletin.withdrawal_reason}"
        _tell_units(bulletin, "withdrawn", f"通报已撤回：{bulletin.title}", body, at)


def _tell_units(bulletin: Bulletin, tier: str, subject: str, body: str, at: datetime) -> None:
    """To the departments whose figures it names; what was published names the same when it is withdrawn."""
    names = {unit["name"] for unit in bulletin.figures.get("units", ())}
    tell_departments(
        departments=Department.objects.filter(name__in=names).values_list("pk", flat=True),
        about=f"bulletin:{bulletin.pk}:{tier}",
        tier=tier,
        subject=subject,
        body=body,
        url=bulletin.get_absolute_url(),
        at=at,
    )


def _to_sign(bulletin: Bulletin, person: User, about: str, at: datetime) -> Draft:
    return Draft(
        about=about,
        tier=f"submit-{bulletin.version}-{at.isoformat()}",
        recipient=person,
        topic=Topic.TASK,
        subject=f"待签发：{bulletin.title}",
        body="通报已提交签发，请核对取数和文字后签发或退回。",
        url=bulletin.get_absolute_url(),
        not_before=at,
    )
