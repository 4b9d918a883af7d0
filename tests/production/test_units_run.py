"""Each command of the units, started as systemd would: nothing but the settings of the example file."""

import configparser
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.zalantun.portal import ROOT, START_SECONDS, database_of, script, spare_port, wait_for

pytestmark = pytest.mark.slow
SYSTEMD = ROOT / "deploy" / "systemd"
PYTHON = "/srv/zalantun/.venv/bin/python"
HOST = "gazette.example.cn"


class Machine:
    """Runs what units say, with ``deploy/zalantun.env.example`` and the servers of this test run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data_dir = folder, folder / "data"
        given = dict(
            line.split("=", 1)
            for line in (ROOT / "deploy" / "zalantun.env.example").read_text().splitlines()
            if "=" in line and not line.startswith("#")
        )
        given |= {"DATA_DIR": str(self.data_dir), "DATABASE_URL": database_of(self.data_dir)}
        given |= {name: secrets.token_urlsafe(40) for name in ("SECRET_KEY", "METRICS_TOKEN")}
        given |= {"CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL", "")}
        kept = {name: value for name, value in given.items() if value}
        self.environment = {"PATH": os.environ["PATH"], **kept}
        # As an administrator does it: everything in it is made by the programs themselves.
        self.data_dir.mkdir(mode=0o700)

    def command(self, unit: str, key: str = "ExecStart", instance: str = "") -> list[str]:
        """The unit's command with this machine's Python; ``%i`` is the instance."""
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(SYSTEMD / unit)
        first, *rest = shlex.split(parser["Service"][key])
        assert first == PYTHON
        return [sys.executable, *(part.replace("%i", instance).replace("%%", "%") for part in rest)]

    def run(self, command: list[str]) -> "subprocess.CompletedProcess[str]":
        """To its end."""
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=600, check=False
        )

    def start(self, command: list[str], name: str) -> "subprocess.Popen[bytes]":
        """In the background, in a group of its own, its words in a file."""
        measurements = self.folder / name
        measurements.mkdir()
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env={**self.environment, "PROMETHEUS_MULTIPROC_DIR": str(measurements)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=script("processes").die_with_parent,
            )  # fmt: skip

    def said(self, name: str) -> str:
        """What it printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    made = Machine(tmp_path_factory.mktemp("machine"))
    done = made.run(made.command("zalantun-prepare.service"))
    assert done.returncode == 0, done.stderr[-3000:]
    return made


@pytest.fixture
def started(machine: Machine) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Programs that are ended with all that belongs to them, whatever becomes of the test."""
    found: list[subprocess.Popen[bytes]] = []
    yield found
    for process in found:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def ends_when_asked(process: "subprocess.Popen[bytes]", sign: signal.Signals, seconds: float) -> bool:
    """systemd's way: the signal, and the time it waits before it kills."""
    process.send_signal(sign)
    began = time.monotonic()
    process.wait(timeout=60)
    return time.monotonic() - began < seconds


def test_the_preparation_makes_no_demo(machine: Machine) -> None:
    assert not (machine.data_dir / "demo-accounts.txt").exists()


def test_the_web_server_answers_as_soon_as_its_unit_counts_as_started(
    machine: Machine, started: list["subprocess.Popen[bytes]"]
) -> None:
    port = str(spare_port())
    started.append(machine.start(machine.command("zalantun-web@.service", instance=port), "web"))
    waited = machine.run(machine.command("zalantun-web@.service", "ExecStartPost", port))
    assert waited.returncode == 0, machine.said("web")
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/", headers={"Host": HOST, "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        assert answer.status == 200
        assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert ends_when_asked(started[0], signal.SIGTERM, 15), machine.said("web")


@pytest.mark.parametrize("queue", ["default", "documents", "outbound"])
def test_a_worker_is_ready_and_ends_when_asked(
    machine: Machine, started: list["subprocess.Popen[bytes]"], queue: str
) -> None:
    started.append(machine.start(machine.command("zalantun-worker@.service", instance=queue), queue))

    def is_ready() -> bool | None:
        return (f"{queue}@" in machine.said(queue) and "ready" in machine.said(queue)) or None

    wait_for(f"worker {queue}", is_ready, seconds=START_SECONDS)
    assert ends_when_asked(started[0], signal.SIGQUIT, 20), machine.said(queue)


def test_the_clock_sends_what_is_due(machine: Machine, started: list["subprocess.Popen[bytes]"]) -> None:
    started.append(machine.start(machine.command("zalantun-beat.service"), "beat"))
    wait_for(
        "task sent by beat", lambda: "Sending due task" in machine.said("beat") or None, seconds=START_SECONDS
    )
    assert ends_when_asked(started[0], signal.SIGTERM, 20), machine.said("beat")


def test_the_backup_is_written(machine: Machine) -> None:
    done = machine.run(machine.command("zalantun-backup.service"))
    assert done.returncode == 0, done.stderr[-3000:]
    [made] = (machine.data_dir / "backups").glob("portal-*.zip")
    assert made.stat().st_mode & 0o077 == 0
