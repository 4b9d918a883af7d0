"""A full disk does not end a web process in the middle of a request: its measurements have their room."""

import os
import subprocess
import sys
from pathlib import Path

from tests.zalantun.portal import ROOT

STARTED = """
import os, zalantun.wsgi
from pathlib import Path
[path] = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("histogram_*.db")
print(path.stat().st_size, path.stat().st_blocks * 512)
"""


def test_the_room_is_taken_at_the_start(tmp_path: Path) -> None:
    env = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", STARTED],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    size, taken = map(int, done.stdout.split()[-2:])
    assert taken >= size >= 8 * 2**20
