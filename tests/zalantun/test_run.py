"""The portal as processes: it gets ready, restarts what dies, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.zalantun.portal import ROOT, START_SECONDS, Portal, environment, script, wait_for

pytestmark = pytest.mark.slow

processes = script("processes")
PROGRAMS = {
    "web": "granian",
    "worker": "celery .* worker -Q default",
    "worker-documents": "celery .* worker -Q documents",
    "worker-outbound": "celery .* worker -Q outbound",
    "beat": "celery .* beat",
}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("portal") / "data"


@pytest.fixture
def portal(data_dir: Path) -> Iterator[Portal]:
    """A running portal; the folder is kept from test to test, as between two starts."""
    portal = Portal(data_dir)
    portal.start()
    try:
        portal.wait_until_ready()
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.stop()


def test_it_gets_ready_restarts_what_dies_and_stops(portal: Portal) -> None:
    assert f"Ready: http://127.0.0.1:{portal.port}/\n" in portal.said()
    assert portal.said().count("Ready") == 1
    accounts = str(portal.data_dir / "demo-accounts.txt")
    wait_for("line of the accounts", lambda: True if accounts in portal.said() else None, seconds=2)
    assert portal.health()[0] == 200

    everything = processes.descendants(portal.process.pid)
    assert len(everything) >= 8
    assert everything <= set(portal.processes()), "a process without DATA_DIR in its environment"

    for name, pattern in PROGRAMS.items():
        old = portal.program(pattern)
        assert old is not None, name
        left_behind = processes.descendants(old)
        os.kill(old, signal.SIGKILL)
        new = wait_for(f"new {name}", lambda p=pattern, o=old: _other(portal.program(p), o), seconds=5)  # type: ignore[misc]
        assert new != old
        assert not left_behind & set(portal.processes()), f"{name} left processes behind"
    # The programs are back within 5 s; how soon they answer depends on what else the machine does.
    wait_for("answer", lambda: True if portal.health()[0] == 200 else None, seconds=40)

    began = time.time()
    wait_for("sign of all after the restart", lambda: _signed_after(portal, began), seconds=40)

    restarted_worker_does_its_work(portal)
    assert portal.stop() < 10
    assert portal.process.returncode == 0


def restarted_worker_does_its_work(portal: Portal) -> None:
    model = "from zalantun.models import Heartbeat"
    task = "from zalantun.tasks import forget_old_heartbeats"
    create = "Heartbeat.objects.create(name='beat/gone', at='2000-01-01T00:00Z')"
    manage(portal, "shell", "-v0", "-c", f"{model}; {task}; {create}; forget_old_heartbeats.delay()")
    look = f"{model}; print(Heartbeat.objects.filter(name='beat/gone').exists())"

    def done() -> bool | None:
        return True if manage(portal, "shell", "-v0", "-c", look) == "False" else None

    wait_for("effect of the task", done, seconds=15)


def manage(portal: Portal, *arguments: str) -> str:
    """Run a command beside the portal; returns what it prints."""
    command = [sys.executable, "manage.py", *arguments]
    env = environment(portal.data_dir, portal.port)
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=True
    ).stdout.strip()


def _other(new: int | None, old: int) -> int | None:
    return None if new in (None, old) else new


def _signed_after(portal: Portal, began: float) -> bool | None:
    status, body = portal.health()
    ages = [body[part]["age"] for part in ("worker", "beat")] if status == 200 else [1e9]
    return True if time.time() - max(ages) > began else None


def test_a_second_start_is_quick_and_ctrl_c_ends_it(portal: Portal) -> None:
    """Against as many bare processes as the portal has, all at once in the same minute: speed is a ratio."""
    portal.stop()
    bare = seconds_to_load(portal, processes_at_once=8)
    began = time.monotonic()
    portal.start()
    portal.wait_until_ready()
    assert time.monotonic() - began < 2 * bare
    assert portal.stop(signal.SIGINT) < 10
    assert portal.process.returncode == 0


def seconds_to_load(portal: Portal, *, processes_at_once: int) -> float:
    """How long so many processes take that load the portal and do nothing."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", "import zalantun.urls"]
    env = environment(portal.data_dir, portal.port)
    began = time.monotonic()
    running = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(processes_at_once)]
    assert [process.wait() for process in running] == [0] * processes_at_once
    return time.monotonic() - began


def test_a_killed_run_takes_its_programs_along(portal: Portal) -> None:
    os.kill(portal.process.pid, signal.SIGKILL)
    wait_for("end of all processes", lambda: True if not portal.processes() else None, seconds=15)


def test_told_to_stop_while_it_prepares_it_stops(tmp_path: Path) -> None:
    portal = Portal(tmp_path / "data")
    portal.start()
    wait_for("preparation", lambda: True if "prepare_start" in str(portal.processes()) else None, seconds=40)
    assert portal.stop() < 10
    assert "Traceback" not in portal.said()


def test_one_folder_has_one_portal_and_commands_work_beside_it(portal: Portal) -> None:
    again = refusal(portal.data_dir, portal.port + 1)
    assert "已有一个正在运行的门户" in again
    user = (portal.data_dir / "demo-accounts.txt").read_text().split("\t")[0]
    assert re.fullmatch("[0-9a-f]{40}", manage(portal, "create_token", user))


# -- one clear sentence ---------------------------------------------------------------------


def refusal(data_dir: Path, port: int | str, **more: str) -> str:
    """What a start says that cannot succeed: one line on stderr, status 1."""
    env = environment(data_dir, 1) | {"PORT": str(port)} | more
    done = subprocess.run(
        [sys.executable, "scripts/serve.py"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_busy_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"127.0.0.1:{port}" in refusal(tmp_path / "data", port)


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_none(tmp_path: Path, port: str) -> None:
    assert f"PORT={port}" in refusal(tmp_path / "data", port)


def test_a_host_that_is_none(tmp_path: Path) -> None:
    assert "HOST=no-such-host.invalid" in refusal(tmp_path / "data", 8000, HOST="no-such-host.invalid")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_demo_accounts_where_others_reach_them(tmp_path: Path, host: str) -> None:
    said = refusal(tmp_path / "data", 8000, HOST=host)
    assert f"HOST={host}" in said
    assert "DEMO_ACCOUNTS=false" in said
    assert not (tmp_path / "data" / "demo-accounts.txt").exists()


def test_a_name_is_served_at_its_number() -> None:
    assert script("place").ip_of("localhost") == "127.0.0.1"


def test_a_data_dir_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "无法写入" in refusal(tmp_path / "file", 8000)


def test_a_data_dir_that_cannot_be_made() -> None:
    assert "无法写入" in refusal(Path("/proc/portal"), 8000)


def test_a_database_that_cannot_be_reached(tmp_path: Path) -> None:
    said = refusal(tmp_path / "data", 8999, DATABASE_URL="postgres://nobody@127.0.0.1:1/absent")
    assert said.startswith("启动准备失败")
    assert "prepare.log" in said
