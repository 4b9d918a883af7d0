"""Tasks: paragraphs that end in a bracket of responsible departments.

A paragraph that a page broke in two carries its bracket at the end of the
second half; the first half waits for it. A numbered paragraph among tasks that
has no bracket at all is reported, never guessed at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gazette.parser.departments import DepartmentNames
from gazette.parser.duedates import PrintedDate, dates_in
from gazette.parser.paragraphs import Paragraph, glue
from gazette.parser.patterns import Numbering, numbering
from gazette.parser.records import Milestone, ParseWarning, Task
from gazette.parser.responsibilities import (
    Responsibilities,
    names_departments,
    read_leaders_line,
    split_brackets,
)

PART, SUBSECTION, ITEM = 1, 2, 3
HEADING_LENGTH = 60
# What a record has room for; longer wording in the place of a date is no date.
DUE_LENGTH = 60
SHOWN = 20
SENTENCE_END = re.compile("[。！？；;]")


def lists_tasks(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether any of the paragraphs lays something on departments in a bracket."""
    return any(names_departments(paragraph.text) for paragraph in paragraphs)


def read_tasks(
    *, directive: str, paragraphs: Sequence[Paragraph], year: int | None, names: DepartmentNames
) -> tuple[tuple[Task, ...], tuple[ParseWarning, ...]]:
    """The tasks of a document or of its list, in order, and what is unclear about them.

    ``year`` is that of the document: dates without a year take it.
    """
    reader = TaskReader(directive, year, names)
    for paragraph in paragraphs:
        reader.take(paragraph)
    reader.close()
    return tuple(reader.tasks), tuple(reader.warnings)


@dataclass(slots=True)
class Opened:
    """A paragraph whose bracket has not come yet; depth 0 has no number."""

    depth: int
    number: str
    text: str
    line: int


