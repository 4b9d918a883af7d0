"""A plan as given to the services, before it is rows. Levels are 1 (most severe) to 4."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CriterionContent:
    """A threshold: mm of rain or cm of ponding."""

    level: int
    kind: str
    lower: Decimal
    lower_inclusive: bool = True
    upper: Decimal | None = None
    upper_inclusive: bool = False
    clause: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SignContent:
    """A sign on the ground."""

    code: str
    label: str
    level: int
    clause: str = ""


@dataclass(frozen=True, slots=True)
class SirenContent:
    """Soundings at a level."""

    level: int
    soundings: int
    minutes: int
    clause: str = ""
    provisional: bool = True


@dataclass(frozen=True, slots=True)
class DeadlineContent:
    """When a kind of report is due."""

    kind: str
    who: str
    minutes: int | None = None
    daily_at: time | None = None
    trigger: str = ""
    clause: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SeatContent:
    """A seat in the command post; ``unit`` is a department's name or empty."""

    role: str
    name: str
    post: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class DutyContent:
    """A line of the units' duties."""

    printed_unit: str
    units: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class GroupContent:
    """A special working group."""

    name: str
    leader: str = ""
    leader_post: str = ""
    printed_members: str = ""
    units: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class MeasureContent:
    """What is done in a situation."""

    situation: str
    summary: str
    from_level: int | None = None
    text: str = ""
    units: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True, slots=True)
class PlanContent:
    """All of a plan."""

    title: str
    year: int
    office_phone: str = ""
    office_name: str = ""
    criteria: tuple[CriterionContent, ...] = ()
    signs: tuple[SignContent, ...] = ()
    sirens: tuple[SirenContent, ...] = ()
    deadlines: tuple[DeadlineContent, ...] = ()
    seats: tuple[SeatContent, ...] = ()
    duties: tuple[DutyContent, ...] = ()
    groups: tuple[GroupContent, ...] = ()
    measures: tuple[MeasureContent, ...] = ()
