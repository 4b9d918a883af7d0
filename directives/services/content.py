"""A document as given to the services, before it is rows."""

from dataclasses import dataclass
from datetime import date

from directives.models import Directive


@dataclass(frozen=True, slots=True)
class SectionContent:
    """A numbered heading or paragraph; ``annex`` is the annex's place (from 1), 0 for the body."""

    depth: int
    number: str
    heading: str = ""
    text: str = ""
    annex: int = 0


@dataclass(frozen=True, slots=True)
class MemberContent:
    """A line of a roster."""

    role: str
    name: str
    post: str = ""
    concurrent: bool = False


@dataclass(frozen=True, slots=True)
class RosterContent:
    """A roster; ``annex`` and ``section`` are places from 1 among annexes and sections, 0 for none."""

    name: str
    members: tuple[MemberContent, ...]
    annex: int = 0
    section: int = 0


@dataclass(frozen=True, slots=True)
class AnnexContent:
    """An annex; not ``printed`` means 原文未附."""

    label: str
    title: str
    printed: bool = True
    text: str = ""


@dataclass(frozen=True, slots=True)
class StageContent:
    """A phase with its dates; ``section`` is the place from 1 among the sections, 0 for none."""

    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    section: int = 0


@dataclass(frozen=True, slots=True)
class CitationContent:
    """A cited document."""

    title: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class DirectiveContent:
    """All of a document."""

    title: str
    issuer: str
    number: str = ""
    issued_on: date | None = None
    kind: str = Directive.Kind.OTHER
    addressees: tuple[str, ...] = ()
    copy_number: str = ""
    urgency: str = ""
    copies_to: tuple[str, ...] = ()
    signatory: str = ""
    printed_by: str = ""
    printed_on: date | None = None
    is_public: bool = True
    release_note: str = ""
    preamble: str = ""
    plan_title: str = ""
    plan_preamble: str = ""
    summary: str = ""
    source: str = ""
    topics: tuple[str, ...] = ()
    sections: tuple[SectionContent, ...] = ()
    annexes: tuple[AnnexContent, ...] = ()
    rosters: tuple[RosterContent, ...] = ()
    stages: tuple[StageContent, ...] = ()
    citations: tuple[CitationContent, ...] = ()
