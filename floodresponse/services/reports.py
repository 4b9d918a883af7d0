"""Reports of an incident: what each meets, what it lacks, what it opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from floodresponse.models import Incident, IncidentReport, MediaPosition, Obligation
from floodresponse.reportcontent import Figure, fallen, lacking, read_figures
from floodresponse.services.incidents import apply_changes, require_acting_for
from floodresponse.services.owing import carry_on, meet, words_of
from foundation.errors import InvalidInput
from foundation.models import Attachment
from foundation.places import place_of
from foundation.services.attachments import attach_file
from foundation.services.audit import record_change
from organizations.models import User

Kind, Stage, Channel = Obligation.Kind, IncidentReport.Stage, IncidentReport.Channel
PICTURES = "图片或视频"
# What the incident itself holds as well: reports and the form of the grade both tell it.
CASUALTIES = ("dead", "missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """A report as handed in; ``explanation`` says why a figure fell."""

    channel: str
    stage: str
    text: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    explanation: str = ""
    reported_at: datetime | None = None
    pictures: Sequence[Any] = ()
    keep_position: bool = False
    key: UUID | None = None


@transaction.atomic
def file_report(*, actor: User, incident: Incident, content: ReportContent, at: datetime) -> IncidentReport:
    """Keep a report, complete or not; it meets what it meets and opens the next follow-up."""
    require_acting_for(actor, incident.unit, "报送该单位的险情报告")
    locked = Incident.objects.select_for_update().select_related("unit").get(pk=incident.pk)
    _lock_what_it_may_meet(locked)
    known = locked.reports.filter(key=content.key).first() if content.key else None
    if known is not None:
        return known
    reported_at = content.reported_at or at
    _check_time(locked, reported_at, at)
    figures, problem = read_figures(content.figures)
    if problem:
        raise InvalidInput(problem, fields={"figures": [problem]})
    report = _keep(actor, locked, content, figures, reported_at, at)
    for upload in content.pictures:
        add_picture(actor=actor, report=report, upload=upload, at=at, keep_position=content.keep_position)
    after = {
        "incident": locked.pk,
        "stage": report.stage,
        "lacking": report.lacking,
        "exercise": locked.exercise,
    }
    record_change(actor=actor, action="incident.file_report", target=report, at=at, after=after)
    _settle(report, locked, at)
    _take_over_casualties(actor, locked, report, at)
    carry_on(actor=actor, incident=locked, report=report, at=at)
    # The report that tells of the casualties is itself the report at once.
    _meet_all(report, locked.obligations.open().filter(kind=Kind.IMMEDIATE), at)
    return report


def _lock_what_it_may_meet(incident: Incident) -> None:
    """Before the head of the audit log is taken: who acknowledges one of these waits for that head."""
    of_unit = Q(incident=None, kind=Kind.ZERO, unit=incident.unit)
    waiting = Obligation.objects.open().filter(Q(incident=incident) | of_unit).order_by("pk")
    list(waiting.select_for_update().values_list("pk", flat=True))


def _check_time(incident: Incident, reported_at: datetime, at: datetime) -> None:
    sentence = ""
    if reported_at > at:
        sentence = "报告时间不能晚于现在，请核对。"
    elif reported_at < incident.occurred_at:
        sentence = "报告时间不能早于发生时间，请核对。"
    if sentence:
        raise InvalidInput(sentence, fields={"reported_at": [sentence]})


def _keep(
    actor: User,
    incident: Incident,
    content: ReportContent,
    figures: Mapping[str, Figure],
    reported_at: datetime,
    at: datetime,
) -> IncidentReport:
    falls = fallen(latest_figures(incident, reported_at), figures)
    missing = lacking(
        channel=content.channel,
        kind=incident.kind,
        text=content.text,
        figures=figures,
        casualties=any((incident.dead, incident.missing, figures.get("dead"), figures.get("missing"))),
        falls=falls,
        explanation=content.explanation,
    )
    return IncidentReport.objects.create(
        incident=incident,
        channel=content.channel,
        stage=content.stage,
        reported_at=reported_at,
        filed_at=at,
        filed_by=actor,
        text=content.text.strip(),
        figures=dict(figures),
        explanation=content.explanation.strip()[:300],
        key=content.key,
        lacking=missing,
        incomplete=bool(missing),
    )


def latest_figures(incident: Incident, before: datetime | None = None) -> dict[str, Figure]:
    """Of each figure what was told last, by a moment or by now; casualties as the incident has them."""
    reports = incident.reports.order_by("reported_at", "pk")
    if before is not None:
        reports = reports.filter(reported_at__lte=before)
    known: dict[str, Figure] = {}
    for figures in reports.values_list("figures", flat=True):
        known |= {key: value for key, value in figures.items() if value is not None}
    if before is None or before >= incident.confirmed_at:
        held = {key: getattr(incident, key) for key in CASUALTIES}
        known |= {key: value for key, value in held.items() if value is not None}
    return known


@transaction.atomic
def add_picture(
    *, actor: User, report: IncidentReport, upload: Any, at: datetime, keep_position: bool = False
) -> Attachment:
    """Hang a checked picture or film on a report; where it was taken is kept only when wanted."""
    require_acting_for(actor, report.incident.unit, "补充该单位的图文影像")
    attached = attach_file(
        actor=actor,
        at=at,
        owner=report,
        upload=upload,
        permission="floodresponse.report_incident",
        films=True,
    )
    if report.channel == Channel.MEDIA and not attached.content_type.startswith(("image/", "video/")):
        sentence = f"“{attached.name}”不是图片或视频；图文影像只收图片和视频，文件请随书面报告报送。"
        raise InvalidInput(sentence, fields={"pictures": [sentence]})
    if keep_position:
        _keep_position(attached, upload)
    left = [part for part in report.lacking if part != PICTURES]
    if left != report.lacking:
        report.lacking, report.incomplete = left, bool(left)
        IncidentReport.objects.filter(pk=report.pk).update(lacking=left, incomplete=bool(left))
    return attached


def _keep_position(attached: Attachment, upload: Any) -> None:
    upload.seek(0)
    place = place_of(upload.read())
    if place is not None:
        MediaPosition.objects.create(attachment=attached, latitude=place[0], longitude=place[1])


def _settle(report: IncidentReport, incident: Incident, at: datetime) -> None:
    """Any report meets the one at once; each way its own kind; a later stage the follow-ups."""
    waiting = incident.obligations.open().order_by("sequence")
    _meet_all(report, waiting.filter(kind__in=[Kind.IMMEDIATE, report.channel]), at)
    if report.stage != Stage.FIRST:
        followups = list(waiting.filter(kind=Kind.FOLLOWUP))
        overdue = [one for one in followups if one.due_at < report.reported_at]
        _meet_all(report, overdue or followups[:1], at)
    day = timezone.localtime(report.reported_at).date()
    zeros = Obligation.objects.open().filter(incident=None, kind=Kind.ZERO, unit=incident.unit)
    if not incident.exercise:
        _meet_all(report, [zero for zero in zeros if timezone.localtime(zero.due_at).date() == day], at)


def _meet_all(report: IncidentReport, obligations: Any, at: datetime) -> None:
    for obligation in obligations:
        if not meet(obligation=obligation, reported_at=report.reported_at, report=report, at=at):
            continue
        record_change(
            actor=report.filed_by,
            action="obligation.meet",
            target=obligation,
            at=at,
            after=words_of(obligation),
        )
        if obligation.state == Obligation.State.MET_LATE and not report.late:
            report.late = True
            IncidentReport.objects.filter(pk=report.pk).update(late=True)


def _take_over_casualties(actor: User, incident: Incident, report: IncidentReport, at: datetime) -> None:
    """Also when all is over: who is found dead later counts. What is entered late overrides nothing later."""
    later = list(
        incident.reports.filter(reported_at__gt=report.reported_at).values_list("figures", flat=True)
    )
    told = {
        key: value
        for key in CASUALTIES
        if (value := report.figures.get(key)) is not None
        and not any(figures.get(key) is not None for figures in later)
        and not _raised_since(incident, key, value, report.reported_at)
    }
    if told:
        apply_changes(actor=actor, incident=incident, changes=told, at=at, reason="按报告的数字")


def _raised_since(incident: Incident, key: str, value: int, reported_at: datetime) -> bool:
    known = getattr(incident, key)
    return known is not None and value < known and reported_at < incident.confirmed_at
