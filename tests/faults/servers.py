"""Servers that are stopped and started again: how they were started is read from /proc."""

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.zalantun.portal import script, wait_for


@dataclass
class Server:
    """A running PostgreSQL or Redis, by its process; Redis writes its title over its ``command``."""

    pid: int
    command: list[str] = field(default_factory=list)
    owner: tuple[int, int] = field(init=False)
    folder: Path = field(init=False)
    again: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        proc = Path(f"/proc/{self.pid}")
        self.command = self.command or (proc / "cmdline").read_bytes().decode().rstrip("\0").split("\0")
        self.owner = (proc.stat().st_uid, proc.stat().st_gid)
        self.folder = (proc / "cwd").readlink()

    def stop(self, number: signal.Signals) -> None:
        """Send the signal and wait until the process is gone."""
        os.kill(self.pid, number)
        wait_for("end of the server", lambda: True if _ended(self.pid) else None, seconds=60)

    def start(self) -> None:
        """As it was started before; it ends with the test run at the latest."""
        user, group = self.owner
        self.again = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user if os.geteuid() == 0 else None,
            group=group if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            start_new_session=True,
            preexec_fn=lambda: script("processes").die_with_parent(signal.SIGINT),
        )
        self.pid = self.again.pid

    def end(self) -> None:
        """End the one that was started here."""
        if self.again is not None:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(timeout=30)


@dataclass
class Folder:
    """What a folder serves is away while it bears another name."""

    path: Path

    def stop(self, number: signal.Signals) -> None:
        """Take it away; there is no process that a signal could reach."""
        self.path.rename(self.path.with_name("away"))

    def start(self) -> None:
        """Put it back."""
        self.path.with_name("away").rename(self.path)


def _ended(pid: int) -> bool:
    """Gone, or dead and not yet waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
