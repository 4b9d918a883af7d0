"""A file of the audit log for each day: kept apart from the database, hashed and signed.

Each file takes up where the one before ended, so every row is in exactly one
of them, also after days on which the clock stood still. A row carries its own
hash and that of the row before, so the files can be checked without the portal.
"""

import fcntl
import gzip
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from foundation.errors import StateConflict
from foundation.models import AuditEntry, AuditHead
from foundation.services.audit import chain_start, record_change

COLUMNS = (
    "sequence", "at", "actor_id", "actor_label", "address", "request_id", "action", "object_type",
    "object_id", "object_label", "before", "after", "reason", "previous_hash", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayFile:
    """What is known of a file; ``signature`` is an HMAC over the rest by the portal's secret key."""

    day: str
    first: int
    last: int
    last_hash: str
    sha256: str
    size: int
    made_at: str
    signature: str = ""

    @property
    def path(self) -> Path:
        """Where its rows are."""
        return _folder() / f"audit-{self.day}.jsonl.gz"

    @property
    def rows(self) -> int:
        """How many."""
        return self.last - self.first + 1


def keep_day(*, day: date, at: datetime) -> DayFile | None:
    """Write the file of a day that is over, with all rows that no file holds yet; None where there are none.

    Whoever comes second finds the file there and leaves it.
    """
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    with _alone():
        known = day_files()
        if any(file.day >= day.isoformat() for file in known):
            return None
        first = known[0].last + 1 if known else chain_start()[0]
        last = AuditEntry.objects.filter(at__lt=end, sequence__gte=first).order_by("-sequence").first()
        if last is None:
            return None
        file = _write(day, first, last, at)
    after = {"day": file.day, "first": file.first, "last": file.last, "sha256": file.sha256}
    record_change(actor=None, action="audit.keep_day", target=_head(), at=at, after=after)
    return file


def day_files() -> list[DayFile]:
    """All of them, the newest first."""
    found = sorted(_folder().glob("audit-*.json"), reverse=True)
    return [DayFile(**json.loads(path.read_text())) for path in found]


def fault_of(file: DayFile) -> str:
    """A sentence about what is wrong with a file, or nothing."""
    if not hmac.compare_digest(file.signature, _signature(file)):
        return "说明文件的签名不符，被改动过，或密钥已更换。"
    try:
        digest = _digest(file.path)
    except FileNotFoundError:
        return "文件已不在原处，请从备份中恢复。"
    return "" if hmac.compare_digest(digest, file.sha256) else "内容与登记的校验值不符，被改动过。"


def whole_file(day: str) -> DayFile | None:
    """The file of a day, to be handed out; StateConflict when it is not what was written."""
    file = next((file for file in day_files() if file.day == day), None)
    if file is not None and (fault := fault_of(file)):
        raise StateConflict(f"{day} 的审计日志文件不能下载：{fault}")
    return file


def _write(day: date, first: int, last: AuditEntry, at: datetime) -> DayFile:
    """Rows first, then what is known of them: a file without the second part does not count."""
    path = _folder() / f"audit-{day}.jsonl.gz"
    # mtime 0: the same rows give the same bytes.
    with _whole(path) as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        rows = AuditEntry.objects.filter(sequence__gte=first, sequence__lte=last.sequence)
        for entry in rows.order_by("sequence").iterator(chunk_size=1000):
            packed.write((json.dumps(_columns(entry), ensure_ascii=False) + "\n").encode())
    made = DayFile(
        day=day.isoformat(),
        first=first,
        last=last.sequence,
        last_hash=last.hash,
        sha256=_digest(path),
        size=path.stat().st_size,
        made_at=at.isoformat(),
    )
    signed = DayFile(**{**asdict(made), "signature": _signature(made)})
    with _whole(_folder() / f"audit-{day}.json") as raw:
        raw.write(json.dumps(asdict(signed), ensure_ascii=False, indent=1).encode())
    return signed


@contextmanager
def _whole(path: Path) -> Iterator[Any]:
    """The file is there with all its bytes, or not at all."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as raw:
            os.fchmod(raw.fileno(), 0o600)
            yield raw
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    """One program at a time; the lock goes with its program."""
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "audit"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _columns(entry: AuditEntry) -> dict[str, Any]:
    return {name: entry.at.isoformat() if name == "at" else getattr(entry, name) for name in COLUMNS}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signature(file: DayFile) -> str:
    signed = {name: value for name, value in asdict(file).items() if name != "signature"}
    key = b"audit file " + settings.SECRET_KEY.encode()
    return hmac.new(key, json.dumps(signed, sort_keys=True).encode(), "sha256").hexdigest()


def _head() -> AuditHead:
    return AuditHead.objects.get_or_create(pk=1)[0]
