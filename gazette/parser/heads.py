"""The frame of a document: number, addressees, date, note, attached plan, annexes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gazette.parser.annexes import (
    AnnexLines,
    ListedAnnex,
    begins_annex,
    list_items,
    listed_annexes,
    take_title,
)
from gazette.parser.blocks import Block
from gazette.parser.dates import whole_date
from gazette.parser.lines import Line
from gazette.parser.patterns import (
    LEADS_TO_A_DATE,
    MARK_LENGTH,
    PLAN_ENDING,
    SPACES,
    annex_line,
    document_number,
    ends_sentence,
    is_issuer,
    issuer_of,
    numbering,
    plain,
    release_note,
    signed_date,
)
from gazette.parser.records import ParseWarning

# The number stands within so many lines under the title; addressees fill so many at most.
NUMBER_LINES, ADDRESSEE_LINES, ADDRESSEE_LENGTH = 3, 8, 400
COLONS = "：:"
COMMAS = re.compile(r"[，,]")
IN_ADDRESSEES = re.compile(r"[。；！？;!?《》]")
BODY_OPENING = re.compile(
    r"^(?:为|根据|按照|依据|经|现|近|鉴于|遵照|关于)|(?:如下|通知|决定|通告|公告|以下)[：:]$"
)
ATTACHED = re.compile(r"《(.+)》|(?:印发|转发|批转|公布)([^《》]{4,})的(?:通知|决定|公告)$")
PLAN_TITLE_LENGTH = 60
SIGNATURE_LENGTH = 20
IN_A_SENTENCE = re.compile(r"[，。；：！？,;:!?]")


@dataclass(slots=True)
class Frame:
    """A document taken apart; the plan and the annexes are still lines."""

    title: str
    issuer: str
    # The title that the document's own title quotes, made plain.
    attached: str = ""
    number: str = ""
    addressees: tuple[str, ...] = ()
    issued_on: date | None = None
    release_note: str = ""
    plan_title: str = ""
    body: list[Line] = field(default_factory=list)
    plan: list[Line] = field(default_factory=list)
    listed: list[ListedAnnex] = field(default_factory=list)
    annexes: list[AnnexLines] = field(default_factory=list)
    warnings: list[ParseWarning] = field(default_factory=list)


def take_apart(block: Block) -> Frame:
    """The parts of a document."""
    title = closed_up(block.title)
    attached = ATTACHED.search(title)
    frame = Frame(title, issuer_of(title), plain(attached[1] or attached[2]) if attached else "")
    return _Frames(frame, block.lines).read()


def closed_up(title: str) -> str:
    """A title without the spaces that the page put into it; those between Latin words stay."""
    return re.sub(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])", "", title)


class _Frames:
    """Goes through a document's lines once."""

    def __init__(self, frame: Frame, lines: Sequence[Line]) -> None:
        self.frame, self.lines = frame, lines
        self.place = 0
        self.is_after_date = False

    def read(self) -> Frame:
        self._number()
        self._addressees()
        while self.place < len(self.lines):
            self._line(self.lines[self.place])
        return self.frame

    # -- above the text -----------------------------------------------------------------------

    def _number(self) -> None:
        for place, line in enumerate(self.lines[:NUMBER_LINES]):
            if number := document_number(line.text):
                self.frame.number = number
                self.lines = [*self.lines[:place], *self.lines[place + 1 :]]
                return

    def _addressees(self) -> None:
        joined = ""
        for count, line in enumerate(self.lines[:ADDRESSEE_LINES], start=1):
            joined += SPACES.sub("", line.text)
            if IN_ADDRESSEES.search(joined) or len(joined) > ADDRESSEE_LENGTH or numbering(line.text):
                return
            if joined.endswith(tuple(COLONS)):
                if not BODY_OPENING.search(joined):
                    self.frame.addressees = tuple(filter(None, COMMAS.split(joined.rstrip(COLONS))))
                    self.place = count
                return

    # -- the text ------------------------------------------------------------------------------

    def _line(self, line: Line) -> None:
        if begins_annex(self.lines, self.place, self.frame.listed):
            self._annex()
        elif self.frame.annexes:
            self._in_annex(line)
        elif annex_line(line.text):
            self.place = listed_annexes(self.lines, self.place, self.frame.listed)
        elif self._is_date(line):
            self._date(line)
        elif not self._note(line) and not self._plan_title():
            self._keep(line)

    def _keep(self, line: Line) -> None:
        target = self.frame.plan if self.frame.plan_title else self.frame.body
        target.append(line)
        self.is_after_date = False
        self.place += 1

    def _note(self, line: Line) -> bool:
        note = "" if self.frame.release_note else release_note(line.text)
        if note:
            self.frame.release_note = note
            self.place += 1
        return bool(note)

    def _is_date(self, line: Line) -> bool:
        if self.frame.issued_on or len(line.text) > MARK_LENGTH:
            return False
        if signed_date(line.text)[0]:
            return True
        if not whole_date(line.text):
            return False
        kept = self.frame.plan or self.frame.body
        # A hard-wrapped sentence can break around a date.
        return line.after_blank or line.emphasis or not kept or _may_precede_a_date(kept[-1].text)

    def _date(self, line: Line) -> None:
        signature, printed = signed_date(line.text)
        self.frame.issued_on = whole_date(printed or line.text)
        if signature:
            self._sign(line.number, signature)
        kept = self.frame.plan if self.frame.plan_title else self.frame.body
        while kept and self._is_signature(kept[-1].text):
            last = kept.pop()
            self._sign(last.number, SPACES.sub("", last.text))
        self.is_after_date = True
        self.place += 1

    def _is_signature(self, text: str) -> bool:
        return is_issuer(text) or (bool(self.frame.issuer) and plain(text) == plain(self.frame.issuer))

    def _sign(self, line: int, name: str) -> None:
        if not self.frame.issuer:
            self.frame.issuer = name
        elif name != self.frame.issuer:
            message = f"落款“{name}”与标题中的发文机关“{self.frame.issuer}”不同，请核对。"
            self.frame.warnings.append(ParseWarning(line, "signature", message))

    # -- the attached plan -----------------------------------------------------------------------

    def _plan_title(self) -> bool:
        """Take the title of the attached plan, where it stands here."""
        if self.frame.plan_title:
            return False
        count = self._attached_here() or (self._titled_here() if self.is_after_date else 0)
        if not count:
            return False
        title = "".join(line.text for line in self.lines[self.place : self.place + count])
        self.frame.plan_title = closed_up(title)
        self.place += count
        return True

    def _attached_here(self) -> int:
        """How many lines from here are the title that the document's own title quotes."""
        joined = ""
        for count, line in enumerate(self.lines[self.place : self.place + 4], start=1):
            if not self.frame.attached or len(line.text) > MARK_LENGTH:
                return 0
            joined += plain(line.text)
            if joined == self.frame.attached:
                return count
            if not self.frame.attached.startswith(joined):
                return 0
        return 0

    def _titled_here(self) -> int:
        """How many lines under the date have the wording of a plan's title."""
        joined = ""
        for count, line in enumerate(self.lines[self.place : self.place + 2], start=1):
            joined += SPACES.sub("", line.text)
            if numbering(line.text) or len(joined) > PLAN_TITLE_LENGTH or IN_A_SENTENCE.search(joined):
                return 0
            if PLAN_ENDING.search(re.sub(r"[（(][^（）()]{1,8}[）)]$", "", joined)):
                return count
        return 0

    # -- annexes ---------------------------------------------------------------------------------

    def _annex(self) -> None:
        annex, self.place = take_title(self.lines, self.place, self.frame.listed)
        self.frame.annexes.append(annex)

    def _in_annex(self, line: Line) -> None:
        if not self._note(line):
            self.frame.annexes[-1].lines.append(line)
            self.place += 1


def _may_precede_a_date(text: str) -> bool:
    if ends_sentence(text) or is_issuer(text) or list_items(text):
        return True
    return len(text) <= SIGNATURE_LENGTH and not text.endswith(LEADS_TO_A_DATE)
