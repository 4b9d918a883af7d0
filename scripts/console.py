"""Talking to the operator: one clear sentence instead of a traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TAIL = 12  # lines of a program's output shown when it fails


class Stop(Exception):
    """The step cannot be done; the message says why and what to do."""


def say(message: str) -> None:
    """One line, at once."""
    print(message, flush=True)


def run_program(what: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end; ``what`` names the step when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            preexec_fn=end_with_parent,
        )
    except OSError as error:
        raise Stop(f"{what}失败：{explain(error)}") from error
    if done.returncode == 0:
        return
    if "No space left on device" in done.stdout:
        raise Stop(f"{what}失败：磁盘空间不足，请清理后重试。")
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    raise Stop("\n".join([f"{what}失败，程序输出的最后几行是：", *lines[-TAIL:]]))


def end_with_parent() -> None:
    """At once, so that the next attempt does not meet the rest of this one at work."""
    die_with_parent(signal.SIGKILL)


def explain(error: OSError) -> str:
    """The operating system's reason in the operator's language."""
    reasons = {
        errno.ENOSPC: "磁盘空间不足，请清理后重试。",
        errno.EDQUOT: "磁盘配额已满，请清理后重试。",
        errno.EACCES: f"没有权限（{error.filename}）。",
        errno.EPERM: f"没有权限（{error.filename}）。",
        errno.EROFS: f"文件系统是只读的（{error.filename}）。",
        errno.ENOENT: f"找不到 {error.filename}。",
        errno.ENOTDIR: f"{error.filename} 的上级不是目录。",
        errno.EEXIST: f"{error.filename} 已存在，且不是目录。",
    }
    return reasons.get(error.errno or 0, f"{error.strerror}（{error.filename}）。")


def main(action: Callable[[], int]) -> None:
    """Run a script's body: errors become a sentence and a status, never a traceback."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before anything could require it
        sys.exit("需要 Python 3.11 或更高版本。可用 PYTHON=/路径/python3.11 make … 指定。")
    try:
        sys.exit(action())
    except Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"无法继续：{explain(error)}")
