"""Two texts side by side, in runs of what stayed, went and came. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SHOWN_LINES, LONG_TEXT = 60, 160


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that stayed, was removed or was added (same, del, ins)."""

    text: str
    mark: str = "same"


def compared(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both sides in runs: by character for one line, by whole lines for more."""
    if len(before) <= 1 and len(after) <= 1:
        return _compare("".join(before), "".join(after), "")
    return _compare(before, after, "\n")


def _compare(
    before: Sequence[str], after: Sequence[str], glue: str
) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    old: list[Run] = []
    new: list[Run] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            same = _shortened(before[i:j], glue)
            old.append(Run(same))
            new.append(Run(same))
            continue
        if i < j:
            old.append(Run(_joined(before[i:j], glue), "del"))
        if k < m:
            new.append(Run(_joined(after[k:m], glue), "ins"))
    return tuple(old), tuple(new)


def _joined(parts: Sequence[str], glue: str) -> str:
    if glue and len(parts) > SHOWN_LINES:
        return glue.join([*parts[:SHOWN_LINES], f"… 另 {len(parts) - SHOWN_LINES} 行", ""])
    return "".join(f"{part}{glue}" for part in parts)


def _shortened(parts: Sequence[str], glue: str) -> str:
    """What both sides share, without the middle of long stretches."""
    if glue:
        return f"… {len(parts)} 行相同\n" if len(parts) > 2 else _joined(parts, glue)
    text = "".join(parts)
    return text if len(text) <= LONG_TEXT else f"{text[:60]} …… {text[-60:]}"
