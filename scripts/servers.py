"""A PostgreSQL and a Redis of our own, for as long as a block runs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from console import Stop
from processes import die_with_parent

START_SECONDS = 60
USER = "portal"


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of an empty database, on a spare port; nothing of it survives the block."""
    owner = _owner()
    with _folder(owner) as folder:
        data, port = folder / "data", _spare_port()
        initdb = [_binary("initdb"), "-D", str(data), "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8"]
        _run_as(owner, [*initdb, "--locale=C"], folder)
        # What makes it safe against a power cut is off: the data live a few minutes.
        fast = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
        where = ["-clisten_addresses=127.0.0.1", f"-cport={port}", "-cunix_socket_directories="]
        server = [_binary("postgres"), "-D", str(data), *where, *fast, "-cmax_connections=200"]
        create = [_binary("psql"), "-h", "127.0.0.1", "-p", str(port), "-U", USER, "-d", "postgres", "-Xqc"]
        with _server(server, owner, folder, stop_signal=signal.SIGINT) as alive:
            _wait(alive, lambda: _succeeds([*create, "SELECT 1"]), "PostgreSQL", folder)
            _succeeds([*create, "CREATE DATABASE portal"])
            yield f"postgres://{USER}@127.0.0.1:{port}/portal"


@contextmanager
def redis(*, kept: bool = False) -> Iterator[str]:
    """The URL of an empty Redis, on a spare port; nothing of it survives the block.

    ``kept``: it writes what it holds to disk, as it does in production.
    """
    with _folder(None) as folder:
        port = _spare_port()
        keeping = ["--appendonly", "yes", "--appendfsync", "everysec"] if kept else ["--appendonly", "no"]
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", *keeping]
        command = [_binary("redis-server"), *options, "--dir", str(folder), "--databases", "16"]
        with _server(command, None, folder, stop_signal=signal.SIGTERM) as alive:
            _wait(alive, lambda: _answers(port), "Redis", folder)
            yield f"redis://127.0.0.1:{port}"


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: the user it runs as instead, None for the current one."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


@contextmanager
def _folder(owner: pwd.struct_passwd | None) -> Iterator[Path]:
    # Not below TMPDIR, which may be closed to the other user.
    folder = Path(tempfile.mkdtemp(prefix="portal-server-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(
    command: Sequence[str], owner: pwd.struct_passwd | None, folder: Path, *, stop_signal: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    """The server runs for as long as the block, and never longer than this process."""
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the tests first
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            preexec_fn=lambda: die_with_parent(stop_signal),
        )
        try:
            yield server
        finally:
            _end(server, stop_signal)


def _end(server: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    server.send_signal(stop_signal)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _run_as(owner: pwd.struct_passwd | None, command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        check=False,
    )
    if done.returncode != 0:
        raise Stop(f"无法初始化测试数据库：{done.stderr.strip()}")


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], bool], name: str, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if server.poll() is not None or time.monotonic() > deadline:
            log = (folder / "log").read_text(errors="replace").strip()
            raise Stop(f"测试用的 {name} 没有启动：{log}")
        time.sleep(0.1)


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binary(name: str) -> str:
    """The newest of Debian's versions, else what PATH has."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: float(path.parent.parent.name), default=None)
    found = str(newest) if newest else shutil.which(name)
    if not found:
        raise Stop(f"找不到 {name}，请重新执行 make test 以安装它。")
    return found
