"""The annex or the sections of a document as planned tasks. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from foundation.wording import first_clause
from taskboard.listmaking.duewords import PrintedDate, dates_in
from taskboard.listmaking.plan import LONGEST_TITLE, PlannedDate, PlannedTask
from taskboard.models import Milestone
from taskboard.tasksheets.columns import DIVIDER, FIELDS

LEAD_WORDS, SUPPORT_WORDS = "牵头责任主办承办主责", "配合协办协助参与"
# The bracket that ends a task: who leads it, who supports.
RESPONSIBLE = re.compile(
    rf"[（(](?P<said>(?:[{LEAD_WORDS}{SUPPORT_WORDS}]{{2}}(?:部门|单位)?)[:：][^（）()]*)[）)]\s*[。；;]?\s*$"
)
LABEL = re.compile(rf"(?P<label>[{LEAD_WORDS}{SUPPORT_WORDS}]{{2}})(?:部门|单位)?[:：]")
NAMES = re.compile(r"[、，,\s]+")
ENDS = "。；;：:，,！？"
LONGEST_HEADING = 120


class SectionLike(Protocol):
    """A numbered heading or paragraph of a document."""

    depth: int
    number: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """A text without its bracket, and the departments that the bracket names."""

    text: str
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """Whether a bracket named anybody."""
        return bool(self.lead or self.support)


def tasks_of(sections: Sequence[SectionLike], year: int, own_name: Callable[[str], str]) -> list[PlannedTask]:
    """Sections that say who does them, or all that have nothing below them where none says so.

    ``own_name`` gives a department's own name for a printed one, or the printed
    one back; ``year`` holds for dates without a year.
    """
    found: list[tuple[PlannedTask, bool]] = []
    above: dict[int, str] = {}
    for at, section in enumerate(sections):
        above = {depth: words for depth, words in above.items() if depth < section.depth}
        said = responsible_in(section.text or section.heading)
        below = at + 1 < len(sections) and sections[at + 1].depth > section.depth
        if said.named or (not below and section.text):
            found.append((_task(section, said, above, year, own_name), said.named))
        above[section.depth] = f"{section.number}{_dot(section)}{section.heading}"[:LONGEST_HEADING]
    some = any(named for _, named in found)
    return [PlannedTask(row.values, named or not some, row.milestones) for row, named in found]


def _dot(section: SectionLike) -> str:
    return "、" if section.number and section.depth == 1 else ""


def responsible_in(text: str) -> Responsible:
    """Take the bracket with the responsible departments off the end of a text."""
    match = RESPONSIBLE.search(text)
    if match is None:
        return Responsible(text.strip())
    roles: dict[bool, list[str]] = {True: [], False: []}
    labels = list(LABEL.finditer(match["said"]))
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        until = following.start() if following else len(match["said"])
        names = NAMES.split(match["said"][label.end() : until].strip(ENDS + " "))
        roles[label["label"][0] in LEAD_WORDS] += [name for name in names if name]
    return Responsible(text[: match.start()].strip(), tuple(roles[True]), tuple(roles[False]))


def _task(
    section: SectionLike,
    said: Responsible,
    above: dict[int, str],
    year: int,
    own_name: Callable[[str], str],
) -> PlannedTask:
    text = _whole(section.heading, said.text) if section.text else said.text
    dates = dates_in(text, year)
    lead = _named(said.lead, own_name, ())
    values = {
        **dict.fromkeys(FIELDS, ""),
        "part": above.get(1, ""),
        "subsection": above.get(2, ""),
        "number": section.number,
        "title": (section.heading.strip(ENDS) or first_clause(text))[:LONGEST_TITLE],
        "text": text,
        "lead": DIVIDER.join(lead),
        "support": DIVIDER.join(_named(said.support, own_name, lead)),
        "due_on": dates.due.on.isoformat() if dates.due else "",
        "due_text": dates.due.printed[:80] if dates.due else "",
    }
    return PlannedTask(values, milestones=tuple(_milestone(other) for other in dates.others))


def _whole(heading: str, text: str) -> str:
    if not heading:
        return text
    return f"{heading}{'' if heading[-1] in ENDS else '。'}{text}"


def _named(printed: Iterable[str], own_name: Callable[[str], str], but: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(own_name(name) for name in printed) if name not in but]


def _milestone(printed: PrintedDate) -> PlannedDate:
    kind = Milestone.Kind.START if printed.starts else Milestone.Kind.MILESTONE
    return PlannedDate(kind.value, printed.on.isoformat(), printed.printed[:80])