@dataclass(slots=True)
class TaskReader:
    """Where the reading stands: the headings above, the paragraph that waits for its bracket."""

    directive: str
    year: int | None
    names: DepartmentNames
    tasks: list[Task] = field(default_factory=list)
    warnings: list[ParseWarning] = field(default_factory=list)
    part: str = ""
    subsection: str = ""
    waiting: Opened | None = None
    bare: list[tuple[str, str, Opened]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def take(self, paragraph: Paragraph) -> None:
        """Read on by one paragraph."""
        if read_leaders_line(paragraph.text, self.names):
            self.waiting = None
            return
        text, said = split_brackets(paragraph.text, self.names)
        numbered = numbering(text)
        opened = (
            Opened(numbered.depth, numbered.number, numbered.rest, paragraph.line)
            if numbered
            else Opened(0, "", text, paragraph.line)
        )
        if numbered and numbered.depth <= SUBSECTION:
            self._go_under(numbered, is_task=lays_on_departments(said))
        if said and lays_on_departments(said):
            self._take_task(self._whole(opened), said, paragraph)
        elif opened.depth == 0 and self.waiting and self.waiting.depth:
            self.waiting = self._whole(opened)
        else:
            self._wait_for_bracket(opened)

    def close(self) -> None:
        """Report numbered paragraphs without a bracket that stand among tasks."""
        self._wait_for_bracket(None)
        places = {(task.part, task.subsection) for task in self.tasks}
        for part, subsection, opened in self.bare:
            if (part, subsection) in places:
                said = f"第 {opened.number} 项没有写明责任部门，未列为任务：{opened.text[:SHOWN]}"
                self.warnings.append(ParseWarning(opened.line, "task_without_department", said))
        self.warnings.sort(key=lambda warning: warning.line)

    def _go_under(self, numbered: Numbering, *, is_task: bool) -> None:
        """Under a new heading; a task of that depth stands beside headings, not under one."""
        self._wait_for_bracket(None)
        heading = "" if is_task else heading_of(numbered)
        if numbered.depth == PART:
            self.part, self.subsection = heading, ""
        else:
            self.subsection = heading

    def _wait_for_bracket(self, opened: Opened | None) -> None:
        """Let the paragraph wait; the one before it gets no bracket any more."""
        before, self.waiting = self.waiting, opened
        if before and before.depth >= ITEM and (opened is None or opened.depth <= before.depth):
            self.bare.append((self.part, self.subsection, before))

    def _whole(self, opened: Opened) -> Opened:
        """The paragraph with its first half, if it is a second one or nothing but a bracket."""
        first = self.waiting
        if opened.depth or first is None or (first.depth == 0 and opened.text):
            return opened
        if first.depth in (PART, SUBSECTION):
            return opened
        return Opened(first.depth, first.number, glue(first.text, opened.text), first.line)

    def _take_task(self, opened: Opened, said: Responsibilities, paragraph: Paragraph) -> None:
        first, self.waiting = self.waiting, None
        if first and first.depth >= ITEM and first.line != opened.line and first.depth >= opened.depth:
            self.bare.append((self.part, self.subsection, first))
        if not opened.text:
            words = f"责任部门前没有任务内容：{paragraph.text}"
            self.warnings.append(ParseWarning(opened.line, "task_without_text", words))
            return
        schedule = schedule_of(opened.text, said.due_text, self.year)
        self._warn(opened, said, schedule)
        self.tasks.append(
            Task(
                directive=self.directive,
                part=self.part,
                subsection=self.subsection,
                number=opened.number,
                text=opened.text,
                lead=tuple(map(self.names.canonical, said.leads)),
                support=tuple(map(self.names.canonical, said.supporters)),
                due_on=schedule.due_on,
                due_text=schedule.due_text,
                line=opened.line,
                printed_lead=said.leads,
                printed_support=said.supporters,
                milestones=schedule.milestones,
            )
        )

    def _warn(self, opened: Opened, said: Responsibilities, schedule: "Schedule") -> None:
        found = [(code, words) for code, words in schedule.doubts]
        for printed in (*said.leads, *said.supporters):
            if not self.names.knows(printed) and printed not in self.unknown:
                self.unknown.add(printed)
                found.append(("department_unknown", f"不认识部门“{printed}”，按原文保留。"))
        for words in (*said.leaders, *said.unplaced):
            found.append(("responsibility_unplaced", f"括号里的“{words}”不是部门，未列入任务。"))
        self.warnings.extend(ParseWarning(opened.line, code, words) for code, words in found)


def lays_on_departments(said: Responsibilities | None) -> bool:
    """Whether a bracket names departments and not only a date or a person."""
    return said is not None and bool(said.leads or said.supporters)


def heading_of(numbered: Numbering) -> str:
    """A numbered heading as printed, with full-width brackets; of a long paragraph its first sentence."""
    sentence = SENTENCE_END.split(numbered.rest, maxsplit=1)[0].rstrip("：:")[:HEADING_LENGTH]
    return f"{numbered.number}、{sentence}" if numbered.depth == PART else f"{numbered.number}{sentence}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of a task; ``doubts`` are codes and sentences of what could not be settled."""

    due_on: date | None
    due_text: str
    milestones: tuple[Milestone, ...]
    doubts: tuple[tuple[str, str], ...]


def schedule_of(text: str, due_text: str, year: int | None) -> Schedule:
    """Dates of a text and of the words in its bracket, which come last."""
    printed = [*dates_in(text, year), *dates_in(due_text, year)]
    dated = [(found, found.on) for found in printed if found.on is not None]
    doubts = [_doubt(found, year) for found in printed if found.on is None]
    due_on, own_words = (dated[-1][1], dated[-1][0].printed) if dated else (None, "")
    if due_text and not any(found.on for found in dates_in(due_text, year)):
        due_on = None
        doubts.append(("due_unclear", f"完成时限“{due_text}”读不出日期。"))
    if len(due_text) > DUE_LENGTH:
        due_text = ""
    milestones = tuple(
        Milestone("start" if found.begins else "milestone", on, found.printed)
        for found, on in dated
        if found.begins or on != due_on
    )
    return Schedule(due_on, due_text or own_words if due_on or due_text else "", milestones, tuple(doubts))


def _doubt(found: PrintedDate, year: int | None) -> tuple[str, str]:
    if year is None:
        return "due_without_year", f"“{found.printed}”没有年份，文件也没有注明年份。"
    return "date_impossible", f"没有“{found.printed}”这一天。"
