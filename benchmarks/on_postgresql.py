"""The rows that are measured on PostgreSQL as well; as a program it prints them as JSON."""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.measuring import Row

SEARCHED = 100_000
SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def postgresql_rows() -> list[Row]:
    """Everything that is measured there as well."""
    return rows_on_postgresql("all", SEARCHED)


def rows_on_postgresql(part: str, events: int) -> list[Row]:
    """Start a PostgreSQL, measure ``part`` (search, tasks or all) on it in a process of its own, stop it."""
    sys.path.insert(0, str(SCRIPTS))  # a folder of programs and no package
    servers = importlib.import_module("servers")
    with servers.postgresql() as url:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.on_postgresql", part, str(events)],
            env=os.environ | {"BENCH_DATABASE_URL": url},
            stdout=subprocess.PIPE,
            check=True,
        )
    return [Row(**row) for row in json.loads(done.stdout)]


def main(part: str, events: int) -> None:
    """Prepare the database that the environment names, measure, print."""
    from benchmarks.boards import board_rows  # noqa: PLC0415 - after the environment
    from benchmarks.due import due_rows  # noqa: PLC0415
    from benchmarks.measuring import prepare  # noqa: PLC0415
    from benchmarks.readings import reading_rows  # noqa: PLC0415
    from benchmarks.searching import search_rows  # noqa: PLC0415

    prepare()
    rows = [] if part == "tasks" else search_rows(events)
    if part in ("all", "tasks"):
        rows = [*board_rows(), *due_rows(), *rows]
    if part == "all":
        rows = [*reading_rows(), *rows]
    print(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    import benchmarks.environment  # noqa: F401

    main(sys.argv[1], int(sys.argv[2]))
