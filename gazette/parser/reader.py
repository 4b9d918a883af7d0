"""A whole issue: its chronicle, its documents, and what fits in neither."""

from gazette.parser.blocks import CHRONICLE, DOCUMENT, RUBRIC, Block, divide
from gazette.parser.chronicle import ChronicleReader
from gazette.parser.departments import DepartmentNames
from gazette.parser.documents import read_document
from gazette.parser.errors import UnreadableGazette
from gazette.parser.floodplan import read_flood_plan
from gazette.parser.headings import issue_heading
from gazette.parser.lines import Line, gazette_title, split_lines
from gazette.parser.people import PeopleFinder
from gazette.parser.records import Directive, Gazette, Heading, ParseWarning, Task, Vocabulary
from gazette.parser.text import with_plain_line_ends
from gazette.parser.years import issue_year

CITY = "市"
# An entry that was found and could not be taken: its line says more than the first line of the file.
LEFT_OUT = ("bad_date", "empty_entry")
NO_YEAR = (
    "文件的标题、页眉、文号和成文日期中都找不到年份，无法确定日期，"
    "请在标题中注明年份（如“2022年7月大事记”）。"
)


def parse_gazette(text: str, vocabulary: Vocabulary) -> Gazette:
    """Read an issue.

    Raises UnreadableGazette when the text is of no certain year or holds no record; anything
    else that is unclear becomes a warning with its line.
    """
    lines, furniture = split_lines(with_plain_line_ends(text))
    if not lines:
        raise UnreadableGazette("文件里没有文字，没有可读取的内容。")
    year = issue_year(lines, furniture)
    if year is None:
        raise UnreadableGazette(NO_YEAR)
    title = gazette_title(furniture)
    issue = _Issue(year, vocabulary, title)
    for block in divide(lines):
        issue.take(block)
    if not (issue.chronicle.entries or issue.directives or issue.tasks):
        raise issue.nothing_read(lines[0].number)
    return Gazette(
        title=title,
        events=tuple(issue.chronicle.entries),
        directives=tuple(issue.directives),
        tasks=tuple(issue.tasks),
        flood_plans=tuple(plan for document in issue.directives if (plan := read_flood_plan(document))),
        warnings=issue.sorted_warnings(),
        furniture=tuple(furniture),
        headings=issue.sorted_headings(),
    )


class _Issue:
    """Takes the blocks of an issue one by one."""

    def __init__(self, year: int, vocabulary: Vocabulary, title: str) -> None:
        city, has_city, _ = title.strip("《》").partition(CITY)
        self.year = year
        self.names = DepartmentNames(vocabulary, city + has_city if has_city else "")
        self.chronicle = ChronicleReader(
            year=year, people=PeopleFinder(vocabulary.people), departments=self.names
        )
        self.directives: list[Directive] = []
        self.tasks: list[Task] = []
        self.warnings: list[ParseWarning] = []
        self.headings: list[Heading] = []

    def take(self, block: Block) -> None:
        if block.kind == CHRONICLE:
            self.chronicle.read(block.lines)
        elif block.kind == DOCUMENT:
            document = read_document(block, year=self.year, names=self.names)
            self.directives.append(document.directive)
            self.tasks.extend(document.tasks)
            self.warnings.extend(document.warnings)
        elif block.kind == RUBRIC:
            self.headings.append(Heading(block.line, block.title))
        else:
            for line in block.lines:
                self._take_loose(line)

    def _take_loose(self, line: Line) -> None:
        """A line that says the year or month was used for that; any other is told."""
        if period := issue_heading(line.text):
            self.chronicle.expect(period)
            self.headings.append(Heading(line.number, line.text))
            return
        message = f"不属于大事记，也不属于任何文件，未收录：{line.text}"
        self.warnings.append(ParseWarning(line.number, "unplaced", message))

    def nothing_read(self, first_line: int) -> UnreadableGazette:
        """Why no record was read: the first entry that had to be left out, or that there is none at all."""
        for warning in self.sorted_warnings():
            if warning.code in LEFT_OUT:
                reason = f"{warning.message.rstrip('。')}。没有读到其他大事记条目或政策文件，请改正后再导入。"
                return UnreadableGazette(reason, warning.line)
        return UnreadableGazette("没有读到大事记条目或政策文件，请确认文件是公报的文字版。", first_line)

    def sorted_headings(self) -> tuple[Heading, ...]:
        return tuple(sorted([*self.headings, *self.chronicle.headings], key=lambda heading: heading.line))

    def sorted_warnings(self) -> tuple[ParseWarning, ...]:
        return tuple(sorted([*self.warnings, *self.chronicle.warnings], key=lambda warning: warning.line))
