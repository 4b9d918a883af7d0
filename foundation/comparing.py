"""Two texts compared for a reader: what stayed, went and came, by words of the record's fields. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SAME, GONE, NEW = "same", "del", "ins"
# A single character that happens to stay between two changes only makes them hard to read.
ISLAND = 2
# Of long stretches that both say, so many characters stand at either end.
SHOWN_AROUND = 40


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that stayed, went or came (``same``, ``del``, ``ins``)."""

    text: str
    mark: str = SAME


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a field, in runs; ``mark`` says when the whole line went or came."""

    runs: tuple[Run, ...]
    mark: str = SAME


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that the two texts give differently; ``left_out`` lines that both have are not shown."""

    label: str
    lines: tuple[Line, ...]
    left_out: int = 0


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    labels: Mapping[str, str],
    in_lines: Callable[[str, Any], Sequence[str]],
) -> list[FieldChange]:
    """The fields that differ, in the order of ``labels``; ``in_lines`` gives a value as lines of text."""
    changes = []
    for name, label in labels.items():
        old, new = in_lines(name, before.get(name)), in_lines(name, after.get(name))
        if before.get(name) != after.get(name) and (old or new):
            changes.append(_change(label, old, new))
    return changes


def _change(label: str, before: Sequence[str], after: Sequence[str]) -> FieldChange:
    lines: list[Line] = []
    left_out = 0
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            left_out += j - i
            continue
        pairs = min(j - i, m - k)
        lines += [Line(runs_of(before[i + n], after[k + n])) for n in range(pairs)]
        lines += [Line((Run(text, GONE),), GONE) for text in before[i + pairs : j]]
        lines += [Line((Run(text, NEW),), NEW) for text in after[k + pairs : m]]
    return FieldChange(label, tuple(lines), left_out)


def runs_of(before: str, after: str) -> tuple[Run, ...]:
    """One line of text against another, by character; unlike lines go and come whole."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.3:
        return tuple(run for run in (Run(before, GONE), Run(after, NEW)) if run.text)
    gone = new = ""
    runs: list[Run] = []
    opcodes = matcher.get_opcodes()
    for place, (tag, i, j, k, m) in enumerate(opcodes):
        between = 0 < place < len(opcodes) - 1
        if tag == "equal" and not (between and j - i < ISLAND):
            runs += _told(gone, new)
            gone = new = ""
            runs.append(Run(_shortened(before[i:j], first=place == 0, last=place == len(opcodes) - 1)))
        else:
            gone, new = gone + before[i:j], new + after[k:m]
    return tuple(runs + _told(gone, new))


def _told(gone: str, new: str) -> list[Run]:
    return [run for run in (Run(gone, GONE), Run(new, NEW)) if run.text]


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Without the middle of a long stretch; at the ends of a line only what stands beside the change."""
    if (first and last) or len(text) <= 2 * SHOWN_AROUND + 10:
        return text
    head = "" if first else text[:SHOWN_AROUND]
    tail = "" if last else text[-SHOWN_AROUND:]
    return f"{head}……{tail}"
