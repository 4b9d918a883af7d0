"""What will go to whom when a person leaves, shown before anybody presses the button."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from organizations.models import User
from zalantun.accounts.duties import Duties, Line
from zalantun.accounts.lastroles import LastOf


@dataclass(frozen=True, slots=True)
class Going:
    """A kind of duty with whoever has it afterwards, or what stands against it."""

    line: Line
    to: str
    hindrance: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All duties with where they go; ``mark`` changes with the duties and with the successor."""

    lines: Sequence[Going]
    last_of: Sequence[LastOf]
    roles_to: str
    mark: str

    @property
    def owed(self) -> Sequence[Going]:
        """Those kinds of which there is any."""
        return [going for going in self.lines if going.line.count]

    @property
    def is_free(self) -> bool:
        """Whether nothing stands against it."""
        return not any(going.hindrance for going in self.lines)


def plan_for(duties: Duties, successor: User | None) -> Plan:
    """Where everything goes with this successor, or with none."""
    lines = [
        Going(
            line,
            line.goes_to(successor, duties.last_of) if line.count else "",
            line.hindrance(successor, duties.last_of) if successor and line.count else "",
        )
        for line in duties.lines
    ]
    roles_to = str(successor) if successor else "无人接替，这一角色的工作将无人办理"
    return Plan(lines, duties.last_of, roles_to, mark_of(duties, successor))


def mark_of(duties: Duties, successor: User | None) -> str:
    """Short enough for a hidden field."""
    whole = f"{successor.pk if successor else ''}|{duties.mark}"
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
