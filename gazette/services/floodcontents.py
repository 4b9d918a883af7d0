"""A waterlogging plan that was read, as the command post's room takes it. Pure."""

from decimal import Decimal

from floodresponse.models import Criterion, Measure, ReportDeadline
from floodresponse.services import (
    CriterionContent,
    DeadlineContent,
    DutyContent,
    GroupContent,
    MeasureContent,
    PlanContent,
    SeatContent,
    SirenContent,
)
from foundation.wording import first_clause
from gazette.parser.records import Directive as ReadDirective
from gazette.parser.records import FloodPlan

SUMMARY_LENGTH = 60
COMMANDER_ROLES = ("总指挥", "指挥长")
# The plan says 1 or 2 minutes "according to level"; ours, to be confirmed: 1 at III, 2 at II and I.
SIREN_LEVELS = (1, 2, 3)


def measures_of(read: FloodPlan) -> dict[str, tuple[str, ...]]:
    """The measures that were read, by the situation they are for."""
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
            for situation, texts in measures_of(read).items()
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
