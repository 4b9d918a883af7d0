"""Finished PDFs and orders for them, in files beside the other caches, one set per content.

``<key>.pdf`` is finished. ``<key>.order`` waits for the background, or is at
work there; ``<key>.page`` says how far it is, ``<key>.failed`` that it did not
succeed. ``<key>.lock`` is held while one is built: the system lets go of it
when its process dies, so nobody waits for a builder that is gone.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

POLL_SECONDS = 0.05


def path_of(key: str, kind: str) -> Path:
    """Where the file of this kind lies; its folder exists."""
    folder = Path(settings.DATA_DIR) / "cache" / "printouts"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{key}.{kind}"


def read(key: str, kind: str = "pdf") -> bytes | None:
    """What the file holds; None when there is none."""
    try:
        return path_of(key, kind).read_bytes()
    except FileNotFoundError:
        return None


def write(key: str, kind: str, data: bytes) -> None:
    """Write a file so that nobody ever reads half of it."""
    path = path_of(key, kind)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_new(key: str, kind: str, data: bytes) -> bool:
    """Write a file that is not there yet; False when somebody else was first."""
    part = f"{kind}-{os.getpid()}-{time.monotonic_ns()}.part"
    write(key, part, data)
    try:
        os.link(path_of(key, part), path_of(key, kind))
    except FileExistsError:
        return False
    finally:
        remove(key, part)
    return True


def remove(key: str, *kinds: str) -> None:
    """Remove files that may be there."""
    for kind in kinds:
        path_of(key, kind).unlink(missing_ok=True)


def age(key: str, kind: str) -> float | None:
    """Seconds since the file was written; None when there is none."""
    try:
        return time.time() - path_of(key, kind).stat().st_mtime
    except FileNotFoundError:
        return None


def keep(key: str) -> None:
    """Note that the finished one was asked for."""
    path_of(key, "pdf").touch()


@contextmanager
def building(key: str, *, wait_seconds: float) -> Iterator[bool]:
    """Hold the right to build; False inside when somebody else has held it for all of the wait."""
    with path_of(key, "lock").open("wb") as file:
        deadline = time.monotonic() + wait_seconds
        held = _try_lock(file.fileno())
        while not held and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            held = _try_lock(file.fileno())
        yield held


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def forget_unused(*, older_than_seconds: float) -> int:
    """Remove whatever nobody asked for since; returns how many files."""
    oldest = time.time() - older_than_seconds
    removed = 0
    for path in path_of("any", "pdf").parent.iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed
