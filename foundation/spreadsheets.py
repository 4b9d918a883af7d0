"""Tables for office programs: CSV that Excel reads as UTF-8 and never runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence

# A spreadsheet would run a cell that starts with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in CSV, line by line, opened with the mark that makes Excel read UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: str) -> str:
    """The cell as text, even where it looks like a formula."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA_STARTS) or cell.startswith(FORMULA_STARTS) else cell
