"""Set-up: system packages, virtual environment, Python packages, browser assets.

Each step but the last leaves a stamp of its inputs when it is complete, so a set-up that
was killed goes on where it stopped, and a finished one costs nothing. Only the
standard library is used: this runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console import PYTHON, ROOT, VENV, Stop, main, run_program, say
from packages import DEVELOPMENT, RUNTIME, VENV_PACKAGE, install_packages, missing_packages

NODE_MODULES = ROOT / "node_modules"


def set_up(*, development: bool = False) -> None:
    """Bring everything here that the portal (and, with ``development``, its tests) needs."""
    with _alone():
        _system_packages(development=development)
        _virtual_environment()
        _python_packages(development=development)
        _browser_assets(development=development)
        _byte_code()


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups of one clone follow each other; a killed one leaves no lock."""
    with Path(__file__).open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _system_packages(*, development: bool) -> None:
    wanted = {**RUNTIME, **(DEVELOPMENT if development else {})}
    if not PYTHON.exists():
        wanted |= VENV_PACKAGE
    install_packages(missing_packages(wanted))


def _virtual_environment() -> None:
    if _answers([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    say("创建虚拟环境……")
    # --clear: what a killed attempt left is of no use.
    run_program("创建虚拟环境", [sys.executable, "-m", "venv", "--clear", VENV])


def _python_packages(*, development: bool) -> None:
    files = ["requirements.txt", *(["requirements-dev.txt"] if development else [])]
    stamp = VENV / f".{files[-1]}.stamp"
    wanted = _fingerprint(*files)
    if _reads(stamp, wanted):
        return
    say("安装 Python 软件包……")
    _pip_install(files[-1])
    stamp.write_text(wanted)


def _pip_install(file: str) -> None:
    options = ["install", "--disable-pip-version-check", "--quiet", "-r", file]
    run_program("安装 Python 软件包", [PYTHON, "-m", "pip", *options])


def _browser_assets(*, development: bool) -> None:
    """What pages use; with ``development`` also the checker of their accessibility."""
    stamp = NODE_MODULES / (".complete-with-tests" if development else ".complete")
    wanted = _fingerprint("package.json", "package-lock.json")
    if _reads(stamp, wanted):
        return
    say("安装浏览器组件……")
    # Emptied here: npm itself stumbles over what a killed attempt left.
    shutil.rmtree(NODE_MODULES, ignore_errors=True)
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    chosen = [] if development else ["--omit=dev"]
    command: list[str | Path] = [*_npm(), *arguments, *chosen]
    run_program("安装浏览器组件", command)
    for finished in {stamp, NODE_MODULES / ".complete"}:
        finished.write_text(wanted)


def _npm() -> list[str | Path]:
    """The machine's npm, or one that comes into the virtual environment."""
    if (found := shutil.which("npm")) and _answers([found, "--version"]):
        return [found]
    own: list[str | Path] = [PYTHON, VENV / "bin" / "npm"]
    if not _answers([*own, "--version"]):
        say("安装 npm……")
        _pip_install("requirements-node.txt")
    return own


def _byte_code() -> None:
    """Compile our own modules once, also where Python is told to write none: eight processes load them."""
    rooms = sorted(path.parent for path in ROOT.glob("*/__init__.py"))
    run_program("编译代码", [PYTHON, "-m", "compileall", "-q", *rooms])


def _answers(command: list[str | Path]) -> bool:
    try:
        return (
            subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def _reads(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def _fingerprint(*names: str) -> str:
    """A hash over the contents of these files of the project."""
    digest = hashlib.sha256()
    for name in names:
        try:
            digest.update((ROOT / name).read_bytes())
        except FileNotFoundError:
            raise Stop(f"缺少文件 {name}，请重新获取完整的代码。") from None
    return digest.hexdigest()


def command_line() -> int:
    """``setup.py [--development]``."""
    set_up(development="--development" in sys.argv[1:])
    return 0


if __name__ == "__main__":
    main(command_line)
