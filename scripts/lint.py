"""``make lint``: every check of the sources, all of them even when one fails."""

from __future__ import annotations

import subprocess
import tempfile

from console import PYTHON, ROOT, main, say
from setup import set_up

CHECKS = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "."],
    "djlint": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "migrations": ["manage.py", "makemigrations", "--check", "--dry-run"],
    "system checks": ["manage.py", "check"],
}


def lint() -> int:
    """Returns 1 when any check failed."""
    set_up(development=True)
    with tempfile.TemporaryDirectory(prefix="portal-lint-") as data_dir:
        failed = [name for name, arguments in CHECKS.items() if not _passes(name, arguments, data_dir)]
    say(f"lint: {', '.join(failed)} failed" if failed else f"lint: all {len(CHECKS)} checks passed")
    return 1 if failed else 0


def _passes(name: str, arguments: list[str], data_dir: str) -> bool:
    say(f"== {name}")
    env = {"DATA_DIR": data_dir, "SECRET_KEY": "only-for-the-checks-of-the-sources-0123456789-abcdefghij"}
    command = ["env", *(f"{key}={value}" for key, value in env.items()), str(PYTHON), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main(lint)
