"""``make run``: set-up, then the portal in this process's place."""

from __future__ import annotations

import os

from console import PYTHON, ROOT, main
from setup import set_up


def run() -> int:
    """Does not return: the process becomes ``serve.py`` in the virtual environment."""
    set_up()
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "scripts" / "serve.py")])


if __name__ == "__main__":
    main(run)
