"""Workers and beat as ``make run`` starts them, on the test's own database, to be killed at will."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.zalantun.portal import ROOT, START_SECONDS, script, wait_for
from zalantun.models import Heartbeat

PROGRAMS = script("programs")
DROPPED = {"DJANGO_SETTINGS_MODULE", "PORTAL_INSTANCE", "TEST_ROOT"}


def database_url() -> str:
    """The test's database, for other processes."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


class Clockwork:
    """Named processes: ``worker``, ``outbound``, ``beat``, and a second of each where a test wants it."""

    def __init__(self, data_dir: Path, broker_url: str) -> None:
        self.data_dir = data_dir
        self.environment = {key: value for key, value in os.environ.items() if key not in DROPPED} | {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url(),
            "CELERY_BROKER_URL": broker_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "HEARTBEAT_SECONDS": "1",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        script("place").make_folders(data_dir)
        for name in ("messages", "queues"):
            (data_dir / "broker" / name).mkdir(parents=True, exist_ok=True)

    def start(self, *names: str) -> None:
        """Start these, and wait until each has shown that it lives."""
        began = timezone.now()
        for name in names:
            self._start(name)
        self.wait_for_signs(*names, since=began)

    def _start(self, name: str) -> None:
        with (self.data_dir / "logs" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *self._command(name)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=script("processes").die_with_parent,
            )

    def _command(self, name: str) -> list[str]:
        if name.startswith("beat"):
            # Two beats stand for two machines: each keeps its own last runs.
            return [*PROGRAMS.beat().command, "--schedule", str(self.data_dir / "run" / name)]
        queue = "outbound" if name.startswith("outbound") else "default"
        command: list[str] = PROGRAMS.worker(name, queue=queue, concurrency=1).command
        return [f"{name}@%h" if word == f"{queue}@%h" else word for word in command]

    def wait_for_signs(self, *names: str, since: datetime) -> datetime:
        """Until each has signed after a moment; returns when that was seen."""
        kinds = {_kind(name) for name in names}

        def signed() -> datetime | None:
            for name in names:
                assert self.processes[name].poll() is None, self.log(name)
            rows = Heartbeat.objects.filter(at__gt=since).values_list("name", flat=True)
            return timezone.now() if kinds <= {row.partition("/")[0] for row in rows} else None

        return wait_for(f"sign of {', '.join(names)}", signed, seconds=START_SECONDS)

    def kill(self, name: str) -> None:
        """kill -9, with all that belongs to it."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def kill_child(self, name: str) -> None:
        """kill -9 of the processes that do a worker's tasks; the worker itself lives on."""
        script("processes").kill_all(script("processes").descendants(self.processes[name].pid))

    def log(self, name: str) -> str:
        """What it printed last, for a test that fails."""
        return (self.data_dir / "logs" / f"{name}.log").read_text(errors="replace")[-3000:]

    def end(self) -> None:
        """End all of them."""
        for name in list(self.processes):
            self.kill(name)


def _kind(name: str) -> str:
    if name.startswith("beat"):
        return "beat"
    return "worker:outbound" if name.startswith("outbound") else "worker:default"
