"""Where one portal lives and listens: its folder, its address, its secret."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import processes
from console import ROOT, Stop, explain

MARK = "PORTAL_INSTANCE"  # carried by every process of one run; its value is DATA_DIR
LEAST_FREE_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where this portal lives and listens."""

    data_dir: Path
    host: str
    ip: str
    port: int

    @property
    def address(self) -> str:
        """The address for a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def read_place(given: Mapping[str, str]) -> Place:
    """HOST, PORT and DATA_DIR from the environment."""
    port = given.get("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Stop(f"PORT={port} 不是有效的端口号，请用 1 到 65535 之间的数字。")
    data_dir = Path(given.get("DATA_DIR") or ROOT / "var")
    host = given.get("HOST") or "127.0.0.1"
    return Place(data_dir=(ROOT / data_dir).resolve(), host=host, ip=ip_of(host), port=int(port))


def ip_of(host: str) -> str:
    """The number behind a name, which is all that the web server takes; IPv4 first."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Stop(f"HOST={host} 不是本机可用的地址，请用 127.0.0.1、0.0.0.0 或本机的地址。") from error
    numbers = sorted(found, key=lambda entry: entry[0] != socket.AF_INET)
    return str(numbers[0][4][0])


def make_folders(data_dir: Path) -> None:
    """Create what is written to, and find out now whether it can be written."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("run", "logs", "cache", "tmp", "media"):
            (data_dir / name).mkdir(exist_ok=True)
        probe = data_dir / "run" / "writable"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        raise Stop(f"数据目录 {data_dir} 无法写入：{explain(error)}") from error
    free = shutil.disk_usage(data_dir).free
    if free < LEAST_FREE_BYTES:
        raise Stop(f"数据目录 {data_dir} 所在磁盘只剩 {free // 2**20} MB，至少需要 100 MB，请清理后重试。")


def hold_lock(data_dir: Path) -> IO[str]:
    """One run per DATA_DIR; the kernel drops the lock of a run that was killed."""
    handle = (data_dir / "run" / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        raise Stop(
            f"数据目录 {data_dir} 已有一个正在运行的门户（进程 {handle.read().strip()}），请先停止它。"
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def end_predecessor(data_dir: Path) -> None:
    """End what a run left that was killed itself, and remove its temporary files."""
    processes.kill_all(set(processes.with_environment(MARK, str(data_dir))) - {os.getpid()})
    shutil.rmtree(data_dir / "tmp", ignore_errors=True)
    (data_dir / "tmp").mkdir()


def check_port(place: Place) -> None:
    """The address is free."""
    family = socket.AF_INET6 if ":" in place.ip else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((place.ip, place.port))
            probe.listen()
    except OSError as error:
        reason = error.strerror
        if error.errno == 98:
            reason = "端口已被占用，请停止占用它的程序，或换一个端口（PORT=8001 make run）"
        raise Stop(f"无法在 {place.host}:{place.port} 上提供服务：{reason}。") from error


def environment(place: Place) -> dict[str, str]:
    """What every process of this run carries; all that is written goes to DATA_DIR."""
    data_dir = place.data_dir
    return {
        MARK: str(data_dir),
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "zalantun.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or stored_secret(data_dir / "secret-key"),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_CACHE_HOME": str(data_dir / "cache"),
        "TMPDIR": str(data_dir / "tmp"),
    }


def stored_secret(path: Path) -> str:
    """This portal's own secret, made at its first start, readable by its owner only."""
    if not path.is_file() or not path.read_text().strip():
        draft = path.with_name(f".{path.name}")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        draft.replace(path)
    return path.read_text().strip()
