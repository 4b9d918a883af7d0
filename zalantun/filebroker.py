"""The file broker: Celery's messages as files in one folder.

kombu's transport of the same name writes a message under its final name (so a
reader can take half of it), moves it through the system's temporary folder to
read it, and rewrites its routing tables in place (a crash in between leaves
one that nobody can read). Here every file appears complete, by renaming, and
nothing leaves the folders given.
"""

import fcntl
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)


FORGOTTEN_SECONDS = 3600
LONGEST_WAIT = 0.5  # seconds


def make_folders(root: Path) -> None:
    """Create the broker's folders, and remove what writers left half-done that were killed long ago."""
    for name in ("messages", "queues"):
        (root / name).mkdir(parents=True, exist_ok=True)
    for draft in [*root.glob(".*"), *root.glob("*/.*")]:
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > FORGOTTEN_SECONDS:
                draft.unlink()


class Channel(filesystem.Channel):
    """Messages in and out of one folder.

    ``transport_options``: ``data_folder_in`` = ``data_folder_out`` (messages)
    and ``control_folder`` (which queue hangs on which exchange).
    """

    # kombu's own two base classes differ in this name and in that type.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Add a message; names sort by the time of sending."""
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Take the oldest message; two takers never get the same one."""
        folder = Path(self.data_folder_in)
        for name in sorted(_names_in(folder)):
            if name.partition(".")[2] == f"{queue}.msg" and (payload := _take(folder / name)) is not None:
                return payload
        raise Empty

    def get_table(self, exchange: str) -> list[exchange_queue_t]:  # type: ignore[override]
        """The queues bound to an exchange."""
        try:
            rows = loads(self._table_file(exchange).read_bytes())
        except (FileNotFoundError, ValueError):
            return []  # bound again by whoever sends or consumes next
        return [exchange_queue_t(*row) for row in rows]

    def _table_file(self, exchange: str) -> Path:
        return Path(self.control_folder) / f"{exchange}.exchange"

    def _queue_bind(
        self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None
    ) -> None:
        row = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._locked_tables():
            rows = self.get_table(exchange)
            if row not in rows:
                _write_whole(self._table_file(exchange), [row, *rows])

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        row = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._locked_tables():
            rows = self.get_table(exchange)
            if row in rows:
                _write_whole(self._table_file(exchange), [kept for kept in rows if kept != row])

    @contextmanager
    def _locked_tables(self) -> Iterator[None]:
        """One writer at a time; the kernel drops the lock of a process that dies."""
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """Celery's ``filesystem://``."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Wait for a message, never so long that a worker told to stop keeps it waiting."""
        super().drain_events(connection, timeout=min(timeout or LONGEST_WAIT, LONGEST_WAIT))


def _names_in(folder: Path) -> list[str]:
    """The files of a folder; none while it is away, so that a reader waits for it instead of ending."""
    try:
        return os.listdir(folder)
    except OSError as error:
        logger.warning("the folder of messages cannot be read: %s", error)
        return []


def _write_whole(path: Path, content: Any) -> None:
    """The file appears under its name only when all of it is on the disk's side."""
    draft = path.with_name(f".{uuid.uuid4().hex}")
    draft.write_text(dumps(content))
    draft.replace(path)


def _take(path: Path) -> Any:
    """The message of this file, removed; None when somebody else was faster or it cannot be read."""
    claimed = path.with_name(f".{uuid.uuid4().hex}")
    try:
        path.rename(claimed)
    except FileNotFoundError:
        return None
    content = claimed.read_bytes()
    claimed.unlink()
    try:
        return loads(content)
    except ValueError:
        # Only a power cut leaves such a file; one message less is better than a worker that stops here.
        logger.exception("unreadable message %s dropped", path.name)
        return None
