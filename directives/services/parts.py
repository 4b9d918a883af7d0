"""Sections, annexes, rosters and stages as rows.

A part that a call does not give is read back from its rows first, because
deleting sections or annexes takes what points at them along.
"""

from collections.abc import Mapping
from typing import Any

from directives.anchors import Kept, kept_anchors, places_of
from directives.models import Annex, Directive, Roster, RosterMember, Section, Stage
from directives.services.content import (
    AnnexContent,
    MemberContent,
    RosterContent,
    SectionContent,
    StageContent,
)
from organizations.services import NameDirectory

PARTS = ("annexes", "sections", "rosters", "stages")


def write_parts(directive: Directive, given: Mapping[str, Any], directory: NameDirectory) -> None:
    """Replace the parts of a document by what is given, keeping the others."""
    parts = {**read_parts(directive), **given}
    anchors = _anchors(directive, parts["sections"])
    for manager in (directive.stages, directive.rosters, directive.sections, directive.annexes):
        manager.all().delete()
    annexes = _write_annexes(directive, parts["annexes"])
    sections = _write_sections(directive, parts["sections"], annexes, anchors)
    _write_rosters(directive, parts["rosters"], annexes, sections, directory)
    _write_stages(directive, parts["stages"], sections)


def read_parts(directive: Directive) -> dict[str, tuple[Any, ...]]:
    """The parts of a document in the form in which they are given."""
    return {
        "annexes": tuple(
            AnnexContent(a.label, a.title, a.printed, a.text) for a in directive.annexes.order_by("order")
        ),
        "sections": tuple(
            SectionContent(s.depth, s.number, s.heading, s.text, s.annex.order if s.annex else 0)
            for s in directive.sections.select_related("annex").order_by("order")
        ),
        "rosters": tuple(_read_roster(r) for r in directive.rosters.order_by("order")),
        "stages": tuple(
            StageContent(s.name, s.starts_on, s.ends_on, s.section.order if s.section else 0)
            for s in directive.stages.select_related("section").order_by("order")
        ),
    }


def _read_roster(roster: Roster) -> RosterContent:
    members = tuple(
        MemberContent(m.role, m.printed_name, m.post, m.concurrent) for m in roster.members.order_by("order")
    )
    return RosterContent(
        roster.name,
        members,
        roster.annex.order if roster.annex else 0,
        roster.section.order if roster.section else 0,
    )


def _write_annexes(directive: Directive, annexes: tuple[AnnexContent, ...]) -> dict[int, Annex]:
    rows = [
        Annex(directive=directive, order=n, label=a.label, title=a.title, printed=a.printed, text=a.text)
        for n, a in enumerate(annexes, start=1)
    ]
    return {row.order: row for row in Annex.objects.bulk_create(rows)}


def _write_sections(
    directive: Directive,
    sections: tuple[SectionContent, ...],
    annexes: dict[int, Annex],
    anchors: list[str],
) -> list[Section]:
    rows = [
        Section(
            directive=directive,
            annex=annexes.get(section.annex),
            order=order,
            depth=section.depth,
            number=section.number,
            heading=section.heading,
            text=section.text,
            anchor=anchors[order - 1],
        )
        for order, section in enumerate(sections, start=1)
    ]
    return Section.objects.bulk_create(rows)


def _anchors(directive: Directive, sections: tuple[SectionContent, ...]) -> list[str]:
    """The anchors of the new sections; of a document that was ever public no old address is lost."""
    known = directive.sections.select_related("annex").order_by("order")
    before = [
        Kept(s.annex.order if s.annex else 0, s.depth, s.number, s.heading, s.text, s.anchor) for s in known
    ]
    if not before or not directive.history.filter(publication=Directive.Publication.PUBLISHED).exists():
        return places_of(sections)
    anchors, moved = kept_anchors(before, sections, directive.moved_anchors)
    if moved != directive.moved_anchors:
        directive.moved_anchors = moved
        Directive.objects.filter(pk=directive.pk).update(moved_anchors=moved)
    return anchors


def _write_rosters(
    directive: Directive,
    rosters: tuple[RosterContent, ...],
    annexes: dict[int, Annex],
    sections: list[Section],
    directory: NameDirectory,
) -> None:
    for order, roster in enumerate(rosters, start=1):
        row = Roster.objects.create(
            directive=directive,
            order=order,
            name=roster.name,
            annex=annexes.get(roster.annex),
            section=_nth(sections, roster.section),
        )
        people = directory.people_of_roster((m.name, m.post) for m in roster.members)
        RosterMember.objects.bulk_create(
            RosterMember(
                roster=row,
                order=place,
                role=member.role,
                printed_name=member.name,
                post=member.post,
                concurrent=member.concurrent,
                person=person,
            )
            for place, (member, person) in enumerate(zip(roster.members, people, strict=True), start=1)
        )


def _write_stages(directive: Directive, stages: tuple[StageContent, ...], sections: list[Section]) -> None:
    Stage.objects.bulk_create(
        Stage(
            directive=directive,
            order=order,
            name=stage.name,
            starts_on=stage.starts_on,
            ends_on=stage.ends_on,
            section=_nth(sections, stage.section),
        )
        for order, stage in enumerate(stages, start=1)
    )


def _nth(sections: list[Section], place: int) -> Section | None:
    """The section at a place counted from 1; none for 0 or a place that does not exist."""
    return sections[place - 1] if 0 < place <= len(sections) else None
