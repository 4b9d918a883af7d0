"""An import plan as the page and the command show it."""

import hashlib
import json
from typing import Any

from gazette.parser.records import ParseWarning
from gazette.services.planned import ImportPlan, PlannedRecord

STATUSES = ("new", "changed", "conflict", "unchanged")
KINDS = ("event", "directive", "task", "flood_plan")
CONTEXT_LINES = 1


def preview_of(plan: ImportPlan, text: str) -> dict[str, Any]:
    """The plan as JSON: counts, records, warnings with their source lines, what is missing."""
    lines = text.splitlines()
    return {
        "summary": summary_of(plan),
        "title": plan.gazette.title,
        "lines": len(lines),
        "counts": {status: plan.count(status) for status in STATUSES},
        "by_kind": {kind: {status: plan.count(status, kind) for status in STATUSES} for kind in KINDS},
        "records": [_record(record) for record in plan.records],
        "warnings": [_warning(doubt, lines) for doubt in doubts_of(plan)],
        "furniture": [{"line": f.line, "text": f.text} for f in plan.gazette.furniture],
        "absent": list(plan.absent),
        "missing": _missing(plan),
    }


def doubts_of(plan: ImportPlan) -> list[ParseWarning]:
    """What a person has to look at, of the file and of the portal beside it, in the order of the file."""
    return sorted([*plan.gazette.warnings, *plan.doubts], key=lambda doubt: doubt.line)


def summary_of(plan: ImportPlan) -> str:
    """A digest of what the plan would do, to notice that the portal has moved on."""
    content: list[list[Any]] = [
        [r.key, r.status, r.take, r.conflicts, r.before, r.after] for r in plan.records
    ]
    content += [[doubt.line, doubt.message] for doubt in plan.doubts]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _record(record: PlannedRecord) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "key": record.key,
        "kind": record.kind,
        "status": record.status,
        "label": record.label,
        "line": record.line,
        "object_id": record.object_id,
    }
    if record.status == "unchanged":
        return shown
    fields = [*record.take, *record.conflicts]
    shown["changes"] = [
        {
            "field": name,
            "before": record.before[name],
            "after": record.after[name],
            "conflict": name in record.conflicts,
        }
        for name in fields
    ]
    if record.status == "new":
        shown["after"] = record.after
    return shown


def _warning(warning: ParseWarning, lines: list[str]) -> dict[str, Any]:
    first = max(1, warning.line - CONTEXT_LINES)
    last = min(len(lines), warning.line + CONTEXT_LINES)
    source = [{"line": n, "text": lines[n - 1]} for n in range(first, last + 1) if lines[n - 1].strip()]
    return {"line": warning.line, "code": warning.code, "message": warning.message, "source": source}


def _missing(plan: ImportPlan) -> dict[str, Any]:
    """What the gazette names or should give and does not print."""
    directives = plan.gazette.directives
    return {
        "numbers": sum(not directive.number for directive in directives),
        "dates": sum(directive.issued_on is None for directive in directives),
        "annexes": [annex.title for d in directives for annex in d.annexes if not annex.printed],
    }
