"""A whole portal in processes of its own, for tests that kill them."""

import hashlib
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql

Answer = TypeVar("Answer")
ROOT = Path(__file__).resolve().parents[2]
# How long a start may take on a busy machine; nothing is measured by it.
START_SECONDS = 240


def script(name: str) -> Any:
    """A module of scripts/, which is a folder of programs and no package."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def spare_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def database_of(data_dir: Path) -> str:
    """The URL of this portal's own database, made on the test run's PostgreSQL when there is one."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return f"sqlite:///{data_dir / 'portal.sqlite3'}"
    name = f"portal_{hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]}"
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{url.rpartition('/')[0]}/{name}"


def environment(data_dir: Path, port: int) -> dict[str, str]:
    """As an operator has it; PostgreSQL and Redis where this test run has them."""
    drop = {"DJANGO_SETTINGS_MODULE", "SECRET_KEY", "PORTAL_INSTANCE", "TEST_ROOT"}
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    own = {"DATA_DIR": str(data_dir), "DATABASE_URL": database_of(data_dir)}
    return kept | own | {"HOST": "127.0.0.1", "PORT": str(port), "HEARTBEAT_SECONDS": "1"}


def wait_for(what: str, ask: Callable[[], "Answer | None"], *, seconds: float) -> "Answer":
    """The first answer that is not None."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (answer := ask()) is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"no {what} within {seconds} s")


class Portal:
    """``make run`` without make: ``scripts/serve.py`` in a folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = spare_port()
        self.output = data_dir.with_name(f"{data_dir.name}-output")
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Start it without waiting."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "scripts" / "serve.py"],
                cwd=ROOT,
                env=environment(self.data_dir, self.port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=script("processes").die_with_parent,  # whatever becomes of the test
            )

    def wait_until_ready(self, *, seconds: float = START_SECONDS) -> None:
        """Until it says so; fails at once when it ends instead."""

        def ready() -> bool | None:
            assert self.process.poll() is None, self.said()
            return True if "Ready: " in self.said() else None

        wait_for(f"line Ready in {self.output}", ready, seconds=seconds)

    def said(self) -> str:
        """All it printed so far."""
        return self.output.read_text(encoding="utf-8")

    def processes(self) -> dict[int, str]:
        """Every process that carries this DATA_DIR, with its command line."""
        wanted = f"DATA_DIR={self.data_dir}".encode()
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (path / "environ").read_bytes().split(b"\0"):
                    found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def program(self, pattern: str) -> int | None:
        """The process of this program that supervisord itself started."""
        running = self.processes()
        supervisord = next((pid for pid, line in running.items() if "supervisord" in line), None)
        for pid, line in running.items():
            if re.search(pattern, line) and parent(pid) == supervisord:
                return pid
        return None

    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and body of /healthz; 0 without an answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to end; seconds until the last process was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        wait_for("end of all processes", lambda: True if not self.processes() else None, seconds=30)
        return time.monotonic() - began


def parent(pid: int) -> int | None:
    """The parent's id; None when the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
