"""Runs the portal in the foreground: preparation, then supervisor with its programs.

supervisor restarts a program that dies. This process stands above it for what
supervisor cannot do: it adopts and ends what a killed program leaves behind,
says when the portal is ready, and sees to it that nothing is left at the end.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import environ
import processes
from console import PYTHON, ROOT, Stop, main, say
from place import (
    MARK,
    Place,
    check_port,
    end_predecessor,
    environment,
    hold_lock,
    make_folders,
    read_place,
)
from programs import beat, configuration, web, worker

STOP_SECONDS = 8.5
FLAGS = (("DEMO_ACCOUNTS", "true"), ("DEBUG", "false"))
NO = ("false", "0", "no", "off", "f", "n", "")
TICK_SECONDS = 0.2
PATIENCE_SECONDS = 60  # after this long it says what the portal is waiting for


def serve() -> int:
    """The whole life of one run; 0 when it was asked to stop."""
    os.umask(0o077)
    environ.Env.read_env(ROOT / ".env")
    place = read_place(os.environ)
    refuse_demo_in_public(place)
    make_folders(place.data_dir)
    if os.environ.get(MARK) != str(place.data_dir):
        # Once more from the start, so that this process shows DATA_DIR in its environment as well.
        os.execve(PYTHON, [str(PYTHON), __file__], os.environ | environment(place))
    stopping = StopRequest()
    with hold_lock(place.data_dir):
        end_predecessor(place.data_dir)
        check_port(place)
        if not prepare(place, stopping):
            return 0
        return supervise(place, stopping)


def refuse_demo_in_public(place: Place) -> None:
    """Accounts whose passwords lie in a file are for a portal that only this machine reaches."""
    wanted, debug = (os.environ.get(name, default).lower() for name, default in FLAGS)
    if ipaddress.ip_address(place.ip).is_loopback or wanted in NO or debug not in NO:
        return
    raise Stop(
        f"HOST={place.host} 不限于本机，而演示账号是开着的：请设 DEMO_ACCOUNTS=false，"
        "首批管理员用 .venv/bin/python manage.py create_administrators 建立；只在本机试用则不要设 HOST。"
    )


class StopRequest:
    """Somebody wants the portal to end: a signal, or the end of the make that started it.

    make passes SIGTERM on, but not a SIGINT that was sent to it alone: it only
    stops catching that signal and waits for its children, which shows in /proc.
    """

    def __init__(self) -> None:
        self.requested = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        self._parent = os.getppid()
        self._below_make = processes.name_of(self._parent).endswith("make")

    def _note(self, number: int, frame: Any) -> None:
        self.requested = True

    def look(self) -> bool:
        """Whether the end is wanted."""
        if self._below_make and not self.requested:
            gone = os.getppid() != self._parent
            self.requested = gone or not processes.minds(self._parent, signal.SIGINT)
        return self.requested


def prepare(place: Place, stopping: StopRequest) -> bool:
    """Bring database and assets up to date; False when the end was wanted meanwhile."""
    log = place.data_dir / "logs" / "prepare.log"
    with log.open("w") as output:
        work = subprocess.Popen(
            [PYTHON, "manage.py", "prepare_start"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=processes.die_with_parent,
        )
        say("准备数据库和静态文件……")
        while work.poll() is None and not stopping.look():
            time.sleep(TICK_SECONDS)
    if work.poll() is None:
        work.kill()  # each of its steps is a transaction or is done again
        work.wait()
        return False
    if work.returncode != 0:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        raise Stop(f"启动准备失败：{lines[-1] if lines else '没有输出'}（全部输出见 {log}）")
    return True


def supervise(place: Place, stopping: StopRequest) -> int:
    """Start supervisord and stay until the end is wanted; 1 when supervisord itself dies."""
    processes.adopt_orphans()
    supervisord = start_supervisord(place)
    watch = Readiness(place)
    try:
        while supervisord.poll() is None and not stopping.look():
            end_orphans(but=supervisord.pid)
            watch.look()
            time.sleep(TICK_SECONDS)
        died = not stopping.requested
    finally:
        stop(supervisord)
    if died:
        raise Stop(f"管理进程意外退出，门户已停止。日志：{place.data_dir / 'logs' / 'supervisord.log'}")
    say("门户已停止。")
    return 0


def start_supervisord(place: Place) -> subprocess.Popen[bytes]:
    """supervisord with the portal's programs; it ends when this process ends, however it ends."""
    path = place.data_dir / "run" / "supervisord.conf"
    programs = [
        web(
            host=place.ip,
            port=place.port,
            workers=_number("WEB_WORKERS", 2),
            threads=_number("WEB_THREADS", 8),
            measurements=empty_folder(place.data_dir / "run" / "measurements"),
        ),
        worker("worker", queue="default", concurrency=_number("WORKER_CONCURRENCY", 1)),
        worker("worker-documents", queue="documents", concurrency=_number("DOCUMENT_CONCURRENCY", 1)),
        worker("worker-outbound", queue="outbound", concurrency=_number("OUTBOUND_CONCURRENCY", 1)),
        beat(),
    ]
    path.write_text(configuration(programs, data_dir=place.data_dir))
    return subprocess.Popen(
        [PYTHON, "-m", "supervisor.supervisord", "-c", path],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches this process alone, which stops them in order
        preexec_fn=processes.die_with_parent,
    )


def empty_folder(path: Path) -> Path:
    """The folder, without what the last run left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    return path


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise Stop(f"{name}={value} 不是有效的数量，请用 1 以上的数字。")
    return int(value)


def end_orphans(*, but: int) -> None:
    """End what a killed program left behind, before its successor starts."""
    orphans = processes.own_children() - {but}
    processes.kill_all(orphans)
    for orphan in orphans:
        os.waitpid(orphan, os.WNOHANG)


def stop(supervisord: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then end whatever is left."""
    deadline = time.monotonic() + STOP_SECONDS
    if supervisord.poll() is None:
        supervisord.terminate()
    while time.monotonic() < deadline and supervisord.poll() is None:
        time.sleep(0.05)
    while left := processes.descendants(os.getpid()):
        processes.kill_all(left)
        supervisord.poll()
        _reap()
        time.sleep(0.05)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


class Readiness:
    """Says once that the portal is ready; before that, after a while, what it waits for."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._began = time.monotonic()
        self._said_ready = self._said_waiting = False

    def look(self) -> None:
        """Ask /healthz until it answers 200."""
        if self._said_ready:
            return
        status, parts = ask_health(self._place)
        if status == 200:
            self._said_ready = True
            self._announce()
        elif time.monotonic() - self._began > PATIENCE_SECONDS and not self._said_waiting:
            self._said_waiting = True
            say(f"仍未就绪：{'、'.join(parts) or '网站没有应答'}。日志：{self._place.data_dir / 'logs'}")

    def _announce(self) -> None:
        accounts = self._place.data_dir / "demo-accounts.txt"
        say(f"Ready: {self._place.address}")
        if accounts.is_file():
            say(f"演示账号和密码：{accounts}")


def ask_health(place: Place) -> tuple[int, list[str]]:
    """The status of /healthz (0 without an answer) and the parts that are not well."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(place.ip, place.ip)  # noqa: S104 - asks, does not bind
    connection = http.client.HTTPConnection(host, place.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        body: dict[str, Any] = json.load(response)
    except (OSError, ValueError, http.client.HTTPException):
        return 0, []
    finally:
        connection.close()
    return response.status, [name for name, state in body.items() if not state["ok"]]


if __name__ == "__main__":
    main(serve)
