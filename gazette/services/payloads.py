"""A record as plain JSON: from a parsed gazette, and from the database, in the same shape.

Equal payloads mean that the gazette and the portal say the same. The field
names are those of the rooms' content classes.
"""

from collections.abc import Mapping
from typing import Any

from directives.contents import printed_content_of
from directives.models import Directive
from events.contents import content_of, only
from events.models import Event
from gazette.parser import records
from taskboard.models import Task

Payload = dict[str, Any]
NAMES = frozenset({"officials", "departments"})
# What a gazette prints of an entry; title, source and topics are the portal's own.
PRINTED = ("start_date", "end_date", "position", "text", "officials", "departments", "citations")


def event_in_gazette(entry: records.ChronicleEntry, citations: tuple[str, ...]) -> Payload:
    """What a gazette says of an entry."""
    return {
        "start_date": entry.start_date.isoformat(),
        "end_date": entry.end_date.isoformat(),
        "position": entry.position,
        "text": entry.text,
        "officials": [[p.name, p.post, p.printed_name] for p in unique_people(entry.people)],
        "departments": sorted(set(entry.departments)),
        "citations": list(citations),
    }


def unique_people(people: tuple[records.PersonMention, ...]) -> list[records.PersonMention]:
    """Each person once, the first mention counts.

    Under one name, posts of which one holds the other (市委书记, 书记) are one
    person's; a mention without a post says nothing new.
    """
    kept: list[records.PersonMention] = []
    for person in people:
        known = [place for place, other in enumerate(kept) if _may_be_one(other, person)]
        if not known:
            kept.append(person)
        elif len(person.post) > len(kept[known[0]].post) and not kept[known[0]].post:
            kept[known[0]] = person
    return kept


def _may_be_one(one: records.PersonMention, other: records.PersonMention) -> bool:
    return one.name == other.name and (one.post in other.post or other.post in one.post)


def event_in_portal(event: Event) -> Payload:
    """What the portal says of an entry; wants ``with_mentions()``."""
    return only(content_of(event), *PRINTED)


def directive_in_gazette(directive: records.Directive) -> Payload:
    """What a gazette says of a document; sections of annexes follow those of the body."""
    annex_places = {annex.title: n for n, annex in enumerate(directive.annexes, start=1)}
    sections = [(0, section) for section in directive.sections]
    sections += [(n, s) for n, annex in enumerate(directive.annexes, start=1) for s in annex.sections]
    lines = [section.line for _, section in sections]
    return {
        "title": directive.title,
        "number": directive.number,
        "issuer": directive.issuer,
        "issued_on": directive.issued_on.isoformat() if directive.issued_on else None,
        "addressees": list(directive.addressees),
        "is_public": directive.is_public,
        "release_note": directive.release_note,
        "preamble": "\n".join(directive.preamble),
        "plan_title": directive.plan_title,
        "plan_preamble": "\n".join(directive.plan_preamble),
        "annexes": [[a.label, a.title, a.printed, "\n".join(a.paragraphs)] for a in directive.annexes],
        "sections": [[s.depth, s.number, s.heading, s.text, annex] for annex, s in sections],
        "rosters": [
            [
                roster.name,
                annex_places.get(roster.annex, 0),
                _section_at(lines, roster.line),
                [[m.role, m.name, m.post, m.concurrent] for m in roster.members],
            ]
            for roster in directive.rosters
        ],
        "stages": [
            [s.name, _iso(s.starts_on), _iso(s.ends_on), _section_at(lines, s.line)] for s in directive.stages
        ],
        "citations": [[c.title, c.number] for c in directive.citations],
    }


def identity_of(directive: Directive | records.Directive) -> Payload:
    """By what a document is known, as the payload has it."""
    return {
        "title": directive.title,
        "number": directive.number,
        "issuer": directive.issuer,
        "issued_on": _iso(directive.issued_on),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _section_at(lines: list[int], line: int) -> int:
    """The place (from 1) of the section that a line stands in, 0 before the first."""
    return sum(1 for start in lines if start <= line)


def directive_in_portal(directive: Directive) -> Payload:
    """What the portal says of a document; wants ``with_parts()``."""
    return printed_content_of(directive)


def task_in_gazette(task: records.Task, order: int) -> Payload:
    """What a gazette says of a task; ``order`` is its place in the list."""
    return {
        "order": order,
        "part": task.part,
        "subsection": task.subsection,
        "number": task.number,
        "text": task.text,
        "lead": _named(task.lead, task.printed_lead),
        "support": _named(task.support, task.printed_support),
        "due_on": _iso(task.due_on),
        "due_text": task.due_text,
        "milestones": [[m.kind, m.on.isoformat(), m.printed] for m in task.milestones],
    }


def _named(names: tuple[str, ...], printed: tuple[str, ...]) -> list[list[str]]:
    """Canonical with printed names; where counts differ the canonical name stands for both."""
    forms = printed if len(printed) == len(names) else names
    pairs = dict(zip(names, forms, strict=True))
    return [[name, form] for name, form in pairs.items()]


def task_in_portal(task: Task) -> Payload:
    """What the portal says of a task; wants ``with_departments()`` and milestones."""
    return {
        "order": task.order,
        "part": task.part,
        "subsection": task.subsection,
        "number": task.number,
        "text": task.text,
        "lead": [[d.department.name, d.printed_name] for d in task.leads],
        "support": [[d.department.name, d.printed_name] for d in task.supporters],
        "due_on": _iso(task.due_on),
        "due_text": task.due_text,
        "milestones": [[m.kind, m.on.isoformat(), m.printed] for m in task.milestones.all()],
    }


def compare(
    portal: Mapping[str, Any], gazette: Mapping[str, Any], base: Mapping[str, Any] | None
) -> tuple[list[str], list[str]]:
    """Fields to take from the gazette, and fields in conflict.

    ``base`` is what a gazette last said. A field that a person changed since,
    and that the gazette now gives differently, is a conflict; a field that only
    the person changed stays. Into a record of which no gazette has told them yet,
    people and departments come only when a person says so.
    """
    changed, conflicts = [], []
    for name, said in gazette.items():
        held = portal[name]
        if held == said:
            continue
        if base is not None and name in base:
            untouched = held == base[name]
        else:
            untouched = held in ("", None, []) and name not in NAMES
        if untouched:
            changed.append(name)
        elif base is None or said != base.get(name):
            conflicts.append(name)
    return changed, conflicts
