"""Runs of text at their places put together to lines and paragraphs, furniture taken out: plain geometry."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from gazette.parser.lines import is_furniture
from gazette.parser.patterns import starts_something
from gazette.sources.marked import CELL_GAP

# Runs whose baselines differ by less than this share of their size stand on one line.
SAME_LINE = 0.5
# A gap of more characters than this between two runs is that between the cells of a row.
CELL = 1.2
# Figures and Latin letters are about this wide where a Chinese character is 1.
NARROW = 0.5
# A line that ends within so many characters of the right margin is full, one that begins within this flush.
FULL, FLUSH = 2.6, 0.7
# Lines at the edge of a page that come again on so many pages are running heads.
REPEATED_PAGES, REPEATED_SHARE = 3, 0.3
EDGE_LINES = 2
# and a gap of so many lines divides them from the text.
APART = 1.3
# Type of a running head is smaller than that of the text, and at one height on most pages.
SMALL, SAME_HEIGHT, HEAD_SHARE = 0.8, 3.0, 0.5
# Type of a title is so much larger than that of the text, and its lines follow within so many sizes.
LARGE, TITLE_LEADING = 1.15, 1.7
# An item is so far in, and its further lines stand so far right of it.
FIRST, HANGING = 1.5, (2.5, 8.0)
ITEM = re.compile(r"^(?:附[件表录][\s\d]{0,3}[：:]|\d{1,2}[.．])")
# A space stands between two kinds of characters where there is one so many times as often as none.
MOSTLY = 4
LABEL = re.compile(r"^附[件表录] ?\d{0,2}$")
# Where a text has a space or none: between Chinese and figures, after a half-width comma.
NEIGHBOURS = re.compile(r"(?=([\u4e00-\u9fff\d,])( ?)([\u4e00-\u9fff\d]))")
DIGITS = re.compile(r"[\d〇一二三四五六七八九十]+")
PAGE_NUMBER = re.compile(r"^[-—–－·•\s]*\d{1,4}[-—–－·•\s]*$")
# A column has at least so many lines, and no line crosses the gap between two.
FEWEST_LINES_OF_COLUMN = 8
# and this share of them is full; it is this share of the text wide.
FULL_SHARE, COLUMN_WIDTH = 0.3, 0.38


@dataclass(frozen=True, slots=True)
class Run:
    """Text at a place: ``x`` and ``y`` of its baseline, ``size`` of its type, all in points."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """About where it ends."""
        return self.x + self.size * width_of(self.text)


@dataclass(slots=True)
class PageLine:
    """The runs on one baseline."""

    runs: list[Run] = field(default_factory=list)

    @property
    def x(self) -> float:
        """Where it begins."""
        return min(run.x for run in self.runs)

    @property
    def end(self) -> float:
        """About where it ends."""
        return max(run.end for run in self.runs)

    @property
    def y(self) -> float:
        """The height of its baseline."""
        return self.runs[0].y

    @property
    def size(self) -> float:
        """The size of its largest type."""
        return max(run.size for run in self.runs)

    @property
    def text(self) -> str:
        """The runs from left to right; a wide gap stands between cells."""
        ordered = sorted(self.runs, key=lambda run: run.x)
        text = ordered[0].text
        for before, run in pairwise(ordered):
            apart = run.x - before.end > CELL * self.size
            text += (CELL_GAP if apart else "") + run.text
        return text


def width_of(text: str) -> float:
    """About how wide the text is, in Chinese characters."""
    return sum(NARROW if character.isascii() else 1.0 for character in text)


def text_of_pages(pages: Sequence[Sequence[Run]]) -> str:
    """The pages as plain text, a paragraph a line, paragraphs divided by an empty line."""
    lined = [columns_in_order(lines_of(page)) for page in pages]
    body = median([line.size for page in lined for line in page] or [1.0])
    kept = without_furniture(lined, body)
    paragraphs: list[str] = []
    right, habits = _right_margin(kept), _habits(kept)
    last: PageLine | None = None
    for page in kept:
        left = _left_margin(page)
        for line in page:
            if last is not None and goes_on(last, line, left, right, body):
                paragraphs[-1] += _between(paragraphs[-1], line.text, habits) + line.text
            else:
                paragraphs.append(line.text)
            last = line
    return "\n\n".join(paragraphs)


def lines_of(runs: Iterable[Run]) -> list[PageLine]:
    """The lines of a page from top to bottom."""
    lines: list[PageLine] = []
    for run in sorted(runs, key=lambda run: (-run.y, run.x)):
        near = lines[-1] if lines else None
        if near and abs(near.y - run.y) < SAME_LINE * max(near.size, run.size):
            near.runs.append(run)
        else:
            lines.append(PageLine([run]))
    return lines


def columns_in_order(lines: list[PageLine]) -> list[PageLine]:
    """A page set in two columns read column by column; any other as it is."""
    if not lines:
        return lines
    left, right = min(line.x for line in lines), max(line.end for line in lines)
    middle = (left + right) / 2
    gutter = median(line.size for line in lines)
    halves: tuple[list[PageLine], list[PageLine]] = ([], [])
    across: list[PageLine] = []
    for line in lines:
        if any(run.x < middle - gutter / 2 and run.end > middle + gutter / 2 for run in line.runs):
            across.append(line)
            continue
        for half, runs in zip(halves, _split(line.runs, middle), strict=True):
            if runs:
                half.append(PageLine(runs))
    full = [half for half in halves if len(half) >= FEWEST_LINES_OF_COLUMN and _fills(half, right - left)]
    if len(full) < 2 or len(across) > 4:
        return lines
    top = max(line.y for half in halves for line in half)
    above = [line for line in across if line.y > top]
    below = [line for line in across if line.y <= top]
    return [*above, *halves[0], *halves[1], *below]


def _split(runs: list[Run], middle: float) -> tuple[list[Run], list[Run]]:
    return [run for run in runs if run.x < middle], [run for run in runs if run.x >= middle]


def _fills(half: list[PageLine], width: float) -> bool:
    """Whether it is running text: many lines reach across the column, as cells of a table do not."""
    left, right = min(line.x for line in half), max(line.end for line in half)
    full = sum(line.end > right - FULL * line.size for line in half)
    return right - left > width * COLUMN_WIDTH and full > len(half) * FULL_SHARE


def without_furniture(pages: list[list[PageLine]], body: float) -> list[list[PageLine]]:
    """The lines without running heads and page numbers.

    What the parser knows as furniture by itself stays once: it tells the gazette's name.
    """
    repeated, leading = _repeated(pages), _leading(pages)
    heights = _heights_of_heads(pages, body)
    named: set[str] = set()
    kept = []
    for page in pages:
        edges = {id(line) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])}
        apart = {id(line) for line in _apart(page, leading)}
        rest = []
        for line in page:
            text = line.text
            if id(line) not in edges or not (
                PAGE_NUMBER.match(text)
                or (_pattern(text) in repeated and id(line) in apart)
                or (line.size < SMALL * body and any(abs(line.y - y) < SAME_HEIGHT for y in heights))
            ):
                rest.append(line)
            elif is_furniture(text) and not PAGE_NUMBER.match(text) and text not in named:
                named.add(text)
                rest.append(line)
        kept.append(rest)
    return kept


def _leading(pages: list[list[PageLine]]) -> float:
    """From line to line of the text."""
    steps = [before.y - line.y for page in pages for before, line in pairwise(page) if before.y > line.y]
    return median(steps) if steps else 0.0


def _apart(page: list[PageLine], leading: float) -> list[PageLine]:
    """The lines at the edges that a gap divides from the text."""
    found: list[PageLine] = []
    for lines in (page, page[::-1]):
        for place, (outer, inner) in enumerate(pairwise(lines[: EDGE_LINES + 1]), start=1):
            if abs(outer.y - inner.y) > APART * leading:
                found += lines[:place]
    return found


def _pattern(text: str) -> str:
    return DIGITS.sub("#", "".join(text.split()))


def _repeated(pages: list[list[PageLine]]) -> set[str]:
    """What stands at the edge of many pages, counts aside."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(line.text) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])})
    least = max(REPEATED_PAGES, REPEATED_SHARE * len(pages))
    return {text for text, count in counts.items() if count >= least and text.strip("#")}


