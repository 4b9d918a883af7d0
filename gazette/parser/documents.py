"""A policy document from the lines that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gazette.parser.annexes import AnnexLines, ListedAnnex, mentioned_annexes
from gazette.parser.blocks import Block
from gazette.parser.chronicle import repeated_message
from gazette.parser.citations import cited_in
from gazette.parser.dates import first_year
from gazette.parser.departments import DepartmentNames
from gazette.parser.heads import Frame, take_apart
from gazette.parser.lines import Line
from gazette.parser.paragraphs import Paragraph, build_paragraphs
from gazette.parser.patterns import plain
from gazette.parser.records import Annex, Directive, ParseWarning, Roster, Task
from gazette.parser.rosters import is_roster_line
from gazette.parser.sections import Sections, read_sections
from gazette.parser.stages import stage_of
from gazette.parser.tasks import lists_tasks, read_tasks


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document, the tasks that it lists, and what is unclear in it."""

    directive: Directive
    tasks: tuple[Task, ...]
    warnings: tuple[ParseWarning, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The text of a body, a plan or an annex: as paragraphs, and as what they hold."""

    paragraphs: list[Paragraph]
    held: Sections


@dataclass(frozen=True, slots=True)
class PrintedAnnex:
    """An annex whose text is there."""

    lines: AnnexLines
    part: Part


def read_document(block: Block, *, year: int | None, names: DepartmentNames) -> ReadDocument:
    """Read a document; ``year`` is the issue's, for dates without one in a document that prints none."""
    frame = take_apart(block)
    own_year = frame.issued_on.year if frame.issued_on else first_year(frame.title) or year
    body = _part(frame.body, frame.title)
    plan = _part(frame.plan, frame.plan_title)
    annexes = [PrintedAnnex(a, _part(a.lines, a.title, annex=a.title)) for a in frame.annexes]
    directive = _directive(frame, block, body, plan, annexes, own_year)
    tasks, doubts = read_tasks(
        directive=directive.title,
        paragraphs=_task_paragraphs(body, plan, annexes),
        year=own_year,
        names=names,
    )
    parts = [body, plan, *(annex.part for annex in annexes)]
    warnings = [*frame.warnings, *doubts, *_repeats(parts), *_other_titles(frame)]
    return ReadDocument(directive, tasks, tuple(warnings))


def _part(lines: Sequence[Line], title: str, annex: str = "") -> Part:
    paragraphs = build_paragraphs(lines, is_roster_line)
    return Part(paragraphs, read_sections(paragraphs, title=title, annex=annex))


def _directive(
    frame: Frame, block: Block, body: Part, plan: Part, annexes: list[PrintedAnnex], year: int | None
) -> Directive:
    sections = (*body.held.sections, *plan.held.sections)
    own_titles = {plain(frame.title), plain(frame.plan_title), frame.attached}
    texts = [(p.line, p.text) for p in (*body.paragraphs, *plan.paragraphs)]
    return Directive(
        title=frame.title,
        number=frame.number,
        issuer=frame.issuer,
        issued_on=frame.issued_on,
        addressees=frame.addressees,
        is_public=True,
        release_note=frame.release_note,
        line=block.line,
        last_line=block.lines[-1].number if block.lines else block.line,
        preamble=tuple(body.held.opening),
        plan_title=frame.plan_title,
        plan_preamble=tuple(plan.held.opening),
        sections=sections,
        rosters=_rosters(body, plan, annexes),
        citations=cited_in(texts, own_titles=frozenset(own_titles), own_number=frame.number),
        annexes=_annexes(frame, annexes, texts),
        stages=tuple(stage for section in sections if (stage := stage_of(section, year))),
    )


def _rosters(body: Part, plan: Part, annexes: list[PrintedAnnex]) -> tuple[Roster, ...]:
    parts = [body, plan, *(annex.part for annex in annexes)]
    return tuple(roster for part in parts for roster in part.held.rosters)


def _task_paragraphs(body: Part, plan: Part, annexes: list[PrintedAnnex]) -> list[Paragraph]:
    """Where an annex lists the tasks, brackets in the body are not tasks again."""
    listing = [annex.part.paragraphs for annex in annexes if lists_tasks(annex.part.paragraphs)]
    if listing:
        return [paragraph for paragraphs in listing for paragraph in paragraphs]
    return [*body.paragraphs, *plan.paragraphs]


# -- annexes ------------------------------------------------------------------------------------


def _annexes(frame: Frame, annexes: list[PrintedAnnex], texts: list[tuple[int, str]]) -> tuple[Annex, ...]:
    """Those that are listed, in that order, then printed ones that no list names, then mentioned ones."""
    printed = list(annexes)
    rows: list[Annex] = []
    for listed in frame.listed:
        match = _printed_as(listed, printed, len(frame.listed))
        if match:
            printed.remove(match)
        rows.append(_printed(match, listed) if match else _named(listed))
    rows += [_printed(annex) for annex in printed]
    known = [row.title for row in rows]
    rows += [_named(mentioned) for mentioned in mentioned_annexes(texts, known)]
    return tuple(rows)


def _printed_as(listed: ListedAnnex, printed: list[PrintedAnnex], count: int) -> PrintedAnnex | None:
    same_title = [annex for annex in printed if plain(annex.lines.title) == plain(listed.title)]
    same_number = [annex for annex in printed if annex.lines.number == listed.number]
    found = same_title or (same_number if listed.number or count == 1 else [])
    return found[0] if found else None


def _printed(annex: PrintedAnnex, listed: ListedAnnex | None = None) -> Annex:
    lines, held = annex.lines, annex.part.held
    title = lines.title or (listed.title if listed else "")
    return Annex(lines.label, title, True, lines.line, tuple(held.opening), tuple(held.sections))


def _named(listed: ListedAnnex) -> Annex:
    return Annex(f"{listed.label}{listed.number or ''}", listed.title, False, listed.line)


# -- doubts -------------------------------------------------------------------------------------


def _repeats(parts: list[Part]) -> list[ParseWarning]:
    return [
        ParseWarning(line, "repeated_word", repeated_message(char))
        for part in parts
        for paragraph in part.paragraphs
        for line, char in paragraph.repeats
    ]


def _other_titles(frame: Frame) -> list[ParseWarning]:
    """Annexes that are listed under one title and printed under another."""
    doubts = []
    for annex in frame.annexes:
        for listed in frame.listed:
            same = listed.number == annex.number and (listed.number or len(frame.listed) == 1)
            if same and annex.title and plain(annex.title) != plain(listed.title):
                message = f"附件目录中作“{listed.title}”，正文中作“{annex.title}”，请核对。"
                doubts.append(ParseWarning(annex.line, "annex_title", message))
    return doubts
