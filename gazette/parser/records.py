"""What a gazette says, as plain values.

Everything here is immutable and knows nothing of the database, the clock or
the settings, so that a parse can be compared, serialised and tested alone.
Line numbers count from 1 in the decoded file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """A place where the file says something that needs a person's eye."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person as printed: ``name`` is canonical, the printed form is kept."""

    name: str
    printed_name: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class ChronicleEntry:
    """One entry of the chronicle; ``end_date`` equals ``start_date`` for a single day."""

    start_date: date
    end_date: date
    position: int
    text: str
    line: int
    last_line: int
    people: tuple[PersonMention, ...] = ()
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered heading or paragraph: depth 1 一、 2 （一） 3 1. 4 （1）."""

    depth: int
    number: str
    heading: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class RosterMember:
    """A line of a roster; ``concurrent`` marks 兼."""

    role: str
    name: str
    post: str
    line: int
    concurrent: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """A printed list of people of one body."""

    name: str
    members: tuple[RosterMember, ...]
    line: int
    annex: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A 《title》 or 〔year〕 number that the document refers to."""

    title: str
    number: str
    line: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A dated phase of a plan; either end may be open."""

    name: str
    starts_on: date | None
    ends_on: date | None
    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex; ``printed`` is False when it is named but its text is absent."""

    label: str
    title: str
    printed: bool
    line: int
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Directive:
    """A policy document.

    ``preamble`` is what stands before the attached plan (or before the first
    numbered section), ``plan_title`` the title of the attached plan and
    ``plan_preamble`` its unnumbered opening; all in paragraphs.
    """

    title: str
    number: str
    issuer: str
    issued_on: date | None
    addressees: tuple[str, ...]
    is_public: bool
    release_note: str
    line: int
    last_line: int
    preamble: tuple[str, ...] = ()
    plan_title: str = ""
    plan_preamble: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    rosters: tuple[Roster, ...] = ()
    citations: tuple[Citation, ...] = ()
    annexes: tuple[Annex, ...] = ()
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date inside a task's text that is not its due date; ``kind`` is milestone or start."""

    kind: str
    on: date
    printed: str


@dataclass(frozen=True, slots=True)
class Task:
    """An item with responsible departments; ``lead`` and ``support`` are canonical names."""

    directive: str
    part: str
    subsection: str
    number: str
    text: str
    lead: tuple[str, ...]
    support: tuple[str, ...]
    due_on: date | None
    due_text: str
    line: int
    printed_lead: tuple[str, ...] = ()
    printed_support: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelCriterion:
    """One row of the plan's matrix.

    ``level`` 1-4; ``criterion`` rain_3h, rain_6h (mm) or ponding (cm);
    bounds are the printed numbers, ``upper`` None when open.
    """

    level: int
    criterion: str
    lower: int
    upper: int | None
    line: int


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """What one line of the plan lays on one or several units."""

    unit: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class SpecialGroup:
    """A special working group (专项工作组)."""

    number: str
    name: str
    leader: str
    leader_post: str
    members: tuple[str, ...]
    duty: str
    line: int


@dataclass(frozen=True, slots=True)
class FloodPlan:
    """The machine-readable part of a waterlogging plan."""

    directive: str
    criteria: tuple[LevelCriterion, ...] = ()
    siren_soundings: int | None = None
    siren_minutes: tuple[int, ...] = ()
    phone_minutes: int | None = None
    media_minutes: int | None = None
    written_minutes: int | None = None
    followup_minutes: int | None = None
    office_phone: str = ""
    duties: tuple[UnitDuty, ...] = ()
    groups: tuple[SpecialGroup, ...] = ()
    light_rain_measures: tuple[str, ...] = ()
    heavy_rain_measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Furniture:
    """A line that belongs to the page and not to the text (running head, page number)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that divides the issue and belongs to no record (a month of the chronicle)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Gazette:
    """All that one file says, and all that was unclear in it."""

    title: str
    events: tuple[ChronicleEntry, ...] = ()
    directives: tuple[Directive, ...] = ()
    tasks: tuple[Task, ...] = ()
    flood_plans: tuple[FloodPlan, ...] = ()
    warnings: tuple[ParseWarning, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names the reader already knows.

    ``departments`` maps every known name and alias to the canonical name;
    ``people`` maps every known and misprinted name to the canonical one.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
