"""The way of a task from issue to closure, drawn from its history: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

WORDS = {
    "issue": "下发",
    "sign": "签收",
    "progress": "办理",
    "submit": "反馈",
    "return": "复核",
    "close": "办结",
    "reopen": "重新办理",
    "suspend": "暂停",
    "resume": "恢复",
    "review": "复核",
}
# What stands open from each state, the current step first.
AHEAD: dict[str, tuple[str, ...]] = {
    "draft": ("issue", "sign", "progress", "submit", "review", "close"),
    "issued": ("sign", "progress", "submit", "review", "close"),
    "signed": ("progress", "submit", "review", "close"),
    "in_progress": ("progress", "submit", "review", "close"),
    "returned": ("progress", "submit", "review", "close"),
    "submitted": ("review", "close"),
    "suspended": ("resume", "close"),
    "closed": (),
}
# The steps behind a state whose history was not kept.
BEHIND = ("issue", "sign", "progress", "submit", "review", "close")
DONE, CURRENT, BACK, STOPPED, OPEN = "done", "current", "back", "stopped", "open"
MARKS = {"return": BACK, "suspend": STOPPED}


@dataclass(frozen=True, slots=True)
class Passed:
    """A step of the history that changed the state."""

    action: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the drawn way; of the current one ``at`` is when it began."""

    word: str
    mark: str
    at: datetime | None = None
    who: str = ""


def chain_of(state: str, passed: Iterable[Passed]) -> Sequence[Link]:
    """Steps behind, the current one, steps ahead."""
    steps = list(passed)
    ahead = AHEAD[state]
    if not steps:
        behind = BEHIND[: max(0, len(BEHIND) - len(ahead))]
        return [*(Link(WORDS[name], DONE) for name in behind), *_open(ahead)]
    links = [Link(WORDS[step.action], MARKS.get(step.action, DONE), step.at, step.who) for step in steps]
    if state == "in_progress" and steps[-1].action in {"progress", "reopen", "resume"}:
        # The work has begun: its first report is where the task stands now.
        last = links.pop()
        return [*links, Link(last.word, CURRENT, last.at, last.who), *_open(ahead)[1:]]
    return [*links, *_open(ahead)]


def _open(names: Sequence[str]) -> list[Link]:
    return [Link(WORDS[name], OPEN if place else CURRENT) for place, name in enumerate(names)]
