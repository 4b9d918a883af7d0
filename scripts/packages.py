"""Debian packages: which are missing, and how they get here."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from console import Stop, run_program, say


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def _system_program(name: str) -> bool:
    """Also where only the administrator's PATH leads."""
    return _program(name) or Path("/usr/sbin", name).is_file()


def _postgresql() -> bool:
    return _program("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _faketime() -> bool:
    return any(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def _module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


Present = Callable[[], bool]
# What a package is needed for may be there without it. Where only the package counts, there is no probe.
RUNTIME: dict[str, Present | None] = {
    "libpango-1.0-0": partial(_library, "libpango-1.0.so.0"),
    "libpangoft2-1.0-0": partial(_library, "libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": partial(_library, "libharfbuzz-subset.so.0"),
    "fontconfig": partial(_program, "fc-list"),
    "fonts-noto-cjk": None,
    "fonts-lxgw-wenkai": None,
}
VENV_PACKAGE: dict[str, Present | None] = {"python3-venv": partial(_module, "ensurepip")}
DEVELOPMENT: dict[str, Present | None] = {
    "postgresql": _postgresql,
    "redis-server": partial(_program, "redis-server"),
    "chromium": partial(_program, "chromium", "chromium-browser"),
    "poppler-utils": partial(_program, "pdftoppm"),
    "libfaketime": _faketime,
    "nginx": partial(_system_program, "nginx"),
}


def missing_packages(wanted: dict[str, Present | None]) -> list[str]:
    """Those that are neither installed nor replaced by something else."""
    absent = [name for name, present in wanted.items() if present is None or not present()]
    return [name for name in absent if name not in _installed(absent)]


def _installed(names: Iterable[str]) -> set[str]:
    """What dpkg has; where there is no dpkg, nothing can be said, so nothing is asked for."""
    names = list(names)
    if not names or not shutil.which("dpkg-query"):
        return set(names)
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    rows = (line.split() for line in done.stdout.splitlines())
    return {row[0] for row in rows if len(row) == 2 and row[1].startswith("ii")}


def install_packages(names: list[str]) -> None:
    """Install them as root or by passwordless sudo; otherwise say the one line to run."""
    if not names:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    prefix = _privilege()
    if prefix is None or not shutil.which("apt-get"):
        raise Stop(f"缺少系统软件包，当前用户无权安装。请先执行：sudo {line}")
    say(f"安装系统软件包：{' '.join(names)}……")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    try:
        run_program("安装系统软件包", install, env=quiet)
    except Stop:
        # The lists are old or absent, or an earlier installation was interrupted.
        run_program("修复软件包状态", [*prefix, "dpkg", "--configure", "-a"], env=quiet)
        run_program("更新软件包列表", [*apt, "update"], env=quiet)
        run_program("安装系统软件包", install, env=quiet)


def _privilege() -> list[str] | None:
    """The words before a command that needs root; None when there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None
