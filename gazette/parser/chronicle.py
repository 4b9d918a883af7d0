"""The chronicle: dated entries, put together again across line ends and page breaks."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gazette.parser.departments import DepartmentNames
from gazette.parser.headings import Period, chronicle_heading, month_heading
from gazette.parser.lines import Line
from gazette.parser.openings import Opening, read_opening
from gazette.parser.paragraphs import repeats, space_between
from gazette.parser.patterns import LEADS_TO_A_DATE, ends_sentence
from gazette.parser.people import PeopleFinder
from gazette.parser.records import ChronicleEntry, Heading, ParseWarning, PersonMention

# A line of its own that is shorter than this and has no punctuation is a heading, not an entry's end.
TITLE_LENGTH = 16
PUNCTUATION = frozenset("，。；：、！？,;:!?.．（）()“”")


@dataclass(slots=True)
class Draft:
    """An entry that may go on; without ``dates`` it is told as a doubt, with ``fault`` as the reason."""

    opening: Opening
    first: Line
    last: Line
    dates: tuple[date, date] | None
    fault: str = ""
    parts: list[str] = field(default_factory=list)
    end: str = ""

    def append(self, line: Line, text: str, *, paragraph: bool = False) -> None:
        """Go on with another line; ``paragraph`` keeps the break before it."""
        between = "\n" if paragraph else space_between(self.end, text) if self.end else ""
        self.parts.append(between + text)
        self.end = text[-20:] if text else self.end
        self.last = line

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts).strip()


class ChronicleReader:
    """Reads chronicles line by line; months that continue in another part count on."""

    def __init__(self, *, year: int | None, people: PeopleFinder, departments: DepartmentNames) -> None:
        self.entries: list[ChronicleEntry] = []
        self.warnings: list[ParseWarning] = []
        self.headings: list[Heading] = []
        self._people, self._departments = people, departments
        self._period = Period(year, None)
        self._announced: int | None = None
        self._draft: Draft | None = None
        self._dates: tuple[date, date] | None = None
        self._positions: Counter[tuple[int, int]] = Counter()
        self._separates = True

    def read(self, lines: Iterable[Line]) -> None:
        """Read a chronicle from its heading on."""
        given = list(lines)
        self._separates = any(_is_separated(line) for line in given)
        self._dates = None
        for line in given:
            self._take(line)
        self._finish()

    def expect(self, period: Period) -> None:
        """What a line between the parts says of a chronicle whose own heading is silent."""
        self._period = Period(period.year or self._period.year, None)
        self._announced = period.month

    # -- lines ------------------------------------------------------------------------------

    def _take(self, line: Line) -> None:
        if period := self._heading(line):
            self._finish()
            month = period.month if period.year or period.month else self._announced
            self._period, self._announced = Period(period.year or self._period.year, month), None
            self._dates = None
            self.headings.append(Heading(line.number, line.text))
            return
        opening = read_opening(line.text)
        if opening and self._begins(line, opening):
            self._finish()
            self._open(line, opening)
        elif self._draft is None or self._stands_alone(line):
            self._finish()
            self._warn(line.number, "unplaced", f"不属于任何条目，未收录：{line.text}")
        else:
            self._continue(self._draft, line)

    def _heading(self, line: Line) -> Period | None:
        if period := chronicle_heading(line.text):
            return period
        goes_on = self._draft is not None and self._draft.end.endswith(LEADS_TO_A_DATE)
        return None if goes_on else month_heading(line.text)

    def _begins(self, line: Line, opening: Opening) -> bool:
        """Whether the line begins an entry, seen from what stands around it."""
        if opening.is_marked:
            return True
        if line.emphasis and not opening.reads_on:
            return True
        before = self._draft.end if self._draft else ""
        if ends_sentence(before):
            if opening.first is None:
                return True
            if opening.reads_on:
                return False
            return opening.is_separated or not self._separates or line.after_blank
        if opening.reads_on or before.endswith(LEADS_TO_A_DATE) or before[-1:].isdigit():
            return False
        # Sentences have no space after a date; an entry above may lack its full stop.
        return opening.is_spaced or (opening.is_separated and line.after_blank)

    def _stands_alone(self, line: Line) -> bool:
        """A short heading between finished entries."""
        if self._draft is None or not self._draft.parts or not ends_sentence(self._draft.end):
            return False
        short = len(line.text) <= TITLE_LENGTH and not PUNCTUATION & set(line.text)
        return short and (line.after_blank or line.emphasis)

    # -- entries ----------------------------------------------------------------------------

    def _open(self, line: Line, opening: Opening) -> None:
        fault = ""
        if opening.first is not None:
            self._dates = opening.dates(self._period.year, self._period.month)
            if self._dates is None:
                fault = self._fault(opening)
        elif self._dates is None:
            fault = "上一条没有可用的日期"
        self._draft = Draft(opening, line, line, self._dates, fault)
        if opening.rest:
            self._draft.append(line, opening.rest)

    def _fault(self, opening: Opening) -> str:
        lacks_month = self._period.month is None and opening.first and opening.first.month is None
        if lacks_month or self._period.year is None:
            return f"“{opening.printed}”缺少年份或月份"
        return f"“{opening.printed}”不是有效的日期"

    def _continue(self, draft: Draft, line: Line) -> None:
        is_paragraph = line.after_blank and bool(draft.parts) and ends_sentence(draft.end)
        if line.after_blank and repeats(draft.end, line.text):
            self._warn(draft.last.number, "repeated_word", repeated_message(line.text[0]))
        draft.append(line, line.text, paragraph=is_paragraph and line.number == draft.last.number + 2)

    def _finish(self) -> None:
        draft, self._draft = self._draft, None
        if draft is None:
            return
        text = draft.text
        if draft.dates is None:
            code = "bad_date" if draft.opening.first else "undated"
            self._warn(draft.first.number, code, f"{draft.fault}，未收录：{text}")
        elif not text:
            self._warn(draft.first.number, "empty_entry", f"“{draft.first.text}”之后没有内容，未收录。")
        else:
            self._keep(draft, draft.dates, text)

    def _keep(self, draft: Draft, dates: tuple[date, date], text: str) -> None:
        start, end = dates
        self._positions[start.year, start.month] += 1
        people = self._people.mentioned(text)
        self.entries.append(
            ChronicleEntry(
                start_date=start,
                end_date=end,
                position=self._positions[start.year, start.month],
                text=text,
                line=draft.first.number,
                last_line=draft.last.number,
                people=people,
                departments=tuple(self._departments.known(text)),
            )
        )
        self._doubt_names(draft.first.number, people)
        self._doubt_month(draft, start)
        if draft.opening.apart:
            message = f"“{draft.opening.printed}”不是相连的日期，按第一天登记，原文保留，请核对。"
            self._warn(draft.first.number, "days_apart", message)

    # -- doubts -----------------------------------------------------------------------------

    def _doubt_names(self, line: int, people: tuple[PersonMention, ...]) -> None:
        for person in people:
            if person.printed_name != person.name:
                self._warn(line, "name_variant", f"“{person.printed_name}”按“{person.name}”登记，请核对。")

    def _doubt_month(self, draft: Draft, start: date) -> None:
        expected = self._period.month
        first = draft.opening.first
        if expected and first and first.month and start.month not in (expected, expected - 1 or 12):
            self._warn(
                draft.first.number, "other_month", f"“{draft.opening.printed}”不在本月之内，按所印日期登记。"
            )

    def _warn(self, line: int, code: str, message: str) -> None:
        self.warnings.append(ParseWarning(line, code, message))


def repeated_message(char: str) -> str:
    """What is said of a character that stands on both sides of a page break."""
    return f"换页处重复了“{char}”字，按原文保留，请核对。"


def _is_separated(line: Line) -> bool:
    opening = read_opening(line.text)
    return bool(opening and opening.first and (opening.is_separated or line.emphasis))
