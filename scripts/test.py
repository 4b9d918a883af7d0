"""``make test``: the whole suite, on SQLite and on PostgreSQL with Redis.

``PYTEST_ARGS`` is handed to pytest in both passes (``PYTEST_ARGS="-k chronicle" make test``).
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from console import PYTHON, ROOT, main, say
from processes import die_with_parent
from servers import postgresql, redis
from setup import set_up

NOTHING_COLLECTED = 5


@dataclass(frozen=True, slots=True)
class Result:
    """``status`` is pytest's own."""

    name: str
    status: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Nothing failed; a narrow PYTEST_ARGS may leave nothing to run."""
        narrowed = self.status == NOTHING_COLLECTED and bool(os.environ.get("PYTEST_ARGS"))
        return self.status == 0 or narrowed


def test() -> int:
    """Both passes, even when the first fails; 1 when one of them failed."""
    signal.signal(signal.SIGTERM, _leave)
    set_up(development=True)
    results = [_pass("SQLite", _on_sqlite), _pass("PostgreSQL + Redis", _on_servers)]
    say("")
    for result in results:
        outcome = "passed" if result.passed else f"FAILED (pytest status {result.status})"
        say(f"{result.name}: {outcome} in {result.seconds:.0f} s")
    return 0 if all(result.passed for result in results) else 1


def _leave(number: int, frame: Any) -> None:
    """End through the ``finally`` of every block, so that servers stop and folders go."""
    raise SystemExit(128 + number)


def _on_sqlite(stack: ExitStack) -> dict[str, str]:
    return {}


def _on_servers(stack: ExitStack) -> dict[str, str]:
    database, broker = stack.enter_context(postgresql()), stack.enter_context(redis())
    return {"DATABASE_URL": database, "CELERY_BROKER_URL": broker}


def _pass(name: str, servers: Callable[[ExitStack], dict[str, str]]) -> Result:
    say(f"\n== {name}")
    began = time.monotonic()
    with ExitStack() as stack:
        root = tempfile.mkdtemp(prefix="portal-tests-")
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        status = _pytest({**servers(stack), "TEST_ROOT": root})
    return Result(name, status, time.monotonic() - began)


def _pytest(env: Mapping[str, str]) -> int:
    """Run pytest in an environment that says nothing of the operator's portal; returns its status."""
    inherited = {key: value for key, value in os.environ.items() if key not in _OPERATORS}
    command = [
        *(str(PYTHON), "-m", "pytest", "-n", os.environ.get("PYTEST_WORKERS", "2")),
        *shlex.split(os.environ.get("PYTEST_ARGS", "")),
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**inherited, **env}, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent
    )
    try:
        return process.wait()
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


_OPERATORS = {
    *("DATA_DIR", "DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG"),
    *("EMAIL_URL", "NOTIFY_URLS", "HOST", "PORT", "DJANGO_SETTINGS_MODULE"),
}

if __name__ == "__main__":
    main(test)
