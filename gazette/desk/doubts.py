"""Doubtful lines of imports: those of previews that wait, and what written imports left open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gazette.models import ImportRun

# Previews hold the whole file: so many of the newest are read for the desk.
MOST_RUNS = 20


@dataclass(frozen=True, slots=True)
class DoubtfulLine:
    """A line of a file that a person has to look at; ``line`` is 0 where no line is known."""

    run: ImportRun
    line: int
    message: str
    what: str


def doubtful_lines(q: str = "") -> list[DoubtfulLine]:
    """All of them, the newest import first, in the order of its file: two queries."""
    runs = ImportRun.objects.select_related("started_by").order_by("-created_at", "-pk")
    waiting = runs.filter(state=ImportRun.State.PREVIEW).defer("report", "decisions")[:MOST_RUNS]
    written = runs.filter(state=ImportRun.State.DONE).defer("preview", "decisions")[:MOST_RUNS]
    found = [
        *(line for run in waiting for line in _of_preview(run)),
        *(line for run in _latest_of_each_file(written) for line in _left_open(run)),
    ]
    return [line for line in found if q in line.message or q in line.run.file_name]


def _of_preview(run: ImportRun) -> Iterator[DoubtfulLine]:
    for record in run.preview.get("records", []):
        if record.get("status") == "conflict":
            yield DoubtfulLine(run, record["line"], record["label"], "人工改过，公报又有不同")
    for warning in run.preview.get("warnings", []):
        yield DoubtfulLine(run, warning["line"], warning["message"], "存疑")


def _left_open(run: ImportRun) -> Iterator[DoubtfulLine]:
    report: Mapping[str, Any] = run.report
    for doubt in report.get("doubts", []):
        yield DoubtfulLine(run, doubt["line"], doubt["message"], "未经核对")
    for label in report.get("conflicts", []):
        yield DoubtfulLine(run, 0, label, "待选定")
    for label in report.get("blocked", []):
        yield DoubtfulLine(run, 0, label, "已有更正稿，没有并入")
    for doubt in report.get("unresolved", []):
        yield DoubtfulLine(run, doubt["line"], doubt["message"], "同名者没有登记")


def _latest_of_each_file(runs: Iterable[ImportRun]) -> list[ImportRun]:
    """An import of the same file again settles what the one before left open."""
    latest: dict[str, ImportRun] = {}
    for run in runs:
        latest.setdefault(run.sha256, run)
    return list(latest.values())
