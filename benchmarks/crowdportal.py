"""A whole portal of its own for a crowd: SQLite with one web process, or PostgreSQL and Redis with two."""

import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 300
RECORDS = ("--events", "2000", "--directives", "100", "--tasks", "1000", "--readings", "5000")
SETUPS = {"sqlite": "SQLite, one web process", "postgresql": "PostgreSQL and Redis, two web processes"}


@dataclass(frozen=True, slots=True)
class Portal:
    """Where it answers, where it keeps its files, and its environment."""

    port: int
    folder: Path
    environment: dict[str, str]

    def account(self, role: str, department: str = "") -> tuple[str, str]:
        """Name and password of one of the people to try it with."""
        for line in (self.folder / "demo-accounts.txt").read_text().splitlines():
            name, password, its_role, its_department = line.split("\t")
            if its_role == role and department in its_department:
                return name, password
        raise LookupError(f"no account for {role} {department}")

    def token(self, role: str, department: str = "") -> str:
        """A token of the interface."""
        return self.manage("create_token", self.account(role, department)[0]).strip()

    def manage(self, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def memory(self) -> int:
        """Bytes of all its processes; pages that they share count once."""
        wanted, total = f"DATA_DIR={self.folder}".encode(), 0
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if wanted in (path / "environ").read_bytes().split(b"\0"):
                    lines = (path / "smaps_rollup").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
        return total


@contextmanager
def portal(setup: str) -> Iterator[Portal]:
    """Running and filled for as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="portal-crowd-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        made = Portal(_spare_port(), folder, {})
        made.environment.update(_environment(made, setup, stack))
        serve = subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "serve.py"],
            cwd=ROOT,
            env=made.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        stack.callback(serve.wait, 60)
        stack.callback(serve.send_signal, signal.SIGTERM)
        _wait(made, serve)
        made.manage("generate_records", *RECORDS)
        yield made


def _environment(made: Portal, setup: str, stack: ExitStack) -> dict[str, str]:
    sys.path.insert(0, str(ROOT / "scripts"))  # a folder of programs and no package
    servers = importlib.import_module("servers")
    own = {
        "DATA_DIR": str(made.folder),
        "HOST": "127.0.0.1",
        "PORT": str(made.port),
        # All gauges share one token, all officials one address.
        "API_RATE_USER": "1000000/min",
        "LOG_LEVEL": "WARNING",
    }
    if setup == "postgresql":
        own["DATABASE_URL"] = stack.enter_context(servers.postgresql())
        own["CELERY_BROKER_URL"] = f"{stack.enter_context(servers.redis(kept=True))}/0"
    else:
        own["DATABASE_URL"] = f"sqlite:///{made.folder / 'portal.sqlite3'}"
    own["WEB_WORKERS"] = "2" if setup == "postgresql" else "1"
    return {**os.environ, **own}


def _wait(made: Portal, serve: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and serve.poll() is None:
        address = f"http://127.0.0.1:{made.port}/healthz"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if json.load(answer):
                return
        time.sleep(0.5)
    raise RuntimeError("the portal did not start")


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
