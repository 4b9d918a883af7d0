"""What becomes of each record of a gazette."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from gazette.parser.records import Gazette, ParseWarning
from gazette.services import payloads
from gazette.services.payloads import Payload

# What a person chose for a record in conflict; without a choice, or put off, it stays one.
KEEP_MINE, TAKE_FILE, LATER = "mine", "file", "later"
DECIDED = frozenset({KEEP_MINE, TAKE_FILE})


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One record of the gazette and what becomes of it.

    ``status`` is new, changed, conflict or unchanged. ``take`` are the fields
    the gazette brings, ``conflicts`` those that a person has changed as well.
    ``base`` is what is remembered of it. ``source`` is the place in the parsed
    gazette's list of its kind.
    """

    kind: str
    status: str
    label: str
    line: int
    source: int
    after: Payload
    before: Payload = field(default_factory=dict)
    object_id: int | None = None
    take: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    base: Payload | None = None

    @property
    def key(self) -> str:
        """Names the record in a person's decisions; stays while the plan stays."""
        return f"{self.kind}:{self.object_id or f'new-{self.source}'}"

    @property
    def stored_pk(self) -> int:
        """The key of the record in the portal; a new one has none."""
        if self.object_id is None:
            raise LookupError(f"{self.key} is not in the portal yet")
        return self.object_id

    def said(self, decision: str, waiting: Collection[str] = ()) -> Payload:
        """What is to be remembered of it from now on.

        Of a field in conflict that nobody has decided on, and of those that wait
        for a signature, what was remembered before: so an edition brings them again.
        """
        base = self.base or {}
        open_fields = {*waiting, *(() if decision in DECIDED else self.conflicts)}
        said = {name: value for name, value in self.after.items() if name not in open_fields}
        return said | {name: base[name] for name in open_fields if name in base}


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All records of one gazette, and stored ones it should have named and did not.

    ``doubts`` are places where the portal holds something else and keeps it.
    """

    gazette: Gazette
    records: tuple[PlannedRecord, ...]
    absent: tuple[str, ...] = ()
    doubts: tuple[ParseWarning, ...] = ()

    def of_kind(self, kind: str) -> list[PlannedRecord]:
        """Records of one kind in reading order."""
        return [record for record in self.records if record.kind == kind]

    def count(self, status: str, kind: str | None = None) -> int:
        """How many records have a status."""
        return sum(r.status == status and kind in (None, r.kind) for r in self.records)


def judge(
    *, kind: str, label: str, line: int, source: int, after: Payload, stored: Any, before: Payload, base: Any
) -> PlannedRecord:
    """What becomes of a record: compared with the stored one that it is, new without one."""
    if stored is None:
        return PlannedRecord(kind, "new", label, line, source, after)
    take, conflicts = payloads.compare(before, after, base)
    status = "conflict" if conflicts else "changed" if take else "unchanged"
    return PlannedRecord(
        kind,
        status,
        label,
        line,
        source,
        after,
        before,
        stored.pk,
        tuple(take),
        tuple(conflicts),
        base=base,
    )
