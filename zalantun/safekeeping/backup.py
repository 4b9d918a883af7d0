"""Writing a backup while the portal runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from zalantun.safekeeping import archive
from zalantun.safekeeping.tables import columns, label, rows, tables
from zalantun.safekeeping.values import to_line

# One moment of the whole database, without keeping anybody from writing.
SNAPSHOT = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
# The files of the audit log, a day each.
AUDIT = "audit"
KEY_FILES = ("secret-key", "demo-accounts.txt")


@dataclass(frozen=True, slots=True)
class Summary:
    """What went into an archive."""

    path: Path
    rows: int
    files: int
    bytes: int


def write_backup(path: Path, *, at: datetime) -> Summary:
    """All rows of one moment, then the files that they point at, then the keys.

    Files after rows: a file is on the disk before its row is, and is never
    changed, so each row of the archive has its file there.
    """
    manifest: dict[str, Any] = {"written_at": at.isoformat()}
    with archive.writing(path, manifest) as writer:
        with _snapshot() as connection:
            manifest["vendor"] = connection.vendor
            manifest["migrations"] = _migrations(connection)
            manifest["rows"] = {label(model): _add_table(writer, model, connection) for model in tables()}
        files = sum(_add_file(writer, name, file) for name, file in _media())
        for file in sorted((Path(settings.DATA_DIR) / AUDIT).glob("audit-*")):
            if file.suffix != ".part":
                _add_file(writer, f"{AUDIT}/{file.name}", file)
        for name in KEY_FILES:
            if (file := Path(settings.DATA_DIR) / name).is_file():
                _add_file(writer, f"keys/{name}", file)
    total = sum(manifest["rows"].values())
    return Summary(path=path, rows=total, files=files, bytes=path.stat().st_size)


@contextmanager
def _snapshot() -> Iterator[Any]:
    """A connection of its own that sees the database as it is now until the end of the block."""
    connection = connections.create_connection("default")
    try:
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT[connection.vendor])
            yield connection
            cursor.execute("ROLLBACK")
    finally:
        connection.close()


def _migrations(connection: Any) -> list[list[str]]:
    """The last migration of each application: what the tables look like."""
    loader = MigrationLoader(connection)
    return [list(node) for node in loader.graph.leaf_nodes() if node in loader.applied_migrations]


def _add_table(writer: archive.Writer, model: Any, connection: Any) -> int:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        yield to_line([field.attname for field in columns(model)])
        for row in rows(model, connection):
            count += 1
            yield to_line(row)

    writer.add(f"tables/{label(model)}.jsonl", lines())
    return count


def _media() -> Iterator[tuple[str, Path]]:
    """Finished files; a name with a dot in front is one that is being written."""
    folder = Path(cast(FileSystemStorage, default_storage).location)
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith("."):
            yield f"media/{file.relative_to(folder).as_posix()}", file


def _add_file(writer: archive.Writer, name: str, file: Path) -> int:
    """1 when it was added; 0 when a sweep has taken it meanwhile, which only takes files without a row."""
    try:
        handle = file.open("rb")
    except FileNotFoundError:
        return 0
    with handle:
        writer.add(name, iter(lambda: handle.read(archive.PIECE), b""))
    return 1
