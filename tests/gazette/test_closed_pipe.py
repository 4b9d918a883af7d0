"""``import_gazette … | head`` ends quietly."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_nobody_reads_to_the_end(tmp_path: Path) -> None:
    file = tmp_path / "gazette.txt"
    file.write_text("# 2023年5月大事记\n\n**8日** 青河市召开例会。\n", encoding="utf-8")
    command = [sys.executable, "manage.py", "import_gazette", str(file), "--dry-run", "--json"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert "Traceback" not in said and "BrokenPipe" not in said
