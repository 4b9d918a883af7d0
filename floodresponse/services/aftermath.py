"""What is settled after a response, and the report on it: written from the rows, edited, published."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from events.models import Event
from events.services import EventContent, create_event
from floodresponse.models import AfterActionReport, AftermathEntry, ReportSection, Response
from floodresponse.services.obligations import require_office
from foundation.errors import InvalidInput, StateConflict
from foundation.publication import DRAFT, PUBLISHED, REVIEW, STEPS
from foundation.services.audit import record_change
from foundation.services.publication import take_step
from organizations.models import Department, User
from organizations.permissions import require
from organizations.services import NameDirectory
from taskboard.models import Task

Kind = AftermathEntry.Kind
WRITE, PUBLISH = "floodresponse.write_after_action", "floodresponse.publish_after_action"
# Praise and blame rest on something that is on record.
NEEDS_BASIS = {Kind.COMMENDATION, Kind.ACCOUNTABILITY}
LONGEST_TEXT, MOST_MONEY = 20_000, Decimal(10) ** 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryContent:
    """A matter to settle before it is a row; ``amount`` in yuan."""

    kind: str
    text: str
    unit: Department | None = None
    basis: str = ""
    amount: Decimal | None = None
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A section as the rows tell it."""

    key: str
    title: str
    text: str


def _require_writing(actor: User, what: str) -> None:
    require(actor, WRITE, what)
    require_office(actor, what)


def _require_ended(response: Response) -> None:
    if response.terminated_at is None:
        raise StateConflict("响应还没有终止，终止后再总结。")


@transaction.atomic
def add_entry(*, actor: User, response: Response, content: EntryContent, at: datetime) -> AftermathEntry:
    """Enter a loss, relief, rebuilding, cost, lesson, praise or blame."""
    _require_writing(actor, "登记善后事项")
    _require_ended(response)
    if content.kind not in Kind.values:
        raise InvalidInput("请选择类别。", fields={"kind": ["请选择类别。"]})
    if not content.text.strip():
        raise InvalidInput("请填写内容。", fields={"text": ["请填写内容。"]})
    if content.kind in NEEDS_BASIS and not content.basis.strip():
        sentence = "表扬和追责须写明记录中的依据。"
        raise InvalidInput(sentence, fields={"basis": [sentence]})
    if content.amount is not None and not 0 <= content.amount < MOST_MONEY:
        raise InvalidInput("金额应不小于 0。", fields={"amount": ["金额应不小于 0。"]})
    entry = AftermathEntry.objects.create(
        response=response,
        kind=content.kind,
        unit=content.unit,
        text=content.text.strip()[:500],
        basis=content.basis.strip()[:200],
        amount=content.amount,
        task=content.task,
        entered_at=at,
        entered_by=actor,
    )
    after = {"kind": entry.kind, "text": entry.text, "amount": entry.amount, "unit": str(entry.unit or "")}
    record_change(actor=actor, action="aftermath.add", target=entry, at=at, after=after)
    return entry


@transaction.atomic
def strike_entry(*, actor: User, entry: AftermathEntry, reason: str, at: datetime) -> AftermathEntry:
    """Strike out what was entered by mistake; it stays on record."""
    _require_writing(actor, "划销善后事项")
    if not reason.strip():
        raise InvalidInput("请写明划销理由。", fields={"reason": ["请写明理由。"]})
    values = {"struck_at": at, "struck_by": actor, "struck_reason": reason.strip()[:200]}
    if AftermathEntry.objects.standing().filter(pk=entry.pk).update(**values) != 1:
        raise StateConflict("这一条已经划销，请刷新页面。")
    entry.refresh_from_db()
    record_change(actor=actor, action="aftermath.strike", target=entry, at=at, reason=entry.struck_reason)
    return entry


@transaction.atomic
def write_report(
    *, actor: User, response: Response, sections: Iterable[Written], at: datetime
) -> AfterActionReport:
    """Write the report, or write it anew from the rows; sections that a person edited keep their text."""
    _require_writing(actor, "编写总结报告")
    _require_ended(response)
    report = _report_of(response, at)
    _require_open(report)
    known = {section.key: section for section in report.sections.all()}
    changed = []
    for order, one in enumerate(sections, start=1):
        section = known.get(one.key) or ReportSection(report=report, key=one.key)
        if section.pk and (section.written, section.order) == (one.text, order):
            continue
        section.order, section.title, section.written = order, one.title, one.text
        section.text = section.text if section.edited else one.text
        section._change_reason = "按记录生成"  # type: ignore[attr-defined]  # read by django-simple-history
        section.save()
        changed.append(one.title)
    AfterActionReport.objects.filter(pk=report.pk).update(written_at=at)
    report.refresh_from_db()
    # On record as a change only where a text changed: who presses alone makes nobody's words another's.
    if changed:
        record_change(
            actor=actor, action="after_action_report.write", target=report, at=at, after={"sections": changed}
        )
    return report


