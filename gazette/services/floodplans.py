"""The machine-readable part of a waterlogging plan, written to the command post's room."""

import re
from datetime import datetime
from decimal import Decimal

from django.db import models

from directives.models import Directive
from floodresponse.models import Criterion, Measure, Plan, ReportDeadline
from floodresponse.services import (
    CriterionContent,
    DeadlineContent,
    DutyContent,
    GroupContent,
    MeasureContent,
    PlanContent,
    SeatContent,
    SirenContent,
    create_plan,
    fill_in_texts,
)
from foundation.wording import first_clause
from gazette.parser.records import Directive as ReadDirective
from gazette.parser.records import FloodPlan
from gazette.services.planning import ImportPlan, plain_title
from organizations.models import User
from organizations.services import NameDirectory

YEAR = re.compile(r"(20\d\d)\s*年")
SUMMARY_LENGTH = 60
COMMANDER_ROLES = ("总指挥", "指挥长")
# The plan says 1 or 2 minutes "according to level"; ours, to be confirmed: 1 at III, 2 at II and I.
SIREN_LEVELS = (1, 2, 3)


def write_flood_plans(
    *, plan: ImportPlan, actor: User | None, at: datetime, directory: NameDirectory
) -> dict[str, int]:
    """Create plans of years that have none; fill in the wording of the others."""
    outcome = {"created": 0, "texts": 0, "different": 0}
    for read in plan.gazette.flood_plans:
        document = next((d for d in plan.gazette.directives if d.title == read.directive), None)
        year = _year_of(read.directive, document)
        if document is None or year is None:
            continue
        stored = Plan.objects.filter(year=year).first()
        if stored is None:
            content = plan_content(read, document, year)
            directive = _stored_directive(read.directive)
            create_plan(actor=actor, at=at, content=content, directive=directive, directory=directory)
            outcome["created"] += 1
            continue
        outcome["different"] += len(differing_thresholds(stored, read))
        texts = _texts(stored, read) | _texts_by_clause(stored, document)
        outcome["texts"] += fill_in_texts(
            actor=actor, at=at, plan=stored, texts=texts, reason=f"导入公报：{read.directive}"
        )
    return outcome


def _year_of(title: str, document: ReadDirective | None) -> int | None:
    if found := YEAR.search(title):
        return int(found[1])
    return document.issued_on.year if document and document.issued_on else None


def _stored_directive(title: str) -> Directive | None:
    wanted = plain_title(title)
    return next((d for d in Directive.objects.all() if plain_title(d.title) == wanted), None)


def differing_thresholds(stored: Plan, read: FloodPlan) -> list[str]:
    """Thresholds that the gazette prints otherwise than the stored plan has them."""
    held = {(c.level, c.kind): c.lower for c in stored.criteria.all()}
    return [
        f"{c.level} {c.criterion}"
        for c in read.criteria
        if (c.level, c.criterion) in held and held[(c.level, c.criterion)] != Decimal(c.lower)
    ]


def _texts(stored: Plan, read: FloodPlan) -> dict[models.Model, str]:
    duties = {duty.unit: duty.text for duty in read.duties}
    groups = {group.name: group.duty for group in read.groups}
    texts: dict[models.Model, str] = {}
    texts |= {row: duties[row.printed_unit] for row in stored.duties.all() if row.printed_unit in duties}
    texts |= {row: groups[row.name] for row in stored.groups.all() if row.name in groups}
    for situation, measures in _measures(read).items():
        rows = stored.measures.filter(situation=situation).order_by("order")
        if len(rows) == len(measures):
            texts |= dict(zip(rows, measures, strict=True))
    return texts


def _texts_by_clause(stored: Plan, document: ReadDirective) -> dict[models.Model, str]:
    """Wording of the measures at each level and afterwards, from the paragraphs that they name."""
    printed = texts_by_clause(document)
    rows = stored.measures.filter(situation__in=[Measure.Situation.RESPONSE, Measure.Situation.AFTERMATH])
    found = ((row, printed.get(plain_clause(row.clause))) for row in rows)
    return {row: text for row, text in found if text}


def texts_by_clause(document: ReadDirective) -> dict[str, str]:
    """The text of each numbered paragraph of the body by its place, written 五（四）1."""
    texts: dict[str, str] = {}
    place: list[str] = []
    for section in document.sections:
        place[section.depth - 1 :] = [section.number]
        texts["".join(place)] = section.text or section.heading
    return texts


def plain_clause(clause: str) -> str:
    """A place in a document without punctuation: 五、（四）1. is 五（四）1."""
    return re.sub(r"[\s、.．]", "", clause)


def _measures(read: FloodPlan) -> dict[str, tuple[str, ...]]:
    return {
        Measure.Situation.LIGHT_RAIN: read.light_rain_measures,
        Measure.Situation.HEAVY_RAIN: read.heavy_rain_measures,
    }


def plan_content(read: FloodPlan, document: ReadDirective, year: int) -> PlanContent:
    """A new plan from what was read; our readings of its gaps are marked provisional."""
    return PlanContent(
        title=document.plan_title or document.title,
        year=year,
        office_phone=read.office_phone,
        criteria=tuple(
            CriterionContent(
                level=c.level,
                kind=c.criterion,
                lower=Decimal(c.lower),
                # 20 cm belongs to IV, or IV's clause would be empty; so III begins above it.
                lower_inclusive=not (c.criterion == Criterion.Kind.PONDING and c.level == 3),
                upper=Decimal(c.upper) if c.upper is not None else None,
                upper_inclusive=c.upper == c.lower,
            )
            for c in read.criteria
        ),
        sirens=tuple(
            SirenContent(level, read.siren_soundings, _siren_minutes(level, read.siren_minutes))
            for level in SIREN_LEVELS
            if read.siren_soundings and read.siren_minutes
        ),
        deadlines=_deadlines(read),
        seats=_seats(document),
        duties=tuple(
            DutyContent(duty.unit, (), first_clause(duty.text, SUMMARY_LENGTH), duty.text)
            for duty in read.duties
        ),
        groups=tuple(
            GroupContent(
                name=group.name,
                leader=group.leader,
                leader_post=group.leader_post,
                printed_members="、".join(group.members),
                summary=first_clause(group.duty, SUMMARY_LENGTH),
                text=group.duty,
            )
            for group in read.groups
        ),
        measures=tuple(
            MeasureContent(situation, first_clause(text, SUMMARY_LENGTH), None, text)
            for situation, texts in _measures(read).items()
            for text in texts
        ),
    )


def _siren_minutes(level: int, printed: tuple[int, ...]) -> int:
    return min(printed) if level == 3 else max(printed)


def _deadlines(read: FloodPlan) -> tuple[DeadlineContent, ...]:
    kind = ReportDeadline.Kind
    printed = (
        (kind.PHONE, read.phone_minutes, "灾害发生"),
        (kind.MEDIA, read.media_minutes, "灾害发生"),
        (kind.WRITTEN, read.written_minutes, "灾害发生"),
        (kind.FOLLOWUP, read.followup_minutes, "上一次书面报告"),
    )
    return tuple(
        DeadlineContent(kind=name, who="各成员单位、街道办事处", minutes=minutes, trigger=trigger)
        for name, minutes, trigger in printed
        if minutes is not None
    )


def _seats(document: ReadDirective) -> tuple[SeatContent, ...]:
    """The roster that has a commander is the command post."""
    for roster in document.rosters:
        if any(member.role in COMMANDER_ROLES for member in roster.members):
            return tuple(SeatContent(m.role, m.name, m.post) for m in roster.members)
    return ()
