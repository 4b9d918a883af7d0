"""Restoring an archive into an empty portal."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from django.apps.registry import Apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.sql import InsertQuery

from foundation.errors import InvalidInput, StateConflict
from zalantun.safekeeping import archive
from zalantun.safekeeping.backup import AUDIT
from zalantun.safekeeping.tables import Model, columns, label, tables
from zalantun.safekeeping.values import from_json

BATCH = 500
# Rows of a portal that people have used; what migrations put in does not count.
SIGNS_OF_USE = ("organizations_user", "foundation_auditentry", "events_event", "taskboard_tasklist")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    written_at: str
    rows: int
    files: int


def restore_backup(path: Path) -> Restored:
    """Check the whole archive, then bring everything back; only into a portal that holds nothing.

    The tables are brought to the shape that they had when the archive was
    written, filled in one transaction, then brought up to date. Interrupted,
    it leaves an empty database and may be done again.
    """
    with archive.reading(path) as source:
        _require_empty()
        targets = [(app, name) for app, name in source.manifest["migrations"]]
        executor = _migrate_to(targets)
        count = _fill(source, executor.loader.project_state(targets).apps)
        files = sum(_bring_back(source, name) for name in source.names("media"))
        for name in source.names("keys"):
            _bring_back_key(source, name)
        for name in source.names(AUDIT):
            _bring_back_day(source, name)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    return Restored(written_at=source.manifest["written_at"], rows=count, files=files)


def _require_empty() -> None:
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in SIGNS_OF_USE:
            if table not in existing:
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own
            if cursor.fetchone():
                raise StateConflict(
                    "这个门户的数据库中已有数据，备份只能恢复到空的门户；请另设 DATA_DIR 或空的数据库。"
                )


def _migrate_to(targets: list[tuple[str, str]]) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    unknown = [name for app, name in targets if (app, name) not in executor.loader.graph.nodes]
    if unknown:
        raise InvalidInput(f"备份来自更新的版本（{unknown[0]}），请先更新程序再恢复。")
    executor.migrate(targets)
    executor.loader.build_graph()
    return executor


def _fill(source: archive.Reader, apps: Apps) -> int:
    models_by_label = {label(model): model for model in tables(apps)}
    with transaction.atomic(), connection.constraint_checks_disabled():
        for model in models_by_label.values():
            _empty(model)
        count = 0
        for name in source.names("tables"):
            known = models_by_label.get(name.removeprefix("tables/").removesuffix(".jsonl"))
            if known is None:
                raise InvalidInput(f"备份中的 {name} 在本版本中没有对应的表，未恢复任何内容。")
            with source.open(name) as lines:
                count += _load(known, lines)
        connection.check_constraints()
        _set_sequences(list(models_by_label.values()))
    return count


def _empty(model: Model) -> None:
    """What migrations put in comes back with the archive."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own


def _load(model: Model, lines: IO[bytes]) -> int:
    """Insert the rows as they were: no default, no time of now."""
    by_name = {field.attname: field for field in columns(model)}
    fields = [by_name[name] for name in json.loads(lines.readline())]
    count = 0
    for batch in _batches(fields, model, lines):
        query = InsertQuery(model)
        query.insert_values(fields, batch, raw=True)
        query.get_compiler(DEFAULT_DB_ALIAS).execute_sql()
        count += len(batch)
    return count


def _batches(
    fields: "list[models.Field[Any, Any]]", model: Model, lines: IO[bytes]
) -> Iterator[list[models.Model]]:
    size = min(BATCH, connection.ops.bulk_batch_size(fields, [None] * BATCH))
    while batch := [_record(model, fields, json.loads(line)) for line in islice(lines, size)]:
        yield batch


def _record(model: Model, fields: "list[models.Field[Any, Any]]", values: list[Any]) -> models.Model:
    pairs = zip(fields, values, strict=True)
    return model(**{field.attname: from_json(field, value) for field, value in pairs})


def _set_sequences(filled: list[Model]) -> None:
    """The next record gets a number that is free."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)


def _bring_back(source: archive.Reader, name: str) -> int:
    """One file, complete or not at all."""
    folder = Path(cast(FileSystemStorage, default_storage).location)
    path = folder / name.removeprefix("media/")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy(source, name, path)
    return 1


def _bring_back_key(source: archive.Reader, name: str) -> None:
    """The portal's own secret, for sessions and signed links; one in the environment comes first."""
    path = Path(settings.DATA_DIR) / name.removeprefix("keys/")
    if path.parent == Path(settings.DATA_DIR):
        _copy(source, name, path)


def _bring_back_day(source: archive.Reader, name: str) -> None:
    """A file of the audit log."""
    folder = Path(settings.DATA_DIR) / AUDIT
    folder.mkdir(exist_ok=True, mode=0o700)
    _copy(source, name, folder / Path(name).name)


def _copy(source: archive.Reader, name: str, path: Path) -> None:
    draft = path.with_name(f".{path.name}.part")
    with (
        source.open(name) as member,
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
    ):
        shutil.copyfileobj(member, file, archive.PIECE)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