def _report_of(response: Response, at: datetime) -> AfterActionReport:
    day = timezone.localtime(response.declared_at)
    drill = "（演练）" if response.exercise else ""
    title = f"{drill}{day.year}年{day.month}月{day.day}日防内涝应急响应总结报告"
    try:
        with transaction.atomic():
            report, _ = AfterActionReport.objects.get_or_create(
                response=response, defaults={"title": title, "written_at": at}
            )
    except IntegrityError:
        report = AfterActionReport.objects.get(response=response)
    return AfterActionReport.objects.select_for_update().get(pk=report.pk)


def _require_open(report: AfterActionReport) -> None:
    if report.publication not in {DRAFT, REVIEW}:
        raise StateConflict(f"报告{report.get_publication_display()}，不能修改；请先撤回并重新起草。")


@transaction.atomic
def edit_section(*, actor: User, section: ReportSection, text: str, was: str, at: datetime) -> ReportSection:
    """Put a person's wording in place; ``was`` is the text that the person saw."""
    _require_writing(actor, "修改总结报告")
    wording = text.replace("\r\n", "\n").strip()
    if not wording:
        raise InvalidInput("正文不能为空；没有内容请写明“无”。", fields={"text": ["请填写正文。"]})
    if len(wording) > LONGEST_TEXT:
        raise InvalidInput(f"正文不超过 {LONGEST_TEXT} 字。", fields={"text": ["过长。"]})
    return _put(actor, section, was, "edit", at, lambda _: (wording, True))


@transaction.atomic
def restore_section(*, actor: User, section: ReportSection, was: str, at: datetime) -> ReportSection:
    """Back to what the rows tell."""
    _require_writing(actor, "修改总结报告")
    return _put(actor, section, was, "restore", at, lambda locked: (locked.written, False))


def _put(
    actor: User,
    section: ReportSection,
    was: str,
    step: str,
    at: datetime,
    new: Callable[[ReportSection], tuple[str, bool]],
) -> ReportSection:
    # The report first, as everywhere: who writes it anew holds it while the sections change.
    report = AfterActionReport.objects.select_for_update().get(pk=section.report_id)
    _require_open(report)
    locked = ReportSection.objects.select_for_update().get(pk=section.pk)
    if locked.text != was.replace("\r\n", "\n"):
        raise StateConflict(f"“{locked.title}”刚刚被别人修改，请刷新页面，在新的文字上再改。")
    text, edited = new(locked)
    if (text, edited) == (locked.text, locked.edited):
        return locked
    before = locked.text
    locked.text, locked.edited = text, edited
    locked._change_reason = f"{actor}修改" if edited else f"{actor}恢复按记录生成"  # type: ignore[attr-defined]
    locked.save()
    record_change(
        actor=actor,
        action=f"after_action_report.{step}",
        target=report,
        at=at,
        before={locked.title: before},
        after={locked.title: text},
    )
    return locked


@transaction.atomic
def move_report(
    *, actor: User, report: AfterActionReport, step: str, at: datetime, reason: str = ""
) -> AfterActionReport:
    """Submit, publish, return, withdraw or reopen; a published one leaves a draft in the chronicle."""
    if STEPS[step].signs:
        require(actor, PUBLISH, f"{STEPS[step].word}总结报告")
    else:
        _require_writing(actor, f"{STEPS[step].word}总结报告")
    take_step(actor=actor, at=at, record=report, step=step, reason=reason)
    report.refresh_from_db()
    if report.publication == PUBLISHED and report.event_id is None and not report.response.exercise:
        _file(report, at)
    return report


def _file(report: AfterActionReport, at: datetime) -> None:
    """A draft for the day on which the response ended; an editor finishes and publishes it."""
    response = report.response
    ended = timezone.localtime(response.terminated_at or at).date()
    began = timezone.localtime(response.declared_at).date()
    in_month = Event.objects.filter(start_date__year=began.year, start_date__month=began.month)
    last = in_month.aggregate(last=Max("position"))["last"] or 0
    summary = report.sections.filter(key="summary").values_list("text", flat=True).first() or ""
    content = EventContent(
        start_date=began,
        end_date=ended,
        position=last + 1,
        title=report.title,
        text=f"{settings.CITY_NAME}防内涝指挥部完成{report.title}。{summary}",
        source="防内涝应急响应记录",
    )
    # The portal itself writes the draft: who signs the report need not be an editor.
    event = create_event(
        actor=None,
        at=at,
        content=content,
        publication=Event.Publication.DRAFT,
        directory=NameDirectory(actor=None, at=at),
        reason="总结报告发布，自动起草",
    )
    report.event = event
    report._change_reason = "载入大事记草稿"  # type: ignore[attr-defined]  # read by django-simple-history
    report.save()
    record_change(
        actor=None, action="after_action_report.file", target=report, at=at, after={"event": event.pk}
    )
