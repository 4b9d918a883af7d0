"""``python -m benchmarks [--write FILE]``: the table; exit status 1 when a bound is missed."""

import argparse
import platform
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

# The first import: it makes the portal that all others work on.
from benchmarks.environment import FOLDER  # isort: skip

from django.utils import timezone

from benchmarks.boards import board_rows
from benchmarks.due import due_rows
from benchmarks.importing import gazette_file, import_rows
from benchmarks.measuring import Row, prepare, table
from benchmarks.on_postgresql import postgresql_rows
from benchmarks.pages import page_rows
from benchmarks.paper import paper_rows
from benchmarks.queries import query_rows
from benchmarks.readings import reading_rows
from benchmarks.searching import search_rows

MONTH = date(2022, 7, 1)


def main() -> int:
    """Measure, print, and say what was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to this file as well")
    options = parser.parse_args()
    print(f"在临时目录 {FOLDER} 中准备……", file=sys.stderr, flush=True)
    prepare()
    rows = list(measure())
    lines = [*table(rows), "", circumstances()]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n")
    missed = [row for row in rows if row.missed]
    for row in missed:
        print(f"未达到界限：{row.what}：{row.missed}（界限 {row.bound}）。", file=sys.stderr)
    return 1 if missed else 0


def measure() -> Iterator[Row]:
    """All rows, each part of them on what the one before has left."""
    file = gazette_file()
    print(f"导入 {file.name}……", file=sys.stderr, flush=True)
    yield from import_rows(file)
    print("打印……", file=sys.stderr, flush=True)
    yield from paper_rows(MONTH)
    print("页面……", file=sys.stderr, flush=True)
    yield from page_rows(MONTH)
    print("查询次数……", file=sys.stderr, flush=True)
    yield from query_rows()
    print("任务清单和督查工作台……", file=sys.stderr, flush=True)
    yield from board_rows()
    print("同一秒到期的消息和报告……", file=sys.stderr, flush=True)
    yield from due_rows()
    print("雨量数据……", file=sys.stderr, flush=True)
    yield from reading_rows()
    print("搜索……", file=sys.stderr, flush=True)
    yield from search_rows()
    print("PostgreSQL……", file=sys.stderr, flush=True)
    yield from postgresql_rows()


def circumstances() -> str:
    """Where and when this was measured."""
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"Measured on {timezone.localdate():%Y-%m-%d} with {system}, SQLite unless named, one web worker."


if __name__ == "__main__":
    sys.exit(main())
