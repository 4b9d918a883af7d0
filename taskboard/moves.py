"""What may be done with a task in which state, and by whom: pure.

The table says it once; services enforce it, pages and the interface show it.
"""

from dataclasses import dataclass

LEAD, PARTY, SUPERVISOR = "lead", "party", "supervisor"
# A task that a department has been given and that nobody has closed or suspended.
RUNNING = frozenset({"issued", "signed", "in_progress", "submitted", "returned"})
# A result that was handed in waits for the supervisor, not for the department.
OWING = RUNNING - {"submitted"}
WORKING = frozenset({"signed", "in_progress", "returned"})


@dataclass(frozen=True, slots=True)
class Move:
    """From which states it starts, who makes it, and what it is called in a sentence."""

    starts: frozenset[str]
    by: str
    what: str


MOVES: dict[str, Move] = {
    "sign": Move(RUNNING, PARTY, "签收"),
    "progress": Move(WORKING, PARTY, "报进展"),
    "evidence": Move(WORKING | {"submitted"}, PARTY, "上传佐证"),
    "submit": Move(frozenset({"in_progress", "returned"}), LEAD, "反馈"),
    "extension": Move(WORKING | {"issued"}, LEAD, "申请延期"),
    "return": Move(frozenset({"submitted"}), SUPERVISOR, "退回"),
    "close": Move(frozenset({"submitted"}), SUPERVISOR, "办结"),
    "reopen": Move(frozenset({"closed"}), SUPERVISOR, "重新办理"),
    "suspend": Move(RUNNING, SUPERVISOR, "暂停"),
    "resume": Move(frozenset({"suspended"}), SUPERVISOR, "恢复办理"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a task: with which part, whether signed, whether a supervisor."""

    leads: bool = False
    supports: bool = False
    signed: bool = False
    supervises: bool = False


def allowed(state: str, standing: Standing) -> tuple[str, ...]:
    """The moves that somebody may make now, the most useful first."""
    return tuple(name for name in ORDER if _may(name, state, standing))


# The first that is possible is the one primary button of the page.
ORDER = (
    *("sign", "close", "submit", "progress", "evidence", "return", "extension"),
    *("resume", "reopen", "suspend"),
)


def primary(state: str, standing: Standing) -> str:
    """The one thing to do next; empty where there is nothing."""
    possible = allowed(state, standing)
    if "submit" in possible and state == "returned":
        return "progress"
    wanted = ("sign", "close", "resume", "progress")
    return next((name for name in wanted if name in possible), "")


def _may(name: str, state: str, standing: Standing) -> bool:
    move = MOVES[name]
    if state not in move.starts:
        return False
    if move.by == SUPERVISOR:
        return standing.supervises
    if name == "sign":
        return (standing.leads or standing.supports) and not standing.signed
    if move.by == LEAD:
        return standing.leads and (standing.signed or name == "extension")
    return (standing.leads and standing.signed) or standing.supports
