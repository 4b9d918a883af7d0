"""Reading a gazette into records."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from benchmarks.measuring import Row, Times, in_turn, seconds_of
from gazette.parser import parse_gazette, read_text
from gazette.services import current_vocabulary, import_texts
from gazette.services.imports import GazetteFile
from zalantun.synthetic.cast import Cast
from zalantun.synthetic.wording import actors, bodies, dice_for, story

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
ROUNDS = 3
GENERATED_DAYS = range(1, 32)


def gazette_file() -> GazetteFile:
    """The real gazette where it lies beside the repository, else an invented one."""
    for path in sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else ():
        return GazetteFile(path.name, path.read_bytes())
    return GazetteFile("generated.txt", generated().encode())


def generated() -> str:
    """An invented gazette of two months, three entries a day."""
    dice = dice_for("benchmarks")
    cast = Cast(bodies(), actors(), {}, {})
    lines = ["# 模拟市人民政府公报", ""]
    for month in (7, 8):
        lines += [f"# 2022年{month}月大事记", ""]
        for day in GENERATED_DAYS:
            for n in range(3):
                told = story(dice, cast.actors, cast.bodies)
                lines += [f"{'☆' if n else f'{day}日 '}{told.text}", ""]
    return "\n".join(lines)


def import_rows(file: GazetteFile) -> list[Row]:
    """A first import, and the same file again, beside reading the text alone."""
    vocabulary = current_vocabulary()

    def reading() -> float:
        return seconds_of(lambda: parse_gazette(read_text(file.data), vocabulary))

    first, read = in_turn(lambda: _taken_back(file), reading, ROUNDS)
    records = _write(file)
    again, read_again = in_turn(lambda: seconds_of(lambda: _write(file)), reading, ROUNDS)
    return [
        _row(f"Import of {records:,} records into an empty portal", first, read, records),
        _row("The same file again, nothing changed", again, read_again, records),
    ]


def _row(what: str, ours: Times, beside: Times, records: int) -> Row:
    rate = f"{records / ours.least:,.0f} records/s"
    return Row(
        what, f"{ours.words}, {rate}", f"reading alone {beside.words}", f"{ours.least / beside.least:.1f} ×"
    )


def _taken_back(file: GazetteFile) -> float:
    """The seconds of an import that leaves nothing behind."""
    return _inside_and_back(lambda: _write(file))


def _inside_and_back(action: Callable[[], object]) -> float:
    with transaction.atomic():
        taken = seconds_of(action)
        transaction.set_rollback(True)
    return taken


def _write(file: GazetteFile) -> int:
    """Import; how many entries, documents and tasks were written or looked at."""
    (report,) = import_texts(files=[file], actor=None, at=timezone.now())
    return int(report["created"] + report["updated"] + report["unchanged"] + report["kept"])
