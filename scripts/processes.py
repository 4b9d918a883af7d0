"""Processes of this machine, as Linux shows them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from collections.abc import Iterator
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(with_signal: signal.Signals = signal.SIGTERM) -> None:
    """This process receives the signal when its parent ends, however it ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)


def adopt_orphans() -> None:
    """Descendants whose parent dies become children of this process, not of init."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def parents() -> dict[int, int]:
    """Every process and its parent."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold spaces and brackets of its own.
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return found


def own_children() -> set[int]:
    """The direct children of this process."""
    try:
        lists = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    except OSError:  # a kernel without this file
        return {process for process, parent in parents().items() if parent == os.getpid()}
    return {int(word) for line in lists for word in line.split()}


def descendants(of: int) -> set[int]:
    """Children, their children and so on."""
    tree, level = parents(), {of}
    found: set[int] = set()
    while level := {process for process, parent in tree.items() if parent in level} - found:
        found |= level
    return found


def kill_all(processes: set[int]) -> None:
    """End them at once; those already gone do not matter."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def with_environment(name: str, value: str) -> Iterator[int]:
    """Processes that carry this variable."""
    wanted = f"{name}={value}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)


def minds(process: int, number: signal.Signals) -> bool:
    """The process catches or ignores this signal; otherwise it would end it, or has done its work."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
    masks = (line.split()[1] for line in status.splitlines() if line.startswith(("SigCgt:", "SigIgn:")))
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def name_of(process: int) -> str:
    """The program's short name; empty when it is gone."""
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