def _heights_of_heads(pages: list[list[PageLine]], body: float) -> list[float]:
    """Heights at which most pages have a line of small type above or below their text."""
    counts: Counter[int] = Counter()
    for page in pages:
        edges = [line for line in (page[0], page[-1]) if line.size < SMALL * body] if page else []
        counts.update({round(line.y / SAME_HEIGHT) for line in edges})
    return [at * SAME_HEIGHT for at, count in counts.items() if count >= max(2, HEAD_SHARE * len(pages))]


def _left_margin(page: list[PageLine]) -> float:
    return min((line.x for line in page), default=0.0)


def _right_margin(pages: list[list[PageLine]]) -> float:
    """How wide full lines are, from the left margin of their page."""
    widths = sorted(line.end - _left_margin(page) for page in pages for line in page)
    return widths[int(len(widths) * 0.9)] if widths else 0.0


def goes_on(last: PageLine, line: PageLine, left: float, width: float, body: float) -> bool:
    """Whether a line goes on with the paragraph of the one before: that is full and this begins flush.

    Lines of large type in the middle of the page that follow closely are one title.
    """
    character = line.size
    if abs(last.size - line.size) > 0.12 * character or CELL_GAP in line.text:
        return False
    if line.size > LARGE * body:
        centred = abs((last.x + last.end) - (line.x + line.end)) < 2 * character
        close = 0 < last.y - line.y < TITLE_LEADING * character
        return centred and close and not starts_something(line.text)
    if LABEL.match(line.text):
        return False
    flush = line.x - left < FLUSH * character or _hangs(last, line, left)
    # The line before may stand on a page with another margin: only its end counts, from its own beginning.
    full = last.end - left > width - FULL * character or last.end - last.x > width - FULL * character
    return flush and full


def _hangs(last: PageLine, line: PageLine, left: float) -> bool:
    """Whether a line stands below the words of an item, clear of its number or label."""
    character = line.size
    inset, hanging = last.x - left, line.x - last.x
    return (
        bool(ITEM.match(last.text))
        and inset > FIRST * character
        and HANGING[0] * character < hanging < HANGING[1] * character
    )


def _habits(pages: Iterable[Iterable[PageLine]]) -> set[str]:
    """Between which kinds of characters this text mostly has a space, where its lines do not end."""
    spaced: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    for line in (line for page in pages for line in page):
        for before, gap, after in NEIGHBOURS.findall(line.text):
            (spaced if gap else closed)[_edge(before, after)] += 1
    return {edge for edge, count in spaced.items() if count > MOSTLY * closed[edge]}


def _edge(before: str, after: str) -> str:
    """What meets here: 文0 for a Chinese character before a figure."""
    kinds = [
        "文" if "\u4e00" <= one <= "\u9fff" else "0" if one.isdigit() else one for one in (before, after)
    ]
    return "".join(kinds)


def _between(text: str, more: str, habits: set[str]) -> str:
    """The space that a line end stood for: between Latin words, and where this text has one elsewhere."""
    if text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii() and more[:1].isalpha():
        return " "
    return " " if _edge(text[-1:], more[:1]) in habits else ""
